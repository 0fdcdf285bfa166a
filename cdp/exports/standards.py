"""What the standards of open aid data share: identifiers, and how our words are said in their code lists."""

from dataclasses import dataclass, field
from datetime import datetime

from cdp.funding.rules.sheet import SourceRow
from cdp.kernel.words import Words
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source
from cdp.transparency.sheets import CommuneSheet, MoveSheet, ProjectSheet

PREFIX = "MA-CDP"
"""Our own prefix: org-id.guide has no list of Moroccan communes; the code after it is that of HCP."""

SOURCES: dict[Source, Words] = {
    Source.OWN: Words(fr="Budget de la commune", ar="ميزانية الجماعة", en="The commune's own budget"),
    Source.LOAN: Words(fr="Emprunt", ar="قرض", en="Loan"),
    Source.INDH: Words(fr="INDH", ar="المبادرة الوطنية للتنمية البشرية", en="INDH"),
    Source.PROVINCE: Words(fr="Province", ar="الإقليم", en="Province"),
    Source.REGION: Words(fr="Région", ar="الجهة", en="Region"),
    Source.MINISTRY: Words(fr="Ministère", ar="وزارة", en="Ministry"),
    Source.AGENCY: Words(fr="Agence publique", ar="وكالة عمومية", en="Public agency"),
    Source.NGO: Words(fr="ONG", ar="منظمة غير حكومية", en="NGO"),
    Source.COOPERATION: Words(fr="Coopération internationale", ar="التعاون الدولي", en="International cooperation"),
    Source.ASSOCIATION: Words(fr="Associations", ar="الجمعيات", en="Associations"),
    Source.BENEFICIARIES: Words(fr="Bénéficiaires", ar="المستفيدون", en="Beneficiaries"),
    Source.DIASPORA: Words(fr="Diaspora (total)", ar="الجالية (مجموع)", en="Diaspora (all together)"),
}
"""Names of sources in files that are not made in a page's language; people stand there all together."""


@dataclass(frozen=True)
class Dossier:
    """Everything an export says of a commune: itself, its projects, the moves of their money, when it was made."""

    commune: CommuneSheet
    projects: tuple[ProjectSheet, ...]
    moves: tuple[MoveSheet, ...]
    made_at: datetime
    address: str = ""
    sectors: dict[str, Words] = field(default_factory=dict)

    def of(self, number: str) -> list[MoveSheet]:
        """The moves of one project."""
        return [move for move in self.moves if move.number == number]


def commune_ref(commune: CommuneSheet) -> str:
    """Identifier of a commune: our prefix and its HCP code."""
    return f"{PREFIX}-{commune.code}"


def project_ref(commune: CommuneSheet, number: str) -> str:
    """Identifier of a project: the commune's and its number for life."""
    return f"{commune_ref(commune)}-{number}"


def party_name(row: SourceRow | MoveSheet) -> Words:
    """What a source is called: its party's own names, or the kind of source."""
    return row.name or SOURCES[row.source]


IATI_STATUS: dict[ProjectState, str] = {
    ProjectState.PROGRAMMED: "1",
    ProjectState.STUDY: "1",
    ProjectState.TENDER: "1",
    ProjectState.WORKS: "2",
    ProjectState.DONE: "4",
    ProjectState.DROPPED: "5",
}
"""ActivityStatus of IATI: pipeline, implementation, closed, cancelled."""

OC4IDS_STATUS: dict[ProjectState, str] = {
    ProjectState.PROGRAMMED: "identification",
    ProjectState.STUDY: "preparation",
    ProjectState.TENDER: "preparation",
    ProjectState.WORKS: "implementation",
    ProjectState.DONE: "completion",
    ProjectState.DROPPED: "cancelled",
}

ORGANISATION_TYPE: dict[Source, str] = {
    Source.OWN: "11",
    Source.LOAN: "15",
    Source.INDH: "10",
    Source.PROVINCE: "11",
    Source.REGION: "11",
    Source.MINISTRY: "10",
    Source.AGENCY: "15",
    Source.NGO: "22",
    Source.COOPERATION: "10",
    Source.ASSOCIATION: "24",
    Source.BENEFICIARIES: "90",
    Source.DIASPORA: "90",
}
"""OrganisationType of IATI."""

DAC_SECTOR: dict[str, str] = {
    "water": "14030",
    "sanitation": "14050",
    "roads": "21020",
    "irrigation": "14015",
    "education": "11220",
    "health": "12220",
    "energy": "23110",
    "livelihoods": "43040",
    "youth_culture": "16061",
}
"""Purpose codes of the DAC for fields of action that have one; all others are multisector."""

MULTISECTOR = "43010"
