"""The territory and its people: communes, persons with and without e-mail, mandates, groups."""

from collections.abc import Callable
from datetime import date
from typing import Any

from cdp.cli.communes import localities_of, reference
from cdp.cli.demo.scene import SEEDS, Scene, read, words
from cdp.communes import queries as communes
from cdp.communes import services as territory
from cdp.communes.rules import CommuneRow
from cdp.communes.services import Opening
from cdp.communes.states import CommuneKind
from cdp.people.actor import CLOCK
from cdp.people.queries import find
from cdp.people.queries.groups import find as find_group
from cdp.people.rules import GroupDraft, PersonDraft, Profile
from cdp.people.services import groups, mandates, persons
from cdp.people.services.mandates import Term
from cdp.people.states import GroupKind, Role, ShownAs, Tie

FIRST_DAY = date(2021, 9, 24)
"""The day on which the demonstration's story begins: the council takes office."""

PEOPLE_DAY = date(2022, 1, 11)
GROUPS_DAY = date(2022, 2, 7)
PAPERS_DAY = date(2026, 12, 1)
SECOND_DAY = date(2026, 11, 2)


def territory_of(scene: Scene) -> None:
    """All communes of the reference, and the two invented ones with their douars."""
    areas, rows = reference()
    territory.take_areas(scene.db, areas)
    territory.take_communes(scene.db, rows)
    for given in read("commune")["commune"]:
        row = CommuneRow(
            code=given["code"],
            slug=given["slug"],
            name=words(given["name"]),
            kind=CommuneKind(given["kind"]),
            province_code=given["province_code"],
            cercle=words(given["cercle"]),
            population_2014=given["population_2014"],
            population_2024=given["population_2024"],
        )
        territory.take_communes(scene.db, [row])
        commune = communes.by_code(scene.db, row.code)
        commune.is_invented = True
        opening = Opening(
            letters=given["letters"],
            council_size=given["council_size"],
            summer_population=given.get("population_summer"),
            controller=words(given["controller"]),
            cndp_receipt=given["cndp_receipt"],
            contact=given["controller_email"],
        )
        territory.open_office(scene.db, CLOCK, commune, opening)
        data = (SEEDS / given["localities"]).read_bytes()
        rows_of_places, _bad = localities_of(data)
        territory.take_localities(scene.db, CLOCK, commune, rows_of_places)
        _know_places(scene, commune.id, data)
        if not scene.commune_id:
            scene.commune_id = commune.id


def _know_places(scene: Scene, commune_id: int, data: bytes) -> None:
    """Numbers of douars by the keys of the seeds."""
    numbers = {place.code: place.id for place in communes.places(scene.db, commune_id)}
    head, *lines = data.decode("utf-8").splitlines()
    columns = head.split(",")
    code, key = columns.index("code"), columns.index("key")
    for line in lines:
        parts = line.split(",")
        scene.places[parts[key]] = numbers[parts[code]]


def people_of(scene: Scene) -> None:
    """Two hundred persons: those with e-mail first, because a facilitator enters the others."""
    people = read("people")["person"]
    with_mail = [p for p in people if "email" in p]
    scene.on(FIRST_DAY, _each(_invite, scene, [p for p in with_mail if p.get("mandates")]))
    scene.on(PEOPLE_DAY, _each(_invite, scene, [p for p in with_mail if not p.get("mandates")]))
    for person in with_mail:
        for mandate in person.get("mandates", []):
            scene.on(max(mandate["since"], FIRST_DAY), _giving(scene, person["key"], mandate))
    without = [p for p in people if "email" not in p]
    scene.on(PEOPLE_DAY, _each(_enter, scene, without))
    for person in without:
        for mandate in person.get("mandates", []):
            scene.on(max(mandate["since"], PEOPLE_DAY), _giving(scene, person["key"], mandate))


def second_commune(scene: Scene) -> None:
    """The office of the second commune: people of its own, no round yet."""
    commune = communes.by_code(scene.db, read("commune")["commune"][1]["code"])
    there = Scene(scene.db, scene.files, commune_id=commune.id, places=scene.places, todo=scene.todo)
    for person in read("second")["person"]:
        there.on(SECOND_DAY, _each(_invite, there, [person]))
        for mandate in person["mandates"]:
            there.on(max(mandate["since"], SECOND_DAY), _giving(there, person["key"], mandate))


