"""A budget ends work between rounds, at a place that the answers alone decide."""

import pytest

from longhop.errors import ConfigError
from longhop.operations.budgeting import Ledger, require_prices, rounds
from longhop.records.money import Price, Prices, Usage
from longhop.selection.rounds import MOST_ROUNDS
from longhop.spec.sections import Budget

PRICES = Prices(version="1", currency="USD", models={"m": Price(input=1.0, output=2.0)})


class Work:
    """Items of which each uses a share of the budget."""

    def __init__(self, *costs: float) -> None:
        self.costs = costs
        self.done = 0

    def used(self) -> float:
        return sum(self.costs[: self.done])

    def do(self, cap: float = 1.0) -> list[int]:
        """The sizes of the rounds."""
        sizes = []
        for taken in rounds(len(self.costs), self.used, cap):
            assert taken.start == self.done
            self.done = taken.stop
            sizes.append(len(taken))
        return sizes


def test_a_budget_that_is_never_reached_lets_everything_through():
    work = Work(*[0.0001] * 500)
    work.do()

    assert work.done == 500


@pytest.mark.parametrize("cost", [0.5, 0.07, 0.01, 0.0007])
def test_equal_items_are_taken_up_to_the_budget_and_not_beyond_it(cost: float):
    """The first round is taken blind; from then on it is known what an item costs."""
    work = Work(*[cost] * 5000)
    work.do()

    assert work.used() <= max(1.0, 4 * cost) + 1e-9
    assert work.used() > min(0.99, 1.0 - 2 * cost)


def test_items_that_grow_dear_overrun_a_budget_by_one_round_at_most():
    work = Work(*[0.001] * 100, *[0.1] * 400)
    sizes = work.do()

    assert work.used() - 1.0 <= 0.1 * sizes[-1] + 1e-9


def test_there_are_few_rounds():
    """Each is several task runs."""
    assert len(Work(*[1e-5] * 90_000).do()) <= MOST_ROUNDS


@pytest.mark.parametrize("items", [0, 3])
def test_there_is_a_round_even_where_nothing_may_be_taken(items: int):
    """What comes after it needs its artifacts."""
    assert list(rounds(items, lambda: 1.0, 1.0)) == [range(0)]


def test_the_scarcest_of_answers_tokens_and_money_counts():
    ledger = Ledger(Budget(answers=10, tokens=1000, money=0.01), PRICES)
    ledger.charge({"ask": {"m": Usage(answers=1, input_tokens=100, output_tokens=100)}})
    assert ledger.used == pytest.approx(0.2)

    ledger.charge({"ask": {"m": Usage(answers=1, input_tokens=0, output_tokens=450)}})
    assert ledger.used == pytest.approx(0.45)

    cheap = Ledger(Budget(money=0.001), PRICES)
    cheap.charge({"ask": {"m": Usage(answers=1, input_tokens=500, output_tokens=250)}})
    assert cheap.used == pytest.approx(1.0)


def test_a_budget_in_money_needs_the_price_of_every_model():
    """Nobody could say when it is used up."""
    budget = Budget(money=5.0)
    require_prices(budget, PRICES, frozenset({"m"}))
    with pytest.raises(ConfigError, match="no price of other"):
        require_prices(budget, PRICES, frozenset({"m", "other"}))
    with pytest.raises(ConfigError, match="LONGHOP_PRICES"):
        require_prices(budget, None, frozenset({"m"}))
