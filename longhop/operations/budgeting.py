"""The budget of a dataset: work is taken in rounds, and what they used is settled between them.

What counts is the recorded usage of every answer that was used, fresh or remembered alike, so a
budget ends a build at the same place whoever paid for its answers and however often it was stopped.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from longhop.errors import ConfigError
from longhop.records.money import Bill, Prices, add_bills, total
from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec.sections import Budget

# The first round shows what an item costs. Each later one may be so many times larger, and takes
# so much of what the budget still affords, until only a few items are left. The last takes all that
# it affords by what was seen so far.
_FIRST, _LARGER, _CAREFUL, _FEW = 4, 4, 0.5, 8


class Ledger:
    """What a build has used of its budget, as a share: 1 is all of it."""

    def __init__(self, budget: Budget, prices: Prices | None) -> None:
        self.budget = budget
        self.prices = prices
        self._bill: Bill = {}

    @property
    def is_open(self) -> bool:
        """Whether there is no budget at all."""
        return not self.budget.stated

    @property
    def used(self) -> float:
        """The share of whatever is used up most of answers, tokens and money."""
        used = total(self._bill)
        shares = [0.0]
        if self.budget.answers is not None:
            shares.append(used.answers / self.budget.answers)
        if self.budget.tokens is not None:
            shares.append(used.tokens / self.budget.tokens)
        if self.budget.money is not None:
            cost = self.prices.cost(self._bill) if self.prices else None
            shares.append((cost or 0.0) / self.budget.money)
        return max(shares)

    def charge(self, bill: Mapping[str, Bill]) -> None:
        """Set what all stages have used so far."""
        self._bill = {}
        for each in bill.values():
            self._bill = add_bills(self._bill, each)


@dataclass
class Allowance:
    """How many items the next round may take, until the share that is used reaches the cap.

    `used` is asked for anew each time. What is on its way counts as used by what was seen so far.
    `cap` and `most`, the number of rounds, may be raised on the way.
    """

    used: Callable[[], float]
    cap: float
    most: int = MOST_ROUNDS
    _begun: float = field(init=False)
    _size: int = _FIRST
    _round: int = 0

    def __post_init__(self) -> None:
        self._begun = self.used()

    def next(self, items: int, done: int, flying: int = 0) -> int:
        """At most so many of the items, of which some are done and others are on their way.

        0 where the cap is reached, or where so many rounds have been.
        """
        self._round += 1
        room = self.cap - self.used()
        if self._round > self.most or room <= 0:
            return 0
        size = self._size
        if done:
            each = (self.used() - self._begun) / done
            affordable = room / each - flying if each > 0 else float(items)
            if self._round == self.most:
                size = int(min(affordable, items))
            else:
                careful = affordable if affordable <= _FEW else affordable * _CAREFUL
                size = int(min(size * _LARGER, careful))
        self._size = max(size, _FIRST)
        return max(0, min(size, items - done - flying))


def rounds(
    items: int, used: Callable[[], float], cap: float, most: int = MOST_ROUNDS
) -> Iterator[range]:
    """Which of so many items are taken next, until all are or the share used reaches the cap.

    There is at least one round, though it may be of nothing, and `most` at most.
    """
    allowance, done = Allowance(used, cap, most), 0
    while True:
        taken = allowance.next(items, done)
        if taken or not done:
            yield range(done, done + taken)
        done += taken
        if done == items or not taken:
            return


def require_prices(budget: Budget, prices: Prices | None, models: frozenset[str]) -> None:
    """Refuse a budget in money of which nobody could say when it is used up.

    Raises:
        ConfigError: There is no price list, or it lacks a model.
    """
    if budget.money is None:
        return
    if prices is None:
        raise ConfigError("budget.money needs a price list: set LONGHOP_PRICES to a YAML file")
    if unknown := sorted(models - prices.models.keys()):
        raise ConfigError(
            f"budget.money: the price list of {prices.version} has no price of {', '.join(unknown)}"
        )
