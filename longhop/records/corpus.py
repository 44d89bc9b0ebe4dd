"""Documents and what they are cut into."""

from enum import StrEnum

from longhop.records.base import Record


class Split(StrEnum):
    """The part of the dataset that a near-duplicate group, and all that rests on it, falls to."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


class Document(Record):
    """A source text with an id. After cleaning, `text` is what spans count in.

    {"id": "mq_806e6a21b3ba", "title": "Philadelphia", "text": "Philadelphia is also a major …",
     "license": "CC BY-SA 3.0", "language": "en", "domain": "geography"}

    `language` is an ISO 639-1 code; as read it is what the source says, and cleaning fills it in
    where that is nothing. `domain` is what the source says it is about, for caps alone.
    """

    id: str
    title: str
    text: str
    license: str
    language: str
    domain: str = ""


class Source(Record):
    """Where a document, or what was turned away at reading, stood in the corpus.

    {"item": "mq_806e6a21b3ba", "file": "corpus/pages.jsonl", "line": 17}

    It is kept beside the document, not in it: a file that gets another name changes no document.
    `line` counts rows where a file has no lines, and is nothing where the file is the document.
    """

    item: str
    file: str
    line: int | None


class Decoding(Record):
    """A document whose bytes were no UTF-8: where it stood, what they were taken for, the doubt.

    {"document_id": "d-5f0c1f1be6bd0a55", "place": "old/a.txt", "encoding": "cp1252", "doubt": 0.08}

    `doubt` is 0 where the bytes themselves say what they are, else 1 less the library's confidence.
    """

    document_id: str
    place: str
    encoding: str
    doubt: float


class Sketch(Record):
    """What is kept of a document's text so that its near-duplicates can be found.

    {"document_id": "mq_806e6a21b3ba", "words": "9f2c…", "characters": 812, "described": 3,
     "shingles": 131, "bands": [-81243…, …], "anchors": "q83v…"}

    `described` counts what its source says of it: its licence, a title, an id. `words` is a hash
    of all words in order; `bands` are hashes of parts of its MinHash signature,
    `anchors` the upper halves of a fixed quarter of its shingles, 32 bits each, in base 64.
    """

    document_id: str
    words: str
    characters: int
    described: int
    shingles: int
    bands: tuple[int, ...]
    anchors: str


class Membership(Record):
    """The near-duplicate group of a document, and the split that the whole group falls to.

    {"document_id": "mq_806e6a21b3ba", "group": "mq_806e6a21b3ba", "split": "train", "kept": true}
    """

    document_id: str
    group: str
    split: Split
    kept: bool


class Span(Record):
    """Characters [start, end) of a chunk, in code points of the cleaned text.

    {"chunk_id": "c-91ab3f0e5d7c2b84", "start": 16, "end": 23}
    """

    chunk_id: str
    start: int
    end: int


class Chunk(Record):
    """A contiguous part [start, end) of a document: the unit a model sees.

    {"id": "c-91ab3f0e5d7c2b84", "document_id": "mq_806e6a21b3ba", "title": "Philadelphia",
     "text": "Philadelphia is also …", "start": 0, "end": 812, "tokens": 171,
     "license": "CC BY-SA 3.0", "language": "en", "split": "train"}
    """

    id: str
    document_id: str
    title: str
    text: str
    start: int
    end: int
    tokens: int
    license: str
    language: str
    split: Split


class DocumentVector(Record):
    """The direction of a document in embedding space, in steps of 1/2047.

    Whole numbers, so that similarities are exact and ties fall the same way on every machine.

    {"document_id": "mq_806e6a21b3ba", "vector": [12, -83, 4, …]}
    """

    document_id: str
    vector: tuple[int, ...]


class Placement(Record):
    """The cluster that a document falls to under a codebook.

    {"document_id": "mq_806e6a21b3ba", "cluster": 7}
    """

    document_id: str
    cluster: int


class Codebook(Record):
    """The frozen centroids that place documents in clusters, as unit vectors in steps of 1/2047.

    {"method": "hdbscan", "weights": "3c1f…", "centroids": [[3, -20, …], …], "fitted_on": 2822}
    """

    method: str
    weights: str
    centroids: tuple[tuple[int, ...], ...]
    fitted_on: int


class Draw(Record):
    """A document that selection chose to ask about, and why.

    {"document_id": "mq_806e6a21b3ba", "policy": "hybrid", "score": 1.84, "round": 3,
     "reason": "audit", "chance": 0.04}

    `score` is what the policy ranked it by: new relevant pairs a unit of cost where it foresees
    them. `round` counts from 1 in the version that it was drawn for. `chance` is the probability
    with which it was drawn in its round, 0 where it was not left to chance.
    """

    document_id: str
    policy: str
    score: float
    round: int = 0
    reason: str = ""
    chance: float = 0.0

    @property
    def told(self) -> str:
        """Why it was drawn, in a few words."""
        where = f", round {self.round}, {self.reason}" if self.round else ""
        return f"{self.policy}{where}: {self.score:.4g}"
