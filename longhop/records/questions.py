"""Questions: from those one chunk answers to those that need several."""

from enum import StrEnum

from longhop.records.base import Record
from longhop.records.corpus import Span, Split


class AnswerKind(StrEnum):
    """What an answer is."""

    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    WORK = "work"
    DATE = "date"
    NUMBER = "number"
    OTHER = "other"


class SingleHop(Record):
    """A question that one chunk answers on its own, with the spans that state the answer.

    {"id": "q-5f0c1f1be6bd0a55", "question": "When did Ada meet Babbage?", "answer": "1833",
     "evidence": [{"chunk_id": "c-91ab3f0e5d7c2b84", "start": 0, "end": 24}],
     "quote": "Ada met Babbage in 1833.", "subject": "Ada", "relation": "year of meeting",
     "kind": "date", "document_id": "ada", "license": "CC0-1.0", "language": "en",
     "split": "train"}
    """

    id: str
    question: str
    answer: str
    evidence: tuple[Span, ...]
    quote: str
    subject: str
    relation: str
    kind: AnswerKind
    document_id: str
    license: str
    language: str
    split: Split

    @property
    def chunk_id(self) -> str:
        """The chunk that the question was asked about."""
        return self.evidence[0].chunk_id


class Composition(StrEnum):
    """How the hops of a question hang together."""

    BRIDGE = "bridge"
    COMPARISON = "comparison"
    BRIDGE_COMPARISON = "bridge_comparison"
    SINGLE = "single"


class Scope(StrEnum):
    """Whether the hops rest on one document or on several."""

    INTRA = "intra"
    INTER = "inter"


class HopGroup(Record):
    r"""Single-hop questions that belong together, in the order in which they are answered.

    {"id": "g-07aa…", "composition": "bridge", "scope": "inter", "hops": [{…}, {…}],
     "why": "\\"Orlin\\" answers hop 1 and is what hop 2 asks about"}
    """

    id: str
    composition: Composition
    scope: Scope
    hops: tuple[SingleHop, ...]
    why: str

    @property
    def language(self) -> str:
        """The language of all of its hops."""
        return self.hops[0].language

    @property
    def split(self) -> Split:
        """The split of all of its hops."""
        return self.hops[0].split
