"""What came of adapting an embedder to the pairs that documents gave, and its weights."""

from longhop.records.base import Record


class Retrieval(Record):
    """How well documents find the pairs they gave, among those of all held-out documents.

    {"recall_at_10": 0.71, "reciprocal_rank": 0.52}

    A pair's rank counts the pairs of other documents that are as near or nearer; both are means
    over documents of the mean over their pairs.
    """

    recall_at_10: float
    reciprocal_rank: float


class Adaptation(Record):
    """Whether an adapted embedder takes the place of the one it was made of, and why.

    {"kept": true, "reason": "…", "before": {…}, "after": {…}, "weights": "3c1f…",
     "trained_on": 412, "held_out": 58}

    `before` and `after` are of the held-out documents, whose number `held_out` is, and nothing
    where it was not tried; `trained_on` counts pairs. `weights` names those that were kept, and is
    empty if none were.
    """

    kept: bool
    reason: str
    before: Retrieval | None
    after: Retrieval | None
    weights: str
    trained_on: int
    held_out: int


class WeightsPart(Record):
    """A part of a file of a model, in base 64: one row of the artifact that the model is.

    {"file": "1_Pooling/config.json", "part": 0, "data": "ewogICJ3b3JkX2VtYmVk…"}
    """

    file: str
    part: int
    data: str
