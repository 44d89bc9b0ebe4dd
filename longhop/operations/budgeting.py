"""The budget of a dataset: work is taken in rounds, and what they used is settled between them.

What counts is the recorded usage of every answer that was used, fresh or remembered alike, so a
budget ends a build at the same place whoever paid for its answers and however often it was stopped.
"""

from collections.abc import Callable, Iterator, Mapping

from longhop.errors import ConfigError
from longhop.records.money import Bill, Prices, add_bills, total
from longhop.spec.sections import Budget

# The first round shows what an item costs. Each later one may be so many times larger, and takes
# so much of what the budget still affords, until only a few items are left.
_FIRST, _LARGER, _CAREFUL, _FEW = 4, 4, 0.5, 8
# The last round takes all that the budget affords by what was seen so far.
MOST_ROUNDS = 20


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


def rounds(items: int, used: Callable[[], float], cap: float) -> Iterator[range]:
    """Which of so many items are taken next, until all are or the share used reaches the cap.

    There is at least one round, though it may be of nothing, and 20 at most.
    """
    begun, done, size = used(), 0, _FIRST
    for number in range(1, MOST_ROUNDS + 1):
        room = cap - used()
        if done:
            each = (used() - begun) / done
            affordable = room / each if each > 0 else float(items)
            if number == MOST_ROUNDS:
                size = int(min(affordable, items))
            else:
                careful = affordable if affordable <= _FEW else affordable * _CAREFUL
                size = int(min(size * _LARGER, careful))
        taken = min(size if room > 0 else 0, items - done)
        if taken <= 0 and done:
            return
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