def _each(act: Callable[[Scene, dict[str, Any]], None], scene: Scene, people: list[dict[str, Any]]) -> Any:
    """The same act for all of these people."""

    def acts() -> None:
        for person in people:
            act(scene, person)

    return acts


def _invite(scene: Scene, given: dict[str, Any]) -> None:
    made = persons.invite(scene.db, email=given["email"], name=given["name"], language=given["language"])
    scene.persons[given["key"]] = made.id
    actor = scene.actor(given["key"])
    profile = Profile(
        name=given["name"],
        name_ar=given["name_ar"],
        shown_as=ShownAs(given["shown_as"]),
        language=given["language"],
        city=given.get("city", ""),
        wants_news=False,
    )
    persons.describe(scene.db, actor, profile)
    for tie in given["ties"]:
        belonging = persons.tie(
            scene.db,
            actor,
            scene.commune_id,
            kind=Tie(tie["kind"]),
            locality_id=scene.places.get(tie.get("locality", "")),
            since=date(min(tie["since"], FIRST_DAY.year), 1, 1),
        )
        if "until" in tie:
            belonging.until = date(tie["until"], 12, 31)


def _enter(scene: Scene, given: dict[str, Any]) -> None:
    draft = PersonDraft(
        name=given["name"],
        language=given["language"],
        locality_id=scene.places.get(given.get("locality", "")),
        shown_as=ShownAs(given["shown_as"]),
        tie=Tie(given["ties"][0]["kind"]),
    )
    made = persons.enter(scene.db, scene.office("facilitator"), scene.commune_id, draft, key=f"demo:{given['key']}")
    made.name_ar, made.city = given["name_ar"], given.get("city", "")
    scene.persons[given["key"]] = made.id


def _giving(scene: Scene, key: str, given: dict[str, Any]) -> Any:
    def act() -> None:
        term = Term(Role(given["role"]), given["since"], given.get("until"))
        mandates.give(scene.db, CLOCK, scene.commune_id, person_id=scene.persons[key], term=term)
        scene.offices.setdefault(given["role"], key)

    return act


def groups_of(scene: Scene) -> None:
    """Twenty-five groups, each entered by a member and made to stand by a second; papers seen by the office."""
    for person in read("people")["person"]:
        for group in person["groups"]:
            scene.members.setdefault(group, []).append(person["key"])
    for given in read("groups")["group"]:
        day = date(given["year"], 6, 1) if given["year"] > GROUPS_DAY.year else GROUPS_DAY
        scene.on(min(day, PAPERS_DAY), _founding(scene, given, scene.members[given["key"]]))
        scene.on(PAPERS_DAY, _seeing_papers(scene, given))


def _draft(scene: Scene, given: dict[str, Any], *, board: date | None) -> GroupDraft:
    registered = given["registered"]
    return GroupDraft(
        kind=GroupKind(given["kind"]),
        name=words(given["name"]),
        locality_id=scene.places.get(given.get("locality", "")),
        city=given.get("city", ""),
        is_registered=registered,
        receipt_number=given.get("receipt", "") if registered else "",
        board_date=board if registered else None,
        valid_until=given.get("valid_until") if registered else None,
        vouched_by=_vouchers(scene, given),
    )


def _vouchers(scene: Scene, given: dict[str, Any]) -> str:
    return ", ".join(find(scene.db, scene.persons[key]).name for key in given.get("vouched_by", []))


def _founding(scene: Scene, given: dict[str, Any], keys: list[str]) -> Any:
    def act() -> None:
        key = given["key"]
        first = given.get("answers", keys[0])
        others = [each for each in keys if each != first]
        group, code = groups.enter(
            scene.db,
            scene.actor(first),
            scene.commune_id,
            _draft(scene, given, board=date(2021, 6, 1)),
            key=f"demo:{key}",
        )
        scene.groups[key] = group.id
        for other in others:
            groups.join(scene.db, scene.actor(other), group, code=code)
            groups.let_act(scene.db, scene.actor(first), group, scene.persons[other])
            code = groups.invite(scene.db, scene.actor(first), group)

    return act


def _seeing_papers(scene: Scene, given: dict[str, Any]) -> Any:
    def act() -> None:
        until = given.get("valid_until")
        if until is not None and until < PAPERS_DAY:
            return
        group = find_group(scene.db, scene.commune_id, scene.groups[given["key"]])
        groups.check(scene.db, scene.office("officer"), group, _draft(scene, given, board=given.get("board_day")))

    return act
