"""Which model does what, and how much of it a dataset may use."""

from typing import Annotated

from pydantic import Field

from longhop.spec.sections.fields import Count, ModelName, Money, Section, Share


class Budget(Section):
    """What a dataset may use, remembered answers counted like fresh ones; no limit if not given.

    Work is taken in rounds, and no round begins above the budget. `asking` and `writing` are the
    shares that single-hop questions and the documents of seed pairs may take, so that something is
    left for what comes after them.
    """

    answers: Count | None = Field(None, description="Most model answers.")
    tokens: Count | None = Field(None, description="Most tokens, read and written.")
    money: Money | None = Field(None, description="Most money, by the price list of the settings.")
    asking: Share = Field(0.5, description="The share of it that may go into asking.")
    writing: Share = Field(0.2, description="The share of it that may go into seed pairs.")

    @property
    def stated(self) -> bool:
        """Whether there is any limit."""
        return bool(self.caps)

    @property
    def caps(self) -> dict[str, float]:
        """The limits that there are, by name."""
        caps = {"answers": self.answers, "tokens": self.tokens, "money": self.money}
        return {name: cap for name, cap in caps.items() if cap is not None}


class Model(Section):
    """One model in one role."""

    name: ModelName
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    max_tokens: Count = 1024


class Models(Section):
    """Which model does what. A role that is not given takes `default`.

    `judges` are more judges, beside `judge`. `audit` judges and proves the audit's rows; without it
    the judges and the solver do so once more.
    """

    default: Model
    ask: Model | None = None
    merge: Model | None = None
    judge: Model | None = None
    judges: tuple[Model, ...] = ()
    audit: Model | None = None
    prove: Model | None = None
    write: Model | None = None

    def of(self, role: str) -> Model:
        """The model that plays a role."""
        chosen: Model | None = getattr(self, role)
        return chosen or self.default
