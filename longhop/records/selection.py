"""Selection: what is known of documents before they are asked, and what came of asking them."""

from longhop.records.artifacts import Artifact
from longhop.records.base import Record


class Standing(Record):
    """A document as policies see it.

    {"document_id": "mq_806e6a21b3ba", "rank": 2071, "cost": 3, "cluster": 7,
     "closeness": [0.61, 0.55, 0.2], "neighbours": [412, 9], "nearness": [0.83, 0.79]}

    `rank` is its place in an order drawn by keyed hash; `cost` is its chunks; `closeness` its
    greatest similarity to the reference set, the mean of the five greatest and of all, and empty
    without one. `neighbours` are the places of the nearest documents in the order of their ids, and
    `nearness` their cosines; empty where no policy asks.
    """

    document_id: str
    rank: int
    cost: int
    cluster: int
    closeness: tuple[float, ...] = ()
    neighbours: tuple[int, ...] = ()
    nearness: tuple[float, ...] = ()


class Credit(Record):
    """What asking a document gave: a line of the ledger.

    {"document_id": "mq_806e6a21b3ba", "pairs": 4, "reward": 2.0, "failed": false}

    `reward` counts the new pairs that are close to the reference, or all new ones without one; with
    rows as the objective it is their share of the proved rows. Nothing is known of what a document
    would have given all of whose requests failed.
    """

    document_id: str
    pairs: int
    reward: float
    failed: bool = False


class FoundPair(Record):
    """A question with its answer, measured against the reference set.

    {"question_id": "q-5f0c1f1be6bd0a55", "document_id": "mq_806e6a21b3ba", "closeness": 0.71,
     "reference": 12, "relevant": true, "new": true}

    `reference` is the place of the nearest item of the set in the order of its ids, -1 without a
    set; `new` says that no pair before it is nearly the same.
    """

    question_id: str
    document_id: str
    closeness: float
    reference: int
    relevant: bool
    new: bool


class RoundTrace(Record):
    """A round of selection, and where the build stood after it.

    {"round": 3, "policy": "hybrid", "documents": 120, "failed": 0, "pairs": 301, "reward": 88.0,
     "asked": 410, "found": 204.0, "remaining": 310.5, "rate": 0.61,
     "distance": 0.41, "coverage": 0.62, "least_covered": 0.3, "chance": 0.01,
     "ended": ""}

    Of this round: its documents, those that failed, their pairs, and what counted of them. After
    it: all that were asked, all that was found, an estimate of what the others hold and of what the
    next documents would give each, the distance of the pool to the reference, and the share of the
    reference that is covered, of all and of the mode of it that is covered least. `chance` is how
    often as many of all pairs so far, drawn evenly, are as near to the reference as this round's.
    `ended` says why there was no next one. What is not known is -1.
    """

    round: int
    policy: str
    documents: int
    failed: int
    pairs: int
    reward: float
    asked: int
    found: float
    remaining: float = -1.0
    rate: float = -1.0
    distance: float = -1.0
    coverage: float = -1.0
    least_covered: float = -1.0
    chance: float = -1.0
    ended: str = ""


class Round(Record):
    """A round of which everything is known: references, one of each kind but the vectors.

    {"draws": {…}, "credits": {…}, "found": {…}, "vectors": [{…}, …], "trace": {…}}
    """

    draws: Artifact
    credits: Artifact
    found: Artifact
    vectors: tuple[Artifact, ...]
    trace: Artifact
