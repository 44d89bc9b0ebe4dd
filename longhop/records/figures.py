"""Figures that are published beside the rows, since the rows alone cannot tell them.

They hold numbers and no text of a document, nor the name of one or of a person.
"""

from longhop.records.base import Record


class JudgedScore(Record):
    """What judges gave a wording, and what it had to reach; nothing where no score is known to do.

    {"score": 7.5, "threshold": 8.0, "kept": false, "language": "en"}

    Those that were published and those that were judged too low; a wording that passed the judge
    and fell later is neither.
    """

    score: float
    threshold: float | None
    kept: bool
    language: str


class MapPoint(Record):
    """A document on the map, in steps from -1000 to 1000, and how many rows rest on it.

    {"x": -412, "y": 93, "asked": true, "rows": 2}
    """

    x: int
    y: int
    asked: bool
    rows: int


class MappedCluster(Record):
    """A cluster: all of its documents, those that were asked, the rows on them, and some of them.

    {"cluster": 7, "documents": 120, "asked": 14, "rows": 9, "points": [{…}, …]}

    A row counts once for each document that its hops rest on.
    """

    cluster: int
    documents: int
    asked: int
    rows: int
    points: tuple[MapPoint, ...]


class MeasuredLabels(Record):
    """How far people agree with each other or with the judge on one question.

    {"who": "judge and people", "asked": "good", "rows": 120, "agreed": 111, "kappa": 0.74,
     "precision": 0.95, "precision_lower": 0.89, "recall": 0.9, "recall_lower": 0.82}

    Precision is the share of what the judge kept that people call good, recall the share of what
    they call good that it kept, each with its lower 95% bound (Wilson).
    """

    who: str
    asked: str
    rows: int
    agreed: int
    kappa: float | None
    precision: float | None = None
    precision_lower: float | None = None
    recall: float | None = None
    recall_lower: float | None = None
