"""A frozen plan is kept by the worker; whatever changes on its page shows at once, and a known page answers 304."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cdp.communes.models import Commune
from cdp.kernel.clock import today
from cdp.kernel.words import Words
from cdp.people.models import Group
from cdp.programme import services
from cdp.programme.models import PlanVersion
from cdp.programme.rules.votes import Vote
from cdp.proposals.models import Proposal
from cdp.rounds import queries as rounds
from cdp.rounds.states import Phase
from cdp.web.views import plans
from cdp.web.views.plan_figures import TABS
from tests.browser_of_pages import Browser
from tests.factories import actor_of, make_commune, make_group, make_official
from tests.programme.rounds import in_phase_of, make_programming

LANGUAGES = ("ar", "fr", "en")
PLAN = "/fr/kept/2028/plan/"


@pytest.fixture
def plan(db: Session) -> Iterator[PlanVersion]:
    """A plan that is before the council: frozen, so that everybody reads it; its first project is a group's."""
    plans._kept.clear()
    commune = make_commune(db, slug="kept")
    _, proposals, officer = make_programming(db, 400_000, 300_000, commune=commune)
    proposals[0].group_id = make_group(db, commune, name=Words(fr="Groupe Tifawin")).id
    version = services.draft_plan(db, officer, rounds.get(db, proposals[0].round_id))
    services.submit(db, officer, version)
    db.commit()
    with in_phase_of(Phase.COUNCIL):
        yield version


def test_the_next_reader_gets_the_same_page_without_its_rows(browser: Browser, plan: PlanVersion) -> None:
    first = browser.get(PLAN).text
    assert "Groupe Tifawin" in first
    assert len(plans._kept) == 1
    assert browser.get(PLAN).text == first
    assert len(plans._kept) == 1


def test_what_is_kept_is_of_one_language_and_one_view(browser: Browser, plan: PlanVersion) -> None:
    pages = {browser.get(f"/{code}/kept/2028/plan/?view={view}").text for code in LANGUAGES for view in TABS}
    assert len(pages) == len(plans._kept) == 15


@pytest.mark.parametrize("view", TABS)
def test_an_act_shows_at_once(browser: Browser, db: Session, plan: PlanVersion, view: str) -> None:
    before = browser.get(f"{PLAN}?view={view}")
    commune = db.scalars(select(Commune).where(Commune.slug == "kept")).one()
    services.adopt(db, actor_of(db, make_official(db, commune)), db.merge(plan), Vote(today(), 14, 2, 1))
    db.commit()
    after = browser.client.get(f"{PLAN}?view={view}", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "14" in after.text


def test_what_was_frozen_keeps_its_words_when_people_change_theirs(
    browser: Browser, db: Session, plan: PlanVersion
) -> None:
    before = browser.get(PLAN)
    db.scalars(select(Group).where(Group.name == Words(fr="Groupe Tifawin"))).one().name = Words(fr="Groupe Tanirt")
    db.commit()
    after = browser.client.get(PLAN, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 304
    proposal = db.scalars(select(Proposal).order_by(Proposal.id).limit(1)).one()
    before_title = proposal.title.in_("fr")[0]
    proposal.title = Words(fr="Un château d’eau corrigé")
    db.commit()
    page = browser.get(PLAN).text
    assert "Groupe Tifawin" in page
    assert before_title in page
    assert "Un château d’eau corrigé" not in page


def test_a_worker_keeps_few_of_them(browser: Browser, plan: PlanVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "KEPT", 3)
    for view in TABS:
        browser.get(f"{PLAN}?view={view}")
    assert len(plans._kept) == 3
