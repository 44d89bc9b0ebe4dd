"""Fresh money: what this process has spent on answers, and the limit on it."""

from longhop.errors import ConfigError, SpendLimitReached
from longhop.records.model import ModelAnswer
from longhop.records.money import Bill, Prices, Usage


class Purse:
    """Counts fresh answers as they come, and says when no more may be asked for.

    What remembered answers had cost does not count: it was paid by another run.
    """

    def __init__(self, prices: Prices | None = None, limit: float | None = None) -> None:
        self.prices = prices
        self.limit = limit
        self.fresh: Bill = {}
        self.spent = 0.0

    def pay(self, model: str, answer: ModelAnswer, *, in_batch: bool = False) -> None:
        """Count a fresh answer."""
        self.fresh[model] = self.fresh.get(model, Usage()) + answer.usage
        price = self.prices.models.get(model) if self.prices else None
        if price is not None:
            self.spent += price.cost(answer.usage) * (price.batch if in_batch else 1.0)

    @property
    def cost(self) -> float | None:
        """What was spent, or None where there is no list or it lacks a model that answered."""
        known = self.prices is not None and self.fresh.keys() <= self.prices.models.keys()
        return self.spent if known else None

    @property
    def is_empty(self) -> bool:
        """Whether the limit is reached."""
        return self.limit is not None and self.spent >= self.limit

    def reached(self) -> SpendLimitReached:
        """The error that says so."""
        assert self.prices is not None and self.limit is not None
        return SpendLimitReached(
            f"the spend limit of {self.prices.told(self.limit)} is reached:"
            f" {self.prices.told(self.spent)} spent so far in this run, and what is on its way"
            " comes on top. Every answer is kept; raise LONGHOP_SPEND_LIMIT, or build again to go"
            " on with a fresh limit."
        )

    def require_prices(self, models: frozenset[str]) -> None:
        """Refuse a limit that could not be held.

        Raises:
            ConfigError: There is a limit, and the list lacks a model that would be asked.
        """
        if self.limit is None or self.prices is None:
            return
        if unknown := sorted(models - self.prices.models.keys()):
            raise ConfigError(
                f"LONGHOP_SPEND_LIMIT cannot be held: the price list of {self.prices.version} has"
                f" no price of {', '.join(unknown)}"
            )
