from hypothesis import given
from hypothesis import strategies as st

from cdp.kernel.words import Words
from cdp.people.states import CapacityKind, GroupKind, Tie
from cdp.proposals.rules.drafts import Beneficiaries, Draft, WritingStep, draft_problems
from cdp.proposals.rules.folding import fold, tokens
from cdp.proposals.rules.likeness import ALIKE, Wording, likeness, nearest
from cdp.proposals.rules.proposers import proposer_kind
from cdp.proposals.rules.search import asked, beginnings, search_text
from cdp.proposals.states import LIFE, PUBLIC, ProposalState, Step
from cdp.rounds.states import ProposerKind

TEXTS = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60)
VOCABULARY = ["eau", "piste", "pont", "collège", "école", "oued", "ماء", "طريق", "قنطرة", "مدرسة", "بئر", "الدوار"]
PHRASES = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
WORDINGS = st.builds(
    lambda ar, fr, need, sector, places: Wording(Words(ar=ar, fr=fr), Words(fr=need), sector, frozenset(places)),
    PHRASES,
    PHRASES,
    PHRASES,
    st.sampled_from(["water", "roads"]),
    st.sets(st.integers(1, 4), max_size=3),
)


@given(TEXTS)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_letter_forms_vowel_signs_digits_and_the_article_do_not_hinder_a_search() -> None:
    assert fold("إعداديةٌ أُخرى") == fold("اعداديه اخري")
    assert fold("École d’Été ١٢") == "ecole d’ete 12"
    assert tokens("بالمسالك والطرق وللماء") == ["مسالك", "طرق", "ماء"]


def test_a_search_asks_for_the_beginning_of_the_stem() -> None:
    assert beginnings("pistes") == ("pist",)
    assert asked("  ") == []
    assert len(asked("mot " * 40)) == 8


def test_the_searched_text_holds_the_round_the_number_and_each_word_once() -> None:
    text = search_text(7, "TZ-2028-031", [Words(fr="Eau, eau !", ar="الماء"), Words(fr="De l’eau")])
    assert text.split() == ["zr7", "tz", "2028", "031", "ماء", "eau", "de", "l"]


@given(WORDINGS, WORDINGS)
def test_likeness_is_the_same_both_ways_and_between_0_and_1(one: Wording, other: Wording) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1


@given(WORDINGS)
def test_what_is_the_same_is_alike(one: Wording) -> None:
    if any(word not in "في من على" for text in one.title.values() for word in text.split()):
        assert likeness(one, one) >= ALIKE


def test_the_same_wish_in_other_words_is_found_and_another_is_not() -> None:
    bridge = Wording(Words(fr="Passerelle sur l’oued pour le collège"), Words(), "roads", frozenset({1}))
    same = Wording(Words(fr="Une passerelle pour aller au collège"), Words(), "roads", frozenset({1}))
    well = Wording(Words(fr="Pompe solaire du forage"), Words(), "roads", frozenset({1}))
    arabic = Wording(Words(ar="ممر فوق الوادي نحو الإعدادية"), Words(), "roads", frozenset({1}))
    elsewhere = Wording(same.title, Words(), "water", frozenset({2}))
    assert nearest(bridge, [(1, same), (2, well), (3, elsewhere)]) == [(1, likeness(bridge, same))]
    assert likeness(bridge, arabic) >= ALIKE, "same douar, same field of action, other language"


PLACES, SECTORS = (1, 2), ("water",)
WHOLE = Draft(title=Words(fr="Un puits"), need=Words(ar="الماء"), sector="water", people=Beneficiaries(women=10))


def problems(draft: Draft, **over: WritingStep) -> list[str]:
    return [str(p.message) for p in draft_problems(draft, sectors=SECTORS, places=PLACES, **over)]


def test_a_whole_draft_lacks_nothing() -> None:
    assert problems(WHOLE) == []


def test_each_lack_is_said_at_its_step() -> None:
    assert problems(Draft()) == [
        "proposals.title_missing",
        "proposals.need_missing",
        "proposals.sector_missing",
        "proposals.nobody_benefits",
    ]
    assert problems(Draft(), upto=WritingStep.WHERE) == []


def test_absurd_numbers_places_of_others_and_endless_texts_are_told() -> None:
    absurd = Draft(
        title=Words(fr="x" * 121),
        need=Words(fr="x" * 4001),
        sector="war",
        places=frozenset({9}),
        people=Beneficiaries(women=-1, men=2_000_000, youth=10**9),
    )
    assert problems(absurd) == [
        "proposals.unknown_place",
        "proposals.title_too_long",
        "proposals.need_too_long",
        "proposals.unknown_sector",
        "proposals.number_negative",
        "proposals.number_absurd",
        "proposals.more_youth_than_people",
    ]


def test_who_asks_is_what_the_group_is_or_how_the_person_belongs() -> None:
    assert proposer_kind(CapacityKind.GROUP, group=GroupKind.USERS_ASSOCIATION) is ProposerKind.ASSOCIATION
    assert proposer_kind(CapacityKind.SELF, ties=[Tie.ROOTS]) is ProposerKind.DIASPORA
    assert proposer_kind(CapacityKind.SELF, ties=[Tie.ROOTS, Tie.WORKS]) is ProposerKind.RESIDENT
    assert proposer_kind(CapacityKind.OFFICER) is ProposerKind.COMMUNE
    assert proposer_kind(CapacityKind.SELF) is None


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_whatever_is_done_a_proposal_that_was_public_never_becomes_a_draft_again(steps: list[Step]) -> None:
    state = LIFE.next(LIFE.start, Step.SUBMIT)
    for step in steps:
        if step in LIFE.steps(state):
            state = LIFE.next(state, step)
        assert state in PUBLIC


def test_what_is_merged_or_refused_comes_back_only_by_reopening() -> None:
    for state in (ProposalState.MERGED, ProposalState.REFUSED):
        assert LIFE.steps(state) == {Step.REOPEN}
