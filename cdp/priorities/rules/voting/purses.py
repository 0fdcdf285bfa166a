"""One run of equal shares from a given share: buy what costs least per utility until nobody can.

Floats find the next purchase; bounds on their error decide whether that is beyond doubt.  Money is
never made or lost by a purchase, so the error of all purses together (``drift``, in money) only
grows by rounding; from it follows how far a price can be off.  Where prices, or the means to pay
them, are closer than their bounds, fractions decide (``exact_purses``), so every outcome is exact.

Prices never fall while purses empty, so an old price is a lower bound: a heap of bounds is kept and
only its top is worked out again.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np

from cdp.priorities.rules.voting.beginning import ROUNDING, Beginning
from cdp.priorities.rules.voting.conditions import Room
from cdp.priorities.rules.voting.election import Whole
from cdp.priorities.rules.voting.exact_purses import ExactPurses
from cdp.priorities.rules.voting.stakes import Floats, Stake

NEAR = 1 + 1e-7
"""So far beyond the best float price others are looked at; its bounds are nearly always closer."""


@dataclass(slots=True, eq=False)
class Price:
    """The payment per mark of a candidate: a float with bounds, and the fraction where it is known.

    ``money`` is what ``members`` hold; ``poor`` are the marks of those who give all of it.  ``low`` and
    ``high`` bound the payment per utility (``value``); ``high`` is worked out when it is needed.
    ``each`` may be off by ``step`` at most.
    """

    stake: Stake
    live: "Live"
    members: Whole
    money: Floats
    each: float
    step: float
    poor: float
    value: float
    low: float
    high: float = inf
    exact: Fraction | None = None
    gave: int = 0


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought: the candidate, the bounds of its payment per utility, voters who gave all they had.

    ``rivals`` are the candidates too close for floats, with the marks of their poor; ``gave`` are
    the marks of the poor in each purchase before, where fractions were asked.
    """

    index: int
    value: float
    high: float
    poor: int
    exact: Fraction | None
    tied: tuple[int, ...]
    rivals: dict[int, int]
    gave: tuple[int, ...]


@dataclass(slots=True)
class Live:
    """The supporters of a candidate who still have money."""

    members: Whole
    weights: Floats
    marks: Floats | None
    counts: Floats
    weight: float
    each: float

    def thin(self, money: Floats) -> Floats:
        """Forget supporters who have nothing left; returns the money of the others."""
        kept = money > 0
        self.members, self.weights, self.counts = self.members[kept], self.weights[kept], self.counts[kept]
        if self.marks is not None:
            self.marks = self.marks[kept]
        self.weight = float(self.weights.sum())
        return money[kept]


class Departed(Exception):
    """The run no longer follows the purchases of the one it is compared with."""


