"""An account with its legal basis, a promise that is called, a statement that is brought and partly placed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cdp.cli.demo.scene import Scene
from cdp.communes import queries as communes
from cdp.funding import queries as funding
from cdp.funding.policy import MONEY, MoneyStep
from cdp.funding.queries import banking
from cdp.funding.rules.promises import regular
from cdp.funding.rules.terms import Term
from cdp.funding.rules.units import ITEM
from cdp.funding.services import giving, payees, placing, promises, statements
from cdp.funding.services.giving import Agreed
from cdp.funding.services.payees import Account, Calling
from cdp.funding.services.promises import Promise
from cdp.funding.services.statements import Brought
from cdp.funding.states import Channel, LegalBasis, PayeeKind, TermKind
from cdp.http.context import load_actor
from cdp.people.states import ShownAs

OPENED = date(2023, 3, 1)
STATEMENT = date(2027, 4, 9)
RIB = "001810007800020110620318"
"""A number whose key fits; the account is invented."""

OPENING = 184_350
"""Dirhams of the invented account before the statement."""


@dataclass
class Bank:
    """The commune's account at its percepteur, as the treasurer keeps it."""

    scene: Scene

    def plan(self) -> None:
        """Everything on its day."""
        self.scene.on(OPENED, self._account)
        self.scene.on(STATEMENT - timedelta(days=20), self._call)
        self.scene.on(STATEMENT, self._statement)
        self.scene.on(STATEMENT, self._under_a_condition)

    def _account(self) -> None:
        given = Account(
            kind=PayeeKind.PUBLIC_ACCOUNTANT,
            holder="Percepteur de Tizi n'Ouzgar (invente)",
            holder_ar="قابض تيزي نوزكار (مخترع)",
            number=RIB,
            bank="Trésorerie (inventée)",
            currency="MAD",
            basis=LegalBasis.DELIBERATION,
            basis_reference="Délibération 4/2023 (inventée)",
            basis_on=OPENED - timedelta(days=20),
            valid_from=OPENED,
            channels=(Channel.TRANSFER, Channel.TRANSFER_FROM_ABROAD, Channel.CASH_AT_TREASURY, Channel.CONSULATE),
        )
        commune = communes.find(self.scene.db, "tizi-nouzgar")
        payees.enter_account(self.scene.db, self.scene.office("treasurer"), commune, given, key="demo:account")

    def _open(self) -> list[banking.Named]:
        found = banking.named(self.scene.db, self.scene.commune_id, unit="MAD")
        return sorted(found.values(), key=lambda each: each.id)

    def _call(self) -> None:
        """The newest promises in dirhams are called."""
        db, treasurer = self.scene.db, self.scene.office("treasurer")
        (account,) = banking.accounts(db, self.scene.commune_id)
        for each in self._open()[-2:]:
            pledge = funding.find_pledge(db, self.scene.commune_id, each.id)
            calling = Calling(account, STATEMENT + timedelta(days=40))
            payees.call(db, treasurer, pledge, calling, key=f"demo:call:{each.id}")

    def _under_a_condition(self) -> None:
        """A group that has promised promises more: in three parts, if the whole cost comes together; and cement,
        of which half has its day."""
        db = self.scene.db
        for each in self._open():
            pledge = funding.find_pledge(db, self.scene.commune_id, each.id)
            actor = load_actor(db, pledge.person_id)
            if pledge.group_id is None or not MONEY[MoneyStep.PLEDGE](actor, pledge.project):
                continue
            common: dict[str, Any] = {"until": STATEMENT + timedelta(days=365), "shown_as": ShownAs.FULL}
            common |= {"group_id": pledge.group_id}
            parts = regular(900_000, 3, first=STATEMENT + timedelta(days=30), months=1)
            term = Term(TermKind.TOTAL_REACHED, at_least=pledge.project.cost_minor)
            money = Promise("MAD", 900_000, **common, term=term, instalments=parts)
            goods = Promise(ITEM, 40, **common, note="Sacs de ciment (inventés)")
            for promise in (money, goods):
                made = promises.pledge(db, actor, pledge.project, promise, key=f"demo:more:{promise.unit}")
            half = Agreed(STATEMENT + timedelta(days=11), 20, "Dépôt du chantier (inventé)")
            giving.agree(db, actor, made, half, key="demo:cement")
            return

    def _statement(self) -> None:
        """A line with its reference, one with a name alone, one nobody knows, and the bank's charge."""
        db, treasurer = self.scene.db, self.scene.office("treasurer")
        (account,) = banking.accounts(db, self.scene.commune_id)
        promised = self._open()
        day = (STATEMENT - timedelta(days=3)).strftime("%d/%m/%Y")
        rows = ["Date;Libellé;Donneur d'ordre;Montant;Devise"]
        if promised:
            last, first = promised[-1], promised[0]
            half = last.open_minor // 200
            rows.append(f"{day};VIR RECU {last.reference} TRAVAUX;{last.giver};{half},00;MAD")
            rows.append(f"{day};VIREMENT RECU;{first.giver};{first.open_minor // 100},00;MAD")
        rows += [f"{day};VERSEMENT ESPECES SANS REFERENCE;;750,00;MAD", f"{day};FRAIS DE TENUE DE COMPTE;;-22,00;MAD"]
        came = sum(int(row.split(";")[3].partition(",")[0]) for row in rows[1:])
        rows.insert(0, f"Solde en début de période;;;{OPENING},00;MAD")
        rows.append(f"Solde en fin de période;;;{OPENING + came},00;MAD")
        file = Brought("releve-avril.csv", "\n".join(rows).encode())
        statements.bring(db, treasurer, account, file)
        placing.place_decided(db, treasurer, self.scene.commune_id, key="demo")
        for waits in banking.waiting(db, self.scene.commune_id).rows:
            if waits.line.amount_minor < 0:
                placing.set_aside(db, treasurer, waits.line, "Frais de la banque, à la charge de la commune")
