"""Why not? The condition that binds for each project left out or late, and what would let it in."""

from collections.abc import Iterable, Mapping, Sequence

from cdp.kernel.errors import Message
from cdp.kernel.money import Money
from cdp.programme.rules.fit.grid import MONEY, Grid, Row, RowKind, said
from cdp.programme.rules.fit.options import Option
from cdp.programme.rules.fit.saying import money, source_name
from cdp.programme.rules.fit.tally import Tally
from cdp.programme.rules.fit.terms import WHOLE, Base, Reason

ALTERNATIVES = 3
"""Ways to let a project in that are shown."""


def reasons(ready: Grid, placed: Mapping[str, Option]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Reasons of the projects left out, in the order of the instance, and of those that start late."""
    asking = _Asking(ready, placed)
    left_out = tuple(asking.why_out(id_) for id_ in ready.choices if id_ not in placed)
    late = (asking.why_late(id_) for id_ in ready.choices if id_ in placed)
    return left_out, tuple(reason for reason in late if reason is not None)


Lacks = list[tuple[int, int]]
"""(row, how much is missing) for each row that would be broken."""


class _Asking:
    """A programme that is asked about."""

    def __init__(self, ready: Grid, placed: Mapping[str, Option]) -> None:
        self.ready = ready
        self.tally = Tally(ready)
        for option in placed.values():
            self.tally.put(option)
        self._uncounted = _uncounted(ready)
        self._hard = {
            number for number, row in enumerate(ready.rows) if row.kind is RowKind.EXCLUSION or _has_no_remedy(row)
        }
        self._floors = _floors_of_resources(ready)
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
                return Reason(id_, None, message, self._ways_with(id_))
        if all(option.start < self._ready_in(id_) for option in options):
            first = max(self.ready.before[id_], key=lambda earlier: self.tally.placed[earlier].end)
            values = {"first": first, "year": self.tally.placed[first].end}
            ways = self._ways_with(id_, moved=first)
            return Reason(id_, None, Message("programme.left_out.prerequisite_late", values), ways)
        for other in self.ready.together.get(id_, ()):
            if (
                other not in self.tally.placed
                and other != id_
                and (self._is_blocked(other) or not self._is_blocked(id_))
            ):
                message = Message("programme.left_out.complete", {"other": other})
                return Reason(id_, None, message, self._ways_with(id_))
        return None

    def _is_blocked(self, id_: str) -> bool:
        return all(self.tally.blocks(option) for option in self.ready.options(id_))

    def _ways_with(self, id_: str, *, moved: str | None = None) -> tuple[tuple[Message, ...], ...]:
        """The way for a project and those it cannot stand without; one of them may be moved to an earlier year."""
        company = _order([*([moved] if moved else ()), *self._company(id_)], self.ready.before)
        options = self._years_together(company)
        leaving = () if moved is None else (moved,)
        way = self._way(options, self._lacks(options, leaving), leaving) if options else None
        if way is None:
            return ()
        others = [
            Message("programme.remedy.earlier" if one == moved else "programme.remedy.prerequisite", {"first": one})
            for one in company
            if one != id_
        ]
        return ((*others, *way),)

    def _company(self, id_: str) -> list[str]:
        """A project, and all that are not in the programme and must be if it is."""
        found, open_ = [id_], [id_]
        while open_:
            one = open_.pop()
            for other in (*self.ready.before[one], *self.ready.together.get(one, ())):
                if other not in self.tally.placed and other not in found:
                    found.append(other)
                    open_.append(other)
        return found

    def _years_together(self, company: Sequence[str]) -> list[Option]:
        """An option for each, in their order, each as near as may be; none where their years leave no way."""
        allowed: dict[str, list[Option]] = {}
        for one in reversed(company):
            ends = [allowed[later][-1].start for later in allowed if one in self.ready.before[later]]
            allowed[one] = [option for option in self.ready.options(one) if all(option.end < end for end in ends)]
            if not allowed[one]:
                return []
        chosen: dict[str, Option] = {}
        for one in company:
            ended = {**self.tally.placed, **chosen}
            after = max((ended[first].end for first in self.ready.before[one]), default=0)
            tried = [
                (len(lacks), sum(missing for _, missing in lacks), option.start, option)
                for option in allowed[one]
                if option.start > after
                for lacks in (self._lacks([*chosen.values(), option], ()),)
            ]
            if not tried:
                return []
            chosen[one] = min(tried, key=lambda each: each[:3])[3]
        return list(chosen.values())

    def _nearest(self, id_: str, options: Iterable[Option], keys: str) -> Reason:
        """The year in which least stands against the project, what that is, and the ways to let it in."""
        tried = []
        for option in options:
            blocks = self.tally.blocks(option)
            tried.append((len(blocks), sum(missing for _, missing in blocks), option.start, blocks, option))
        tried.sort(key=lambda one: one[:3])
        _, _, start, blocks, _ = tried[0]
        if not blocks:
            return Reason(id_, start, Message(f"{keys}.has_room", {"year": start}))
        row, missing = max(blocks, key=lambda block: (_WEIGHT[self.ready.rows[block[0]].kind], block[1]))
        bound = self.ready.rows[row]
        message = Message(f"{keys}.{bound.kind}", self._values(row, _beyond(bound, missing)))
        if id_ in self.ready.together and len(self._company(id_)) > 1:
            return Reason(id_, start, message, self._ways_with(id_))
        nearest = [
            one for n, one in enumerate(tried[:ALTERNATIVES]) if not any(_asks_more(one[3], of[3]) for of in tried[:n])
        ]
        ways = [self._way([option], blocks) for *_, blocks, option in nearest]
        alternatives = [way for way in ways if way is not None]
        signed = [self._signature(row, missing) for row, missing in blocks] if self._uncounted else [None]
        if alternatives and all(signed) and not self._raises_a_floor(self._coming(blocks), [tried[0][-1]], ()):
            alternatives.insert(1, tuple(remedy for remedy in signed if remedy is not None))
        return Reason(id_, start, message, tuple(alternatives))

    def _way(self, options: Sequence[Option], lacks: Lacks, leaving: Sequence[str] = ()) -> tuple[Message, ...] | None:
        """All that is wanted for these options to enter; None where nothing that can be said would do."""
        if self._hard.isdisjoint(number for number, _ in lacks):
            return self._paid(options, lacks, leaving)
        places: list[Message] = []
        for number, missing in lacks:
            row = self.ready.rows[number]
            if row.kind is RowKind.EXCLUSION:
                going = self._going(str(row.values["exclusion"]), missing, options)
                if going is None:
                    return None
                leaving = (*leaving, *going)
                places.append(Message("programme.remedy.exclusion", {**row.values, "others": ", ".join(going)}))
        if places:
            lacks = self._lacks(options, tuple(dict.fromkeys(leaving)))
        rest = [(number, missing) for number, missing in lacks if self.ready.rows[number].kind is not RowKind.EXCLUSION]
        if not self._hard.isdisjoint(number for number, _ in rest):
            return None
        paid = self._paid(options, rest, tuple(dict.fromkeys(leaving)))
        return None if paid is None else (*paid, *places)

    def _paid(self, options: Sequence[Option], lacks: Lacks, leaving: Sequence[str]) -> tuple[Message, ...] | None:
        """What is wanted, amount by amount; None where so much more money would raise a floor beyond what serves it."""
        if self._floors:
            more = sum(missing for number, missing in lacks if self.ready.rows[number].kind is RowKind.ENVELOPE)
            if self._raises_a_floor(more, options, leaving):
                return None
        return tuple(self._remedy(number, missing) for number, missing in lacks)

    def _raises_a_floor(self, more: int, options: Iterable[Option], leaving: Iterable[str]) -> bool:
        """Whether a floor that is a portion of the resources is missed once there is so much more money."""
        if not more or not self._floors:
            return False
        change = self._change(options, leaving)
        return any(
            self.tally.taken[number] >= (self.ready.rows[number].lower or 0)
            and self.tally.taken[number] + change.get(number, 0) < -(-portion * (resources + more) // WHOLE)
            for number, portion, resources in self._floors
        )

    def _change(self, options: Iterable[Option], leaving: Iterable[str]) -> dict[int, int]:
        """What each row takes more, or less, when these come and those go."""
        change: dict[int, int] = {}
        for option in options:
            for number, amount in self.ready.takes[option.project, option.start].items():
                change[number] = change.get(number, 0) + amount
        for one in leaving:
            for number, amount in self.ready.takes[one, self.tally.placed[one].start].items():
                change[number] = change.get(number, 0) - amount
        return change

    def _lacks(self, options: Iterable[Option], leaving: Iterable[str]) -> Lacks:
        """(row, how much is missing) for each row that is broken, or broken further, when these come and those go."""
        found = []
        for number, amount in self._change(options, leaving).items():
            row, before = self.ready.rows[number], self.tally.taken[number]
            if row.upper is not None and before + amount > max(row.upper, before):
                found.append((number, before + amount - row.upper))
            elif row.lower is not None and before + amount < min(row.lower, before):
                found.append((number, row.lower - before - amount))
        return found

    def _going(self, exclusion: str, count: int, options: Iterable[Option]) -> tuple[str, ...] | None:
        """Those of least value that an exclusion names and that may leave: no other project leans on them."""
        coming = [option.project for option in options]
        leant_on = {first for one in (*self.tally.placed, *coming) for first in self.ready.before[one]}
        free = [one for one in self._members(exclusion) if one not in leant_on and one not in self.ready.together]
        free.sort(key=lambda one: self.ready.choices[one].project.value)
        return tuple(free[:count]) if len(free) >= count else None

    def _values(self, number: int, missing: int) -> dict[str, int | str | Money]:
        """What the sentence about a row takes: its own values and what is missing, in its own unit."""
        row = self.ready.rows[number]
        if row.kind is RowKind.EXCLUSION:
            return {**row.values, "others": ", ".join(self._members(str(row.values["exclusion"])))}
        amount = money(self.ready.instance, missing) if row.kind in MONEY else missing
        if number not in self._said:
            self._said[number] = said(row)
        return {**self._said[number], "missing": amount}

    def _members(self, exclusion: str) -> list[str]:
        """Projects in the programme that an exclusion names."""
        of = next(one for one in self.ready.instance.exclusions if one.id == exclusion)
        return [id_ for id_ in of.projects if id_ in self.tally.placed]

    def _remedy(self, number: int, missing: int) -> Message:
        return Message(self._remedies[number], self._values(number, _more(self.ready.rows[number], missing)))

    def _signature(self, number: int, missing: int) -> Message | None:
        """The signature that would do, when money not sure enough to be counted covers what is missing."""
        row = self.ready.rows[number]
        if row.kind is not RowKind.ENVELOPE:
            return None
        year, source = self._envelope(number)
        if self._uncounted.get((year, source), 0) < missing:
            return None
        return Message("programme.remedy.signature", {"year": year, "source": source_name(source)})

    def _coming(self, blocks: Lacks) -> int:
        """All money that signatures of these envelopes would let count."""
        return sum(self._uncounted.get(self._envelope(row), 0) for row, _ in blocks)

    def _envelope(self, number: int) -> tuple[int, str]:
        """Year and source of a row of an envelope; no year else."""
        values = self.ready.rows[number].values
        return int(values.get("year", 0)), str(values.get("source", ""))


def _floors_of_resources(ready: Grid) -> list[tuple[int, int, int]]:
    """(row, portion, all resources) of each floor that is a portion of the envelopes counted."""
    resources = sum(ready.instance.envelope_amounts().values())
    asked = {
        quota.id: quota.at_least_portion
        for quota in ready.instance.quotas
        if quota.of is Base.RESOURCES and quota.at_least_portion
    }
    return [
        (number, portion, resources)
        for number, row in enumerate(ready.rows)
        if row.kind is RowKind.QUOTA_LEAST and (portion := asked.get(str(row.values.get("quota"))))
    ]


def _order(ids: Iterable[str], before: Mapping[str, Sequence[str]]) -> list[str]:
    """These projects, each after those of them that must be finished before it."""
    wanted, placed = list(dict.fromkeys(ids)), []
    while wanted:
        one = next(each for each in wanted if not any(first in wanted for first in before[each]))
        wanted.remove(one)
        placed.append(one)
    return placed


def _asks_more(lacks: Lacks, others: Lacks) -> bool:
    """Whether one way asks at least for all that another asks for."""
    asked = dict(lacks)
    return all(asked.get(number, 0) >= missing for number, missing in others)


def _has_no_remedy(row: Row) -> bool:
    """A floor that is an amount, once one that served it leaves; all or nothing of the money programmed."""
    if row.kind is RowKind.QUOTA_LEAST:
        return row.portion is None or row.portion >= WHOLE
    return row.kind is RowKind.QUOTA_MOST and row.portion == 0


def _beyond(row: Row, missing: int) -> int:
    """By how much a limit is passed: of a ceiling that is a portion, the money beyond it."""
    if row.kind is RowKind.QUOTA_MOST and row.portion is not None:
        return -(-missing // WHOLE)
    return _more(row, missing)


def _more(row: Row, missing: int) -> int:
    """How much more would do: of what serves a floor that is a portion, of all the rest under such a ceiling."""
    if row.portion is None:
        return missing
    per = WHOLE - row.portion if row.kind is RowKind.QUOTA_LEAST else row.portion
    return -(-missing // (per or WHOLE))


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
