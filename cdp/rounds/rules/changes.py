"""What changed between two versions of a charter, in sentences a reader can check."""

from collections.abc import Iterator

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.kernel.words import Words
from cdp.rounds.rules.charter import CharterRules
from cdp.rounds.states import CharterSection, ProposerKind


def differences(old: CharterRules, new: CharterRules) -> tuple[Message, ...]:
    """One message for each thing added, taken out or changed, in the order of the charter's sections."""
    return (
        *_named(CharterSection.SECTORS, {s.key: s.name for s in old.sectors}, {s.key: s.name for s in new.sectors}),
        *_proposers(old.proposers, new.proposers),
        *_supports(old.supports_each, new.supports_each),
        *_named(
            CharterSection.CHECKLIST,
            {c.key: c.question for c in old.checklist},
            {c.key: c.question for c in new.checklist},
        ),
        *_named(CharterSection.CRITERIA, {c.key: c.name for c in old.criteria}, {c.key: c.name for c in new.criteria}),
        *_weights(old, new),
        *_wording(old, new),
        *_envelopes(old, new),
    )


def _named(section: CharterSection, old: dict[str, Words], new: dict[str, Words]) -> Iterator[Message]:
    """What a section of named things gained, lost or calls otherwise."""
    for key, name in new.items():
        if key not in old:
            yield Message("rounds.change_added", {"section": section, "name": name})
        elif old[key] != name:
            yield Message("rounds.change_renamed", {"section": section, "old": old[key], "new": name})
    for key in old.keys() - new.keys():
        yield Message("rounds.change_taken_out", {"section": section, "name": old[key]})


def _proposers(old: frozenset[ProposerKind], new: frozenset[ProposerKind]) -> Iterator[Message]:
    for kind in sorted(new - old):
        yield Message("rounds.change_added", {"section": CharterSection.PROPOSERS, "name": kind})
    for kind in sorted(old - new):
        yield Message("rounds.change_taken_out", {"section": CharterSection.PROPOSERS, "name": kind})


def _supports(old: int | None, new: int | None) -> Iterator[Message]:
    if old == new:
        return
    if new is None:
        yield Message("rounds.change_supports_unlimited")
    else:
        yield Message("rounds.change_supports", {"number": new})


def _weights(old: CharterRules, new: CharterRules) -> Iterator[Message]:
    before = {c.key: c.weight for c in old.criteria}
    for criterion in new.criteria:
        if criterion.key in before and before[criterion.key] != criterion.weight:
            values = {"name": criterion.name, "old": before[criterion.key], "new": criterion.weight}
            yield Message("rounds.change_weight", values)


def _wording(old: CharterRules, new: CharterRules) -> Iterator[Message]:
    """Criteria and points that kept their name but are explained otherwise."""
    criteria = {c.key: (c.help, dict(c.anchors)) for c in old.criteria}
    for criterion in new.criteria:
        if criteria.get(criterion.key, (criterion.help, dict(criterion.anchors))) != (
            criterion.help,
            dict(criterion.anchors),
        ):
            yield Message("rounds.change_wording", {"section": CharterSection.CRITERIA, "name": criterion.name})
    points = {c.key: (c.help, c.is_correctable) for c in old.checklist}
    for point in new.checklist:
        if points.get(point.key, (point.help, point.is_correctable)) != (point.help, point.is_correctable):
            yield Message("rounds.change_wording", {"section": CharterSection.CHECKLIST, "name": point.question})


def _envelopes(old: CharterRules, new: CharterRules) -> Iterator[Message]:
    before = {(e.year, e.source): e for e in old.envelopes}
    after = {(e.year, e.source): e for e in new.envelopes}
    for year, source in sorted(before.keys() | after.keys()):
        was, now = before.get((year, source)), after.get((year, source))
        old_amount, new_amount = (was.amount if was else Money(0)), (now.amount if now else Money(0))
        if old_amount != new_amount:
            values = {"year": year, "source": source, "old": old_amount, "new": new_amount}
            yield Message("rounds.change_envelope", values)
        elif was and now and was.sureness is not now.sureness:
            values = {"year": year, "source": source, "old": was.sureness, "new": now.sureness}
            yield Message("rounds.change_sureness", values)
