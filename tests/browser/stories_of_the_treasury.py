"""The treasury in a real browser: a statement matched, shared out, undone; a supplier paid by two, and by a funder."""

from collections.abc import Callable
from datetime import date

from cdp.funding import queries
from cdp.funding.services import payees, treasury
from cdp.funding.services.treasury import Payment, Signed
from cdp.rounds.states import Source
from tests.browser.house import House
from tests.browser.visitor import Visitor
from tests.funding.money_scene import Scene, make_scene, pledged
from tests.funding.test_statement_services import account, sheet

Build = Callable[..., House]
Visit = Callable[[House], Visitor]
DAY = date(2027, 4, 12)
BANK = "/tirsal/treasury/bank/"


def _housed(new_house: Build) -> House:
    house = new_house()
    house.live_on(DAY)
    return house


def _waiting(visitor: Visitor, words: str) -> str:
    """What stands on the card of a line of the bank."""
    return visitor.reads(f"li.card:has-text('{words}')")


def walk_16_a_statement_is_brought_matched_shared_out_and_undone(new_house: Build, visit: Visit) -> None:
    house = _housed(new_house)
    with house.db() as db:
        scene = make_scene(db)
        payees.enter_account(db, scene.treasurer, scene.commune, account(), key="a")
        decides, _suggested, one, two = (
            pledged(db, scene, key=f"p{sum_}", unit="MAD", amount=sum_) for sum_ in (100_000, 51_000, 30_000, 42_000)
        )
        db.commit()
        file = sheet(
            f"02/04/2027;VIREMENT {decides.reference} PUITS;1 000,00;MAD",
            "03/04/2027;VERSEMENT SALMA BENALI;510,00;MAD",
            "04/04/2027;ESPECES GUICHET;720,00;MAD",
        )
    visitor = visit(house)
    visitor.is_now(scene.treasurer.person_id)
    visitor.opens(f"{BANK}bring")
    visitor.main.locator('input[type="file"]').set_input_files(
        {"name": "avril.csv", "mimeType": "text/csv", "buffer": file}
    )
    visitor.presses("Read and keep")
    visitor.sees("its reference")
    visitor.presses("Book the lines whose reference decides (%(n)s)", n=1)
    visitor.misses("its reference")
    card = visitor.main.locator("li.card", has_text="SALMA BENALI")
    assert visitor.says("the same amount") in card.inner_text()
    card.get_by_role("button", name=visitor.says("Yes, book it")).first.click()
    visitor.looks()
    assert visitor.main.locator("li.card", has_text="SALMA BENALI").count() == 0
    visitor.follows("Share it out by hand")
    for number, promise, sum_ in ((1, one, "300"), (2, two, "420")):
        visitor.main.locator(f'[name="place_{number}"]').select_option(f"promise:{promise.id}")
        visitor.main.locator(f'[name="amount_{number}"]').fill(sum_)
    visitor.presses("Enter into the books")
    visitor.sees("Nothing waits")
    assert "2 230" in visitor.reads("section:has(h2)")
    visitor.follows("Booked lines and statements")
    visitor.main.locator("li.card", has_text="SALMA BENALI").get_by_role("link").click()
    visitor.writes("Why is it taken back?", "Another Salma")
    visitor.presses("Undo this line")
    assert "510" in _waiting(visitor, "SALMA BENALI")
    visitor.opens(f"/tirsal/treasury/projects/{scene.project.number}")
    promises = visitor.reads("section:has-text('RF')")
    assert promises.count(visitor.says("PledgeStatus.fulfilled")) == 3
    assert promises.count(visitor.says("PledgeStatus.promised")) == 1


def _signed(house: House) -> Scene:
    """The province signed 500,000 dirhams and sent 300,000."""
    with house.db() as db:
        scene = make_scene(db)
        signed = Signed(Source.PROVINCE, "Partenaire (inventé)", 50_000_000, date(2027, 3, 3), "C7")
        treasury.sign(db, scene.treasurer, scene.project, signed, key="s")
        (line,) = queries.lines_of(db, scene.project.id)
        treasury.receive(db, scene.treasurer, line, Payment(30_000_000, date(2027, 3, 9), "OV 1"), key="r")
        db.commit()
    return scene


def _engages(visitor: Visitor, amount: str, paper: str) -> None:
    visitor.follows("Engage a spending")
    visitor.writes("Supplier", "Forages (inventé)")
    visitor.writes("For what? In a few words", f"Le forage {paper}")
    visitor.writes("Number of the order or invoice", paper)
    visitor.writes("Amount in dirhams", amount)


def _step(visitor: Visitor, title: str, paper: str) -> None:
    visitor.follows(title)
    visitor.writes("Number of the paper", paper)
    visitor.presses(title)


def walk_17_a_supplier_is_paid_by_two_persons_and_by_the_funder_itself(new_house: Build, visit: Visit) -> None:
    house = _housed(new_house)
    scene = _signed(house)
    visitor = visit(house)
    board = f"/tirsal/treasury/projects/{scene.project.number}/spending/"
    visitor.is_now(scene.officer.person_id)
    visitor.opens(board)
    _engages(visitor, "100000", "F 1")
    visitor.presses("Engage a spending")
    _engages(visitor, "150000", "F 2")
    visitor.ticks("The funder pays the supplier directly")
    visitor.presses("Engage a spending")
    for _each in range(2):
        _step(visitor, "Certify the service", "PV 1")
    _step(visitor, "Order the payment", "OP 1")
    visitor.sees("funding.second_person_is_the_first")
    visitor.is_now(scene.president.person_id)
    visitor.opens(board)
    for _each in range(2):
        _step(visitor, "Order the payment", "OP 1")
    visitor.is_now(scene.treasurer.person_id)
    visitor.opens(board)
    for _each in range(2):
        _step(visitor, "Enter the payment", "VIR 1")
    visitor.misses("Enter the payment")
    visitor.is_now(None)
    visitor.opens(f"/tirsal/accounts/projects/{scene.project.number}/spent")
    visitor.sees("paid directly by the funder")
    assert visitor.reads("ul.list").count("Partenaire (inventé)") == 2
    assert "150 000" in visitor.reads()


STORIES = (
    walk_16_a_statement_is_brought_matched_shared_out_and_undone,
    walk_17_a_supplier_is_paid_by_two_persons_and_by_the_funder_itself,
)