@dataclass(slots=True)
class Run:
    """The state of a run; ``go`` carries it out.

    ``follow`` are the purchases of a run from a smaller share.  Prices of a fixed sequence only fall
    when shares grow, so if this run buys the same, and never has another candidate at or under the
    price of the smaller run, then every share between the two buys the same as well.  What ``first``
    holds is bought already, by this run and by all from a larger share.
    """

    stakes: dict[int, Stake]
    room: Room
    places: list[int]
    share: Fraction
    voters: int
    ballots: int
    limit: int | None = None
    follow: list[Purchase] | None = None
    first: Beginning | None = None
    purses: Floats = field(init=False)
    exact: ExactPurses = field(init=False)
    live: dict[int, Live] = field(init=False)
    queue: list[tuple[float, int]] = field(init=False)
    parked: list[int] = field(init=False)
    drift: float = field(init=False)
    rivals: dict[int, int] = field(default_factory=dict)
    wobble: float = field(init=False)
    given: float = field(init=False)
    purchases: list[Purchase] = field(default_factory=list)

    def go(self) -> None:
        """Buy until nothing can be bought; raises Departed where ``follow`` is not followed."""
        self._begin()
        while (found := self._next()) is not None:
            chosen, tied = found
            if self.follow is not None:
                self._compare(chosen)
            self._buy(chosen, tied)
            if self.limit is not None and self.room.spent > self.limit:
                return
        if self.follow is not None and len(self.purchases) != len(self.follow):
            raise Departed

    def money_of(self, stake: Stake) -> float:
        """What the supporters of a candidate still have, in smallest units."""
        return float(stake.counts @ self.purses[stake.members])

    def _begin(self) -> None:
        """Give everybody the share and put the candidates in line by the least they could cost."""
        share = self.given = float(self.share)
        self.purses = np.full(self.ballots, share)
        self.exact = ExactPurses(self.ballots, [self.share])
        self.drift = 4 * ROUNDING * share * self.voters
        self.wobble = 4 * ROUNDING * share
        self.live, self.queue, self.parked = {}, [], []
        if self.first is not None:
            self._begin_with(self.first)
        for index, stake in self.stakes.items():
            if stake.voters * share < stake.cost * (2 - NEAR):
                continue
            if self.first is not None and index in self.first.numbers:
                continue
            each = stake.cost / stake.weight
            self.live[index] = Live(stake.members, stake.weights, stake.marks, stake.counts, float(stake.weight), each)
            if self.room.waits(index):
                self.parked.append(index)
            else:
                self.queue.append((each / stake.scale * (1 - 4 * ROUNDING), index))
        heapify(self.queue)

    def _begin_with(self, first: Beginning) -> None:
        """Let everybody have paid for what is bought already."""
        self.purses -= first.paid
        self.drift += first.drift(self.given, self.voters)
        self.wobble += first.wobble(self.given)
        for stake in first.bought:
            self.exact.bought.append(stake)
            self.room.take(stake.index)
            value = stake.cost / stake.weight / stake.scale
            self.purchases.append(Purchase(stake.index, value, value * (1 + 4 * ROUNDING), 0, None, (), {}, ()))

    def _next(self) -> tuple[Price, tuple[int, ...]] | None:
        """The purchase to make now and the candidates exactly tied for it; None when there is none."""
        fresh: list[Price] = []
        best: Price | None = None
        while best is None or (self.queue and self.queue[0][0] <= best.high):
            self._look(fresh, inf if best is None else best.high)
            if (best := self._best(fresh)) is None and not self.queue:
                return None
        if len(fresh) == 1:
            self.rivals = {}
            return best, ()
        close = [price for price in fresh if price.low <= best.high]
        chosen, tied = (best, ()) if len(close) == 1 else self._closest(close)
        self.rivals = {price.stake.index: price.gave for price in close} if len(close) > 1 else {}
        for price in fresh:
            if price is not chosen:
                heappush(self.queue, (price.low, price.stake.index))
        return chosen, tied

    def _look(self, fresh: list[Price], bar: float) -> None:
        """Work out the prices of all whose lower bound is under the bar, which sinks with what is found."""
        queue, room = self.queue, self.room
        while queue and queue[0][0] <= bar:
            index = heappop(queue)[1]
            if room.barred(index) is None and (price := self._price(index)) is not None:
                fresh.append(price)
                bar = min(bar, price.value * NEAR)

    def _best(self, fresh: list[Price]) -> Price | None:
        """The least price, bounded from above; drops those that fractions say cannot be paid."""
        while fresh:
            best = fresh[0] if len(fresh) == 1 else min(fresh, key=_by_value)
            if self._bound(best):
                return best
            fresh.remove(best)
        return None

    def _price(self, index: int) -> Price | None:
        """The price of a candidate at what its supporters hold now; None (for good) if they cannot pay."""
        stake, live = self.stakes[index], self.live[index]
        money = self.purses.take(live.members)
        cost = stake.cost
        slack = self.drift + len(money) * ROUNDING * cost
        total = float(live.counts.dot(money))
        if total < cost - slack:
            return None
        each, poor = _level(cost, live, money)
        weight = live.weight - poor
        step = 2 * slack / weight + 4 * ROUNDING * each if weight > 0 else inf
        value = each / stake.scale
        low = (each - step) / stake.scale * (1 - 4 * ROUNDING)
        price = Price(stake, live, live.members, money, each, step, poor, value, low)
        if total <= cost + slack or step > each:
            return price if self._settle(price) else None
        live.each = each - step
        if poor * 3 > live.weight and np.count_nonzero(money) * 5 < len(money) * 4:
            price.money = live.thin(money)
            price.members = live.members
        return price

    def _bound(self, price: Price) -> bool:
        """Bound a price from above, by fractions where floats cannot; False if it cannot be paid."""
        if price.high < inf:
            return True
        above, marks = price.each + price.step, price.live.marks
        still = price.money > (above if marks is None else above * marks)
        if float(price.live.weights @ still) * price.step < self.drift * 2:
            return self._settle(price)
        price.high = above / price.stake.scale * (1 + 4 * ROUNDING)
        return True

    def _settle(self, price: Price) -> bool:
        """Work a price out in fractions; False if it cannot be paid."""
        settled = self.exact.price(price.stake)
        if settled is None:
            price.low = inf
            return False
        price.each, price.step, price.gave = float(settled.each), 0.0, settled.gave
        price.exact = settled.each / price.stake.scale
        marks = price.live.marks
        poor = price.money < (price.each if marks is None else price.each * marks)
        price.poor, price.value = float(price.live.weights @ poor), float(price.exact)
        price.low, price.high = price.value * (1 - 4 * ROUNDING), price.value * (1 + 4 * ROUNDING)
        return True

    def _closest(self, close: list[Price]) -> tuple[Price, tuple[int, ...]]:
        """Of prices too close to tell apart the least by fractions, then by the tie rule."""
        for price in close:
            if price.exact is None:
                price.exact = self._fraction(price)
        least = min(price.exact for price in close if price.exact is not None)
        equal = [price for price in close if price.exact == least]
        chosen = min(equal, key=lambda price: self.places[price.stake.index])
        return chosen, tuple(price.stake.index for price in equal) if len(equal) > 1 else ()

    def _fraction(self, price: Price) -> Fraction:
        """The exact payment per utility: at once when every supporter surely has it, else from the states."""
        stake, marks = price.stake, price.live.marks
        plain = Fraction(stake.cost, stake.weight)
        if not price.poor and len(price.money) == len(stake.members):
            need = float(plain) if marks is None else float(plain) * marks
            if float((price.money - need).min()) > self.wobble:
                return plain / stake.scale
        settled = self.exact.price(stake)
        if settled is None:
            raise AssertionError("a price was found that the fractions deny")
        price.gave = settled.gave
        return settled.each / stake.scale

    def _compare(self, chosen: Price) -> None:
        """Leave unless the other run bought the same here and no other price comes near."""
        place, index = len(self.purchases), chosen.stake.index
        if self.follow is None or place >= len(self.follow) or self.follow[place].index != index:
            raise Departed
        bar = self.follow[place].high
        near: list[Price] = []
        while self.queue and self.queue[0][0] <= bar:
            _, other = heappop(self.queue)
            if self.room.barred(other) is None and (price := self._price(other)) is not None:
                near.append(price)
                if price.low <= bar and not self._stays_behind(price, place, chosen):
                    raise Departed
        for price in near:
            heappush(self.queue, (price.low, price.stake.index))

    def _stays_behind(self, price: Price, place: int, chosen: Price) -> bool:
        """Whether a near price stays exactly behind the bought one at every share between the two runs.

        Two candidates with the same cost and the same supporters are tied with any share.  And while
        nobody stops being poor between the two shares, prices move in straight lines: who is not
        ahead at either end (both runs bought the other) is not ahead between them.
        """
        bought = (self.follow or [])[place]
        index = price.stake.index
        loses = self.places[index] > self.places[bought.index]
        if price.stake.like(self.stakes[bought.index]):
            return loses
        if bought.exact is None:
            return False
        if price.exact is None:
            price.exact = self._fraction(price)
        if price.exact > bought.exact or (price.exact == bought.exact and loses):
            return True
        return self._moves_along(price, bought, chosen)

    def _moves_along(self, price: Price, bought: Purchase, chosen: Price) -> bool:
        """Whether the poor are the same at both ends, for the near price, the bought one and all before."""
        if price.stake.index not in bought.rivals or not bought.gave:
            return False
        if chosen.exact is None:
            chosen.exact = self._fraction(chosen)
        poor = {price.stake.index: price.gave, bought.index: chosen.gave}
        same = all(bought.rivals.get(one) == gave for one, gave in poor.items())
        return same and bought.gave == tuple(self.exact.gave)

    def _buy(self, price: Price, tied: tuple[int, ...]) -> None:
        """Let the supporters pay, and call back those who waited for this one."""
        if price.high == inf:
            self._bound(price)
        stake, marks, share = price.stake, price.live.marks, self.given
        left = price.money - (price.each if marks is None else price.each * marks)
        poor = 0
        if price.poor and self.limit is None:
            poor = int(price.live.counts @ (left < -1e-9 * price.each))
        self.purses[price.members] = np.maximum(left, 0.0, out=left)
        self.drift += (len(left) + 8) * ROUNDING * stake.cost + ROUNDING * share * self.voters
        self.wobble += price.step * stake.highest + 4 * ROUNDING * share
        self.exact.bought.append(stake)
        self.room.take(stake.index)
        gave = tuple(self.exact.gave) if self.rivals and self.exact.followed == len(self.purchases) else ()
        self.purchases.append(
            Purchase(stake.index, price.value, price.high, poor, price.exact, tied, self.rivals, gave)
        )
        if self.parked:
            self._call_back()

    def _call_back(self) -> None:
        """Put those in line that waited for what was bought now."""
        for other in [one for one in self.parked if not self.room.waits(one)]:
            self.parked.remove(other)
            heappush(self.queue, (0.0, other))


def _by_value(price: Price) -> float:
    """What prices are compared by."""
    return price.value


def _level(cost: float, live: Live, money: Floats) -> tuple[float, float]:
    """The payment per mark at which a candidate is paid, and the marks of the poor.

    Starts from a payment known to be too small and raises it until the poor (who have less than
    their part and give what they have) are no more than before; each round adds some for good.  Should
    the start prove too high by a rounding, it begins again from nobody poor.
    """
    start = each = live.each
    weights, marks, seen = live.weights, live.marks, -1.0
    held = None
    while True:
        mask = (money < (each if marks is None else each * marks)).astype(np.float64)
        poor = float(weights.dot(mask))
        if poor <= seen:
            if each >= start:
                return each, seen
            start, each, seen = 0.0, 0.0, -1.0
            continue
        if poor >= live.weight:
            return each, live.weight
        if poor:
            held = live.counts * money if held is None else held
            each = (cost - float(held.dot(mask))) / (live.weight - poor)
        else:
            each = cost / live.weight
        seen = poor
