"""A treasurer's days: receipts at the end of each year, a late partner and one that fails, spendings on their way."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cdp.cli.demo.bank import STATEMENT
from cdp.cli.demo.scene import Scene
from cdp.funding import queries as funding
from cdp.funding.queries import banking, desk
from cdp.funding.queries import partners as reads
from cdp.funding.queries import receipts as issued
from cdp.funding.rules.match_funding import MatchRule, Sponsor
from cdp.funding.rules.terms import Term
from cdp.funding.rules.unlocking import partners_of
from cdp.funding.services import agreed, partners, receipts, shares, spending
from cdp.funding.services.agreed import InPrinciple
from cdp.funding.services.partners import Amendment
from cdp.funding.services.spending import Engagement
from cdp.funding.states import PartnerAct, TermKind
from cdp.kernel.clock import today
from cdp.kernel.money import Money
from cdp.programme.queries import share_rules
from cdp.programme.rules.share_rules import RuleSet
from cdp.programme.states import ProjectState
from cdp.rounds.states import Source

RULES = ("indh_70_30", "dar_1_3", "3x1", "pager")
YEARS = (2023, 2024, 2025, 2026)
SPENDINGS = (
    ("Tuyaux et raccords", 1_800_000, 0),
    ("Main-d'œuvre de pose", 2_400_000, 1),
    ("Location d'un compacteur", 950_000, 2),
)
"""What is bought, for how many centimes, and how many steps were taken since it was engaged."""


@dataclass
class Treasury:
    """What the treasurer, the officer and the president did of late."""

    scene: Scene

    def plan(self) -> None:
        """Everything on its day."""
        for year in YEARS:
            self.scene.on(date(year, 12, 29), self._receipts)
        self.scene.on(STATEMENT, self._partners)
        self.scene.on(STATEMENT, self._rules)
        self.scene.on(STATEMENT, self._spending)
        self.scene.on(STATEMENT, self._direct)

    def _receipts(self) -> None:
        """Each giver gets the receipts of the year; institutions have asked for none."""
        db, treasurer = self.scene.db, self.scene.office("treasurer")
        (account,) = banking.accounts(db, self.scene.commune_id)
        for entry, _payee in issued.without_receipt(db, self.scene.commune_id):
            if entry.pledge_id is not None:
                receipts.issue(db, treasurer, entry, account)

    def _agreements(self, source: Source) -> list[tuple[Any, Any]]:
        db, commune_id = self.scene.db, self.scene.commune_id
        rows = desk.agreements(db, commune_id, size=500).rows
        return [reads.find(db, commune_id, row.id)[:2] for row in rows if row.source is source]

    def _partners(self) -> None:
        """The province has its visa and is late with an instalment; an association abroad has said that it fails."""
        db, treasurer = self.scene.db, self.scene.office("treasurer")
        for agreement, _line in self._agreements(Source.PROVINCE):
            visa = agreement.signed_on + timedelta(days=25)
            partners.say(db, treasurer, agreement, PartnerAct.VISA, day=visa, words="Visa 118 (inventé)")
            half = agreement.amount_minor // 2
            dues = [(visa + timedelta(days=20), half), (visa + timedelta(days=400), agreement.amount_minor - half)]
            partners.schedule(db, treasurer, agreement, dues)
        for agreement, _line in self._agreements(Source.NGO)[:1]:
            partners.say(
                db,
                treasurer,
                agreement,
                PartnerAct.DEFAULT,
                day=today() - timedelta(days=40),
                words="Lettre : le bailleur s'est retiré (inventé)",
            )

    def _rules(self) -> None:
        """A share rule that a running project's plan keeps, a sponsor, a promise in principle, an amendment."""
        db, treasurer = self.scene.db, self.scene.office("treasurer")
        known = share_rules.on(db, self.scene.commune_id, today())
        said: dict[str, Any] = {"since": today(), "reason": "Convention de l'année (inventée)"}
        running = [p for p in funding.projects_to_fund(db, self.scene.commune_id) if p.state is not ProjectState.DONE]
        for project in running:
            kept = [known[key] for key in RULES if self._keeps(project, known[key])]
            if kept:
                key = f"demo:{project.number}"
                shares.choose_shares(db, treasurer, project, kept[0], **said, key=f"{key}:shares")
                adds = MatchRule(1, 2, 2_000_000, sources=frozenset({Source.DIASPORA.value}))
                sponsor = Sponsor(Source.REGION.value, "Conseil régional", adds)
                shares.choose_match(db, treasurer, project, sponsor, **said, key=f"{key}:match")
                break
        sought = {project: funding.money_sheet(db, project, today()).sought for project in running}
        for project in [project for project, sum_ in sought.items() if sum_ > Money(1_000_000)][:1]:
            whole = Term(TermKind.TOTAL_REACHED, at_least=project.cost_minor)
            given = InPrinciple(Source.NGO, "Eau et Terre (inventée)", 1_000_000, "Lettre 88 (inventée)", whole)
            agreed.agree(db, treasurer, project, given, key=f"demo:{project.number}:agreed")
        for agreement, _line in self._agreements(Source.INDH)[:1]:
            more = Amendment(agreement.amount_minor + 500_000, "Avenant 1", today(), "Prix du ciment (inventé)")
            partners.amend(db, treasurer, agreement, more, key="demo:amendment")

    def _keeps(self, project: Any, rule: RuleSet) -> bool:
        """Whether a project's plan keeps a rule, and has a partner whom the rule is about."""
        db = self.scene.db
        plan = {source.value for source in funding.planned(db, [project.id]).get(project.id, {})}
        named = {name for share in partners_of(rule) for name in share.sources}
        return bool(plan & named) and not shares.plan_problems(db, project, rule)

    def _spending(self) -> None:
        """Three spendings out of what lies in the pots: engaged, done, ordered."""
        db, office = self.scene.db, self.scene.office
        lines = self._with_money()
        for position, (what, amount, steps) in enumerate(SPENDINGS[: len(lines)]):
            line = funding.find_line(db, self.scene.commune_id, lines[position])
            given = Engagement(
                "Atlas Fournitures (inventé)", what, f"BC {31 + position}/2027", amount, today() - timedelta(days=9)
            )
            made = spending.engage(db, office("treasurer"), line, given, key=f"demo:spending:{position}")
            if steps > 0:
                spending.certify(db, office("officer"), made, f"PV {12 + position}/2027", today() - timedelta(days=4))
            if steps > 1:
                spending.mandate(db, office("president"), made, f"OP {40 + position}/2027", today())

    def _with_money(self) -> list[int]:
        """Lines in which enough lies for any of these spendings."""
        db, commune_id = self.scene.db, self.scene.commune_id
        found = []
        for project in funding.projects_to_fund(db, commune_id):
            rows = funding.money_sheet(db, project, today()).rows
            rich = {(row.source, row.party) for row in rows if row.received - row.spent > Money(5_000_000)}
            own = [line.id for line in funding.lines_of(db, project.id) if (line.source, line.party) in rich]
            found += own[:1]
        return found

    def _direct(self) -> None:
        """The operator pays a supplier itself out of what it committed."""
        db, office = self.scene.db, self.scene.office
        for agreement, line in self._agreements(Source.AGENCY):
            project = next(p for p in funding.projects_to_fund(db, self.scene.commune_id) if p.id == line.project_id)
            rows = funding.money_sheet(db, project, today()).rows
            if not any(row.party == line.party and row.committed > Money(10_000_000) for row in rows):
                continue
            held = funding.find_line(db, self.scene.commune_id, line.id)
            day = max(agreement.signed_on, today() - timedelta(days=12))
            given = Engagement(
                "Pompes du Sud (inventé)", "Pompe immergée et armoire", "F 88/2027", 8_500_000, day, is_direct=True
            )
            made = spending.engage(db, office("officer"), held, given, key="demo:direct")
            spending.certify(db, office("officer"), made, "PV 21/2027", today())
            spending.mandate(db, office("president"), made, "OP 51/2027", today())
            spending.pay(db, office("treasurer"), made, "Avis de virement de l'opérateur", today())
            return
