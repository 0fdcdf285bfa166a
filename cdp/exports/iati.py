"""IATI 2.03 activities: promises as 13, commitments as 11, receipts as 1, spending as 4. Order of elements matters."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET  # nosec B405 (written, never read)

from cdp.exports.money_moves import amount
from cdp.exports.standards import (
    DAC_SECTOR,
    IATI_STATUS,
    MULTISECTOR,
    ORGANISATION_TYPE,
    Dossier,
    commune_ref,
    party_name,
    project_ref,
)
from cdp.funding.rules.units import IN_KIND
from cdp.kernel.money import exponent
from cdp.kernel.words import Words
from cdp.programme.states import ProjectState
from cdp.transparency.sheets import MoveKind, MoveSheet, ProjectSheet

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TYPES: dict[MoveKind, str] = {
    MoveKind.PLEDGED: "13",
    MoveKind.COMMITTED: "11",
    MoveKind.RECEIVED: "1",
    MoveKind.SPENT: "4",
    MoveKind.PAID_DIRECT: "4",
}
"""TransactionType: incoming pledge, incoming commitment, incoming funds, expenditure (disbursement 3 has no case:
nothing is passed on to be spent by somebody else)."""


def iati_file(dossier: Dossier) -> bytes:
    """The commune's projects as an IATI activities file (UTF-8)."""
    root = ET.Element("iati-activities", {"version": "2.03", "generated-datetime": _moment(dossier)})
    for project in dossier.projects:
        _activity(root, dossier, project)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _moment(dossier: Dossier) -> str:
    return dossier.made_at.isoformat(timespec="seconds")


def _activity(root: ET.Element, dossier: Dossier, project: ProjectSheet) -> None:
    commune = dossier.commune
    given = {"default-currency": "MAD", "last-updated-datetime": _moment(dossier), LANG: "fr", "humanitarian": "0"}
    activity = ET.SubElement(root, "iati-activity", given)
    ET.SubElement(activity, "iati-identifier").text = project_ref(commune, project.number)
    _party(activity, "reporting-org", {"ref": commune_ref(commune), "type": "11"}, commune.name)
    _narratives(ET.SubElement(activity, "title"), project.title)
    about = ET.SubElement(activity, "description", {"type": "1"})
    _narratives(about, project.title)
    moves = dossier.of(project.number)
    for (source, _party_of), words in {(move.source, move.party): party_name(move) for move in moves}.items():
        _party(activity, "participating-org", {"role": "1", "type": ORGANISATION_TYPE[source]}, words)
    _party(activity, "participating-org", {"ref": commune_ref(commune), "role": "4", "type": "11"}, commune.name)
    ET.SubElement(activity, "activity-status", {"code": IATI_STATUS[project.state]})
    _days(activity, project)
    ET.SubElement(activity, "recipient-country", {"code": "MA", "percentage": "100"})
    for place in project.places:
        location = ET.SubElement(activity, "location", {"ref": place.code})
        _narratives(ET.SubElement(location, "name"), place.name)
    _sector(activity, dossier, project)
    _budget(activity, project)
    for number, move in enumerate(_money(moves)):
        _transaction(activity, move, number=number)


def _money(moves: Iterable[MoveSheet]) -> list[MoveSheet]:
    return [move for move in moves if move.kind in TYPES and move.unit not in IN_KIND]


def _party(activity: ET.Element, tag: str, given: dict[str, str], words: Words) -> None:
    _narratives(ET.SubElement(activity, tag, given), words)


def _narratives(parent: ET.Element, words: Words) -> None:
    for code, text in words.items():
        ET.SubElement(parent, "narrative", {LANG: code}).text = text


def _days(activity: ET.Element, project: ProjectSheet) -> None:
    """Planned start, and the actual day where the works began or ended."""
    ET.SubElement(activity, "activity-date", {"type": "1", "iso-date": f"{project.start_year}-01-01"})
    actual = {ProjectState.WORKS: "2", ProjectState.DONE: "4"}.get(project.state)
    if actual:
        ET.SubElement(activity, "activity-date", {"type": actual, "iso-date": project.state_since.isoformat()})


def _sector(activity: ET.Element, dossier: Dossier, project: ProjectSheet) -> None:
    code = DAC_SECTOR.get(project.sector, MULTISECTOR)
    sector = ET.SubElement(activity, "sector", {"vocabulary": "1", "code": code, "percentage": "100"})
    _narratives(sector, dossier.sectors.get(project.sector, Words()))


def _budget(activity: ET.Element, project: ProjectSheet) -> None:
    first = f"{project.start_year}-01-01"
    budget = ET.SubElement(activity, "budget", {"type": "1", "status": "1"})
    ET.SubElement(budget, "period-start", {"iso-date": first})
    ET.SubElement(budget, "period-end", {"iso-date": f"{project.start_year}-12-31"})
    value = ET.SubElement(budget, "value", {"currency": "MAD", "value-date": first})
    value.text = project.money.cost.plain()


def _transaction(activity: ET.Element, move: MoveSheet, *, number: int) -> None:
    """One move; what was taken back is negative under the same reference with ``-R``."""
    transaction = ET.SubElement(activity, "transaction", {"ref": f"{move.reference}/{number}"})
    ET.SubElement(transaction, "transaction-type", {"code": TYPES[move.kind]})
    ET.SubElement(transaction, "transaction-date", {"iso-date": move.day.isoformat()})
    value = ET.SubElement(transaction, "value", {"currency": move.unit, "value-date": move.day.isoformat()})
    value.text = f"{amount(move):.{exponent(move.unit)}f}"
    if move.kind is MoveKind.PAID_DIRECT:
        about = ET.SubElement(transaction, "description")
        _narratives(about, Words(fr="Payé directement au fournisseur", en="Paid directly to the supplier"))
    if move.kind is not MoveKind.SPENT:
        given = {"type": ORGANISATION_TYPE[move.source]}
        _party(transaction, "provider-org", given, party_name(move))
