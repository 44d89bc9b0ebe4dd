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
    DESCRIPTION = "description"
    REASON = "reason"
    PROCEDURE = "procedure"
    OTHER = "other"


class SingleHop(Record):
    """A question that one chunk answers on its own, with the spans that state the answer.

    `subject` is what the question is about, `subject_kind` what sort of thing that is, and
    `entities` whatever else it names; `aliases` are other names that the document has for the
    answer. They are what linking rests on. `mends` is the question that was turned away, and that
    it was asked in place of.

    {"id": "q-5f0c1f1be6bd0a55", "question": "When did Ada meet Babbage?", "answer": "1833",
     "evidence": [{"chunk_id": "c-91ab3f0e5d7c2b84", "start": 0, "end": 24}],
     "quote": "Ada met Babbage in 1833.", "subject": "Ada", "subject_kind": "person",
     "relation": "year of meeting", "kind": "date", "aliases": [], "entities": ["Babbage"],
     "document_id": "ada", "license": "CC0-1.0", "language": "en", "split": "train"}
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
    aliases: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    subject_kind: str = ""
    mends: str = ""

    @property
    def chunk_id(self) -> str:
        """The chunk that the question was asked about."""
        return self.evidence[0].chunk_id


class Composition(StrEnum):
    """How the hops of a question hang together.

    bridge: an answer is what a later hop asks about, in a chain or a tree; comparison: which of two
    numbers is larger; temporal: which of two dates is earlier, or the order of several;
    intersection: the one thing of which all hops tell; aggregate: the total of numbers;
    bridge_comparison: a comparison of two of which one is described by another hop.
    """

    BRIDGE = "bridge"
    COMPARISON = "comparison"
    TEMPORAL = "temporal"
    INTERSECTION = "intersection"
    AGGREGATE = "aggregate"
    BRIDGE_COMPARISON = "bridge_comparison"
    SINGLE = "single"


class Scope(StrEnum):
    """Whether the hops rest on one document or on several."""

    INTRA = "intra"
    INTER = "inter"


class HopLink(Record):
    """The answer of one hop is what a later one asks about, by the words that it has for it.

    {"head": 0, "tail": 1, "mention": "Orlin"}

    `head` and `tail` are the places of the hops in their group, from 0.
    """

    head: int
    tail: int
    mention: str


class HopGroup(Record):
    r"""Single-hop questions that belong together, in the order in which they are answered.

    {"id": "g-07aa…", "composition": "bridge", "scope": "inter", "hops": [{…}, {…}],
     "links": [{"head": 0, "tail": 1, "mention": "Orlin"}],
     "why": "\\"Orlin\\" answers hop 1 and is what hop 2 asks about"}
    """

    id: str
    composition: Composition
    scope: Scope
    hops: tuple[SingleHop, ...]
    why: str
    links: tuple[HopLink, ...] = ()

    @property
    def language(self) -> str:
        """The language of all of its hops."""
        return self.hops[0].language

    @property
    def split(self) -> Split:
        """The split of all of its hops."""
        return self.hops[0].split
