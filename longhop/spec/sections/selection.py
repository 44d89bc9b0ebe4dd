"""How documents are compared, grouped and chosen."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from longhop.records.numbers import NoTruth
from longhop.spec.sections.fields import Count, Place, Section, Share, SomeShare


class Embedding(Section):
    """Which model places documents."""

    model: str = Field(
        "all-MiniLM-L6-v2",
        description="The packaged model, a folder, or any sentence-transformers name of a hub, best"
        " with its revision: `name@revision`.",
    )
    precision: Literal["full", "half"] = Field(
        "full",
        description="half: products in 16 bits, two to three times as fast where the processor or"
        " card has units for it, and much slower where it has none.",
    )
    adapt: bool = Field(
        False,
        description="Whether it learns from the first documents' questions which documents give"
        " which; kept only if held-out documents find theirs better.",
    )


class Clustering(Section):
    """How documents are grouped by meaning."""

    dimensions: Count = Field(16, description="Dimensions that the sample is reduced to.")
    min_size: Annotated[int, Field(ge=2)] = Field(8, description="Documents a cluster needs.")
    sample: Annotated[int, Field(ge=1, le=30_000)] = Field(
        5000,
        description="Documents among which dense groups are looked for. Of more than ten times as"
        " many, or where most are in no such group or in one, k-means makes the clusters.",
    )
    clusters: Count | None = Field(
        None,
        description="Clusters that k-means makes, at once; as many as twice the square root of the"
        " documents, if it must, where no number is given.",
    )


PolicyName = Literal[
    "hybrid",
    "knn",
    "thompson",
    "equal",
    "epsilon_greedy",
    "similarity",
    "random",
    "exhaustive",
]
# Policies that learn nothing from what was asked, and those that cannot do without a reference.
BLIND = frozenset({"similarity", "random", "exhaustive"})
_AIMED = frozenset({"similarity", "equal"})


class Stopping(Section):
    """When asking ends before the documents do, or the budget; never if not given.

    With a reference set, pairs are those that come close to it; else all that pass the checks.
    """

    pairs: Count | None = Field(None, description="So many new pairs are enough.")
    recall: SomeShare | None = Field(
        None, description="The estimated share of all pairs to be had that is enough."
    )
    rate: Annotated[float, Field(gt=0, allow_inf_nan=False), NoTruth] | None = Field(
        None, description="The next documents would give fewer pairs each than this."
    )
    plateau: Share | None = Field(
        None,
        description="In three rounds, the pool has come closer to the reference by less than this.",
    )

    @property
    def stated(self) -> bool:
        """Whether there is any rule."""
        return any(value is not None for value in self.model_dump().values())


class Selection(Section):
    """Which documents are asked about (EQUAL, arXiv 2505.12250)."""

    policy: PolicyName = Field(
        "hybrid", description="How documents are chosen; similarity and equal need a reference."
    )
    documents: Count | None = Field(None, description="How many to ask about; all if not given.")
    share: SomeShare | None = Field(
        None, description="The share to ask about, instead of a number."
    )
    reference: Place | None = Field(
        None, description="JSONL or JSONL.gz with `question` and `answer`: what to come close to."
    )
    objective: Literal["pairs", "rows"] = Field(
        "pairs",
        description="What a document is worth: its pairs, or the proved multi-hop rows on it.",
    )
    delay: Annotated[int, Field(ge=0, le=3), NoTruth] = Field(
        0, description="Rounds that may be on their way while the next is chosen."
    )
    audit: Annotated[float, Field(ge=0, le=0.5), NoTruth] = Field(
        0.1,
        description="The share of each round that hybrid draws by chance, to tell what is left.",
    )
    stop: Stopping = Stopping()

    @model_validator(mode="after")
    def _fits(self) -> "Selection":
        if self.policy in _AIMED and self.reference is None:
            raise ValueError(
                f"policy {self.policy} needs a reference set: give selection.reference"
            )
        if self.stop.plateau is not None and self.reference is None:
            raise ValueError("stop.plateau needs a reference set: give selection.reference")
        if self.documents is not None and self.share is not None:
            raise ValueError("documents and share both say how many to ask about: give one")
        if self.policy == "exhaustive" and (self.bounded or self.stop.stated):
            raise ValueError("policy exhaustive asks about all: leave documents, share, stop out")
        if self.policy in BLIND and self.objective == "rows":
            raise ValueError(f"objective rows teaches policy {self.policy} nothing: take hybrid")
        return self

    @property
    def bounded(self) -> bool:
        """Whether it says how many documents are asked about."""
        return self.documents is not None or self.share is not None

    @property
    def heeds_modes(self) -> bool:
        """Whether pairs count by how much the mode of the reference that they serve is wanted."""
        aimed = self.reference is not None
        return aimed and self.policy == "hybrid" and self.objective == "pairs"

    def most(self, documents: int) -> int:
        """How many of so many documents are asked about at most."""
        if self.share is not None:
            return min(documents, max(1, round(self.share * documents)))
        return documents if self.documents is None else min(documents, self.documents)

    def chooses(self, documents: int, *, budgeted: bool) -> bool:
        """Whether anything can end before all documents are asked, so that it matters who is."""
        return self.most(documents) < documents or budgeted or self.stop.stated
