"""Why not? The condition that binds for each project left out or late, and what would let it in."""

from collections.abc import Iterable, Mapping

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.programme.rules.fit.grid import MONEY, Grid, RowKind, said
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.saying import money, source_name
from cdp.programme.rules.fit.tally import Tally
from cdp.programme.rules.fit.terms import WHOLE, Reason

ALTERNATIVES = 3
"""Ways to let a project in that are shown."""


def reasons(ready: Grid, placed: Mapping[str, Option]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Reasons of the projects left out, in the order of the instance, and of those that start late."""
    asking = _Asking(ready, placed)
    left_out = tuple(asking.why_out(id_) for id_ in ready.choices if id_ not in placed)
    late = (asking.why_late(id_) for id_ in ready.choices if id_ in placed)
    return left_out, tuple(reason for reason in late if reason is not None)


class _Asking:
    """A programme that is asked about."""

    def __init__(self, ready: Grid, placed: Mapping[str, Option]) -> None:
        self.ready = ready
        self.tally = Tally(ready)
        for option in placed.values():
            self.tally.put(option)
        self._uncounted = _uncounted(ready)
        self._said: dict[int, dict[str, int | str | Money]] = {}
        self._remedies = [
            f"programme.remedy.{row.kind}" if row.portion is None else f"programme.remedy.{row.kind}_portion"
            for row in ready.rows
        ]

    def why_out(self, id_: str) -> Reason:
        """Why a project is not in the programme."""
        choice = self.ready.choices[id_]
        if id_ in self.ready.decided_out:
            return Reason(id_, None, Message("programme.left_out.decided", {"reason": self.ready.decided_out[id_]}))
        if choice.refusal is not None:
            return Reason(id_, None, choice.refusal, _static_remedies(choice.refusal))
        options = self.ready.options(id_)
        if not options:
            return Reason(id_, None, Message("programme.left_out.pin_year", {"year": self.ready.pins[id_] or 0}))
        waiting = self._waits_for(id_, options)
        if waiting is not None:
            return waiting
        after = self._ready_in(id_)
        return self._nearest(id_, [option for option in options if option.start >= after], "programme.left_out")

    def why_late(self, id_: str) -> Reason | None:
        """Why a project does not start in the first year it might; None when it does."""
        option, first = self.tally.placed[id_], self.ready.choices[id_].options[0]
        if option.start == first.start:
            return None
        if self.ready.pins.get(id_) is not None:
            return Reason(id_, first.start, Message("programme.late.pinned", {"year": option.start}))
        self.tally.take_back(id_)
        try:
            return self._why_not_in(id_, first)
        finally:
            self.tally.put(option)

    def _why_not_in(self, id_: str, first: Option) -> Reason:
        for earlier in self.ready.before[id_]:
            if self.tally.placed[earlier].end >= first.start:
                values = {"first": earlier, "year": self.tally.placed[earlier].end}
                return Reason(id_, first.start, Message("programme.late.prerequisite", values))
        return self._nearest(id_, [first], "programme.late")

    def _ready_in(self, id_: str) -> int:
        return max((self.tally.placed[first].end + 1 for first in self.ready.before[id_]), default=0)

    def _waits_for(self, id_: str, options: Iterable[Option]) -> Reason | None:
        """The project or phase that is missing, or finished too late, for this one; None when there is none."""
        for first in self.ready.before[id_]:
            if first not in self.tally.placed:
                message = Message("programme.left_out.prerequisite", {"first": first})
                return Reason(id_, None, message, ((Message("programme.remedy.prerequisite", {"first": first}),),))
        if all(option.start < self._ready_in(id_) for option in options):
            first = max(self.ready.before[id_], key=lambda earlier: self.tally.placed[earlier].end)
            values = {"first": first, "year": self.tally.placed[first].end}
            remedy = Message("programme.remedy.earlier", {"first": first})
            return Reason(id_, None, Message("programme.left_out.prerequisite_late", values), ((remedy,),))
        for other in self.ready.together.get(id_, ()):
            if other not in self.tally.placed and other != id_ and self._is_blocked(other):
                return Reason(id_, None, Message("programme.left_out.complete", {"other": other}))
        return None

    def _is_blocked(self, id_: str) -> bool:
        return all(self.tally.blocks(option) for option in self.ready.options(id_))

    def _nearest(self, id_: str, options: Iterable[Option], keys: str) -> Reason:
        """The year in which least stands against the project, what that is, and the ways to let it in."""
        tried = []
        for option in options:
            blocks = self.tally.blocks(option)
            tried.append((len(blocks), sum(missing for _, missing in blocks), option.start, blocks))
        tried.sort(key=lambda one: one[:3])
        _, _, start, blocks = tried[0]
        if not blocks:
            return Reason(id_, start, Message(f"{keys}.has_room", {"year": start}))
        row, missing = max(blocks, key=lambda block: (_WEIGHT[self.ready.rows[block[0]].kind], block[1]))
        message = Message(f"{keys}.{self.ready.rows[row].kind}", self._values(row, missing))
        alternatives = [tuple(self._remedy(row, missing) for row, missing in one[3]) for one in tried[:ALTERNATIVES]]
        signed = [self._signature(row, missing) for row, missing in blocks] if self._uncounted else [None]
        if all(remedy is not None for remedy in signed):
            alternatives.insert(1, tuple(remedy for remedy in signed if remedy is not None))
        return Reason(id_, start, message, tuple(alternatives))

    def _values(self, number: int, missing: int) -> dict[str, int | str | Money]:
        """What the sentence about a row takes: its own values and what is missing, in its own unit."""
        row = self.ready.rows[number]
        if row.kind is RowKind.EXCLUSION:
            return {**row.values, "others": ", ".join(self._members(str(row.values["exclusion"])))}
        if row.portion is not None:
            # a portion of the money programmed: more of it (floor) or of all the rest (ceiling) would do
            per = WHOLE - row.portion if row.kind is RowKind.QUOTA_LEAST else row.portion
            missing = -(-missing // max(per, 1))
        amount = money(self.ready.instance, missing) if row.kind in MONEY else missing
        if number not in self._said:
            self._said[number] = said(row)
        return {**self._said[number], "missing": amount}

    def _members(self, exclusion: str) -> list[str]:
        """Projects in the programme that an exclusion names."""
        of = next(one for one in self.ready.instance.exclusions if one.id == exclusion)
        return [id_ for id_ in of.projects if id_ in self.tally.placed]

    def _remedy(self, number: int, missing: int) -> Message:
        return Message(self._remedies[number], self._values(number, missing))

    def _signature(self, number: int, missing: int) -> Message | None:
        """The signature that would do, when money not sure enough to be counted covers what is missing."""
        row = self.ready.rows[number]
        if row.kind is not RowKind.ENVELOPE:
            return None
        year, source = int(row.values["year"]), str(row.values["source"])
        if self._uncounted.get((year, source), 0) < missing:
            return None
        return Message("programme.remedy.signature", {"year": year, "source": source_name(source)})


_WEIGHT = {kind: weight for weight, kind in enumerate(reversed(RowKind))}


def _uncounted(ready: Grid) -> dict[tuple[int, str], int]:
    amounts: dict[tuple[int, str], int] = {}
    for envelope in ready.instance.envelopes:
        if envelope.certainty.level < ready.instance.counted.level:
            key = (envelope.year, envelope.source)
            amounts[key] = amounts.get(key, 0) + envelope.amount
    return amounts


def _static_remedies(refusal: Message) -> tuple[tuple[Message, ...], ...]:
    """What would let a project in that no programme can hold as it stands."""
    years = refusal.values
    key = {
        "programme.left_out.no_year": "programme.remedy.start_by"
        if years.get("duration", 0) <= years.get("most", 0)
        else "programme.remedy.shorter",
        "programme.left_out.signature": "programme.remedy.sign_share",
        "programme.left_out.own_share": "programme.remedy.own_share",
        "programme.left_out.preset_least": "programme.remedy.preset_least",
        "programme.left_out.preset_most": "programme.remedy.preset_most",
    }.get(refusal.key)
    return ((Message(key, refusal.values),),) if key else ()
