"""What checks, judges and probes say of a candidate."""

from enum import StrEnum

from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.questions import Composition, HopGroup, HopLink, Scope, SingleHop


class Judgement(Record):
    """A judge's scores from 1 to 10, its rationale written first.

    {"rationale": "One reading; each step is needed.", "clarity": 9, "faithfulness": 10,
     "coherence": 9, "complexity": 8, "model": "rehearsal-1"}
    """

    rationale: str
    clarity: int
    faithfulness: int
    coherence: int
    complexity: int
    model: str

    @property
    def score(self) -> float:
        """The mean of the four criteria."""
        return (self.clarity + self.faithfulness + self.coherence + self.complexity) / 4


class ProbeKind(StrEnum):
    """What a solver was shown with the question."""

    FULL = "full"
    CLOSED_BOOK = "closed_book"
    LEAVE_ONE_OUT = "leave_one_out"


class Probe(Record):
    """One attempt to answer a question, with a given part of its evidence.

    {"kind": "leave_one_out", "left_out": "c-91ab3f0e5d7c2b84", "answer": "", "correct": false,
     "model": "rehearsal-1"}
    """

    kind: ProbeKind
    left_out: str
    answer: str
    correct: bool
    model: str


class Attempt(Record):
    r"""An earlier wording of a question, and why it was turned away.

    {"question": "Who founded Orlin, the place where Ada was born?", "answer": "Brisa",
     "reason": "bridge_leak", "detail": "\\"Orlin\\" is named"}
    """

    question: str
    answer: str
    reason: str
    detail: str


class MultiHop(Record):
    """A question merged from its hops, and all that is known of it so far.

    {"id": "m-9be1…", "group_id": "g-07aa…", "question": "Who founded the place where Ada was
     born?", "answer": "Brisa Holm", "composition": "bridge", "scope": "inter", "hops": [{…}, {…}],
     "links": [{…}], "composer": "rehearsal-1", "judgement": {…}, "probes": [{…}, …],
     "proof": "complete", "history": []}
    """

    id: str
    group_id: str
    question: str
    answer: str
    composition: Composition
    scope: Scope
    hops: tuple[SingleHop, ...]
    composer: str
    links: tuple[HopLink, ...] = ()
    judgement: Judgement | None = None
    probes: tuple[Probe, ...] = ()
    proof: str = "none"
    history: tuple[Attempt, ...] = ()

    @property
    def language(self) -> str:
        """The language of all of its hops."""
        return self.hops[0].language

    @property
    def split(self) -> Split:
        """The split of all of its hops."""
        return self.hops[0].split

    @property
    def evidence_chunks(self) -> tuple[str, ...]:
        """The distinct chunks that its hops rest on, in the order of the hops."""
        return tuple(dict.fromkeys(hop.chunk_id for hop in self.hops))


class Returned(Record):
    """A group whose question was turned away, on its way to be worded anew.

    {"group": {…}, "history": [{…}]}
    """

    group: HopGroup
    history: tuple[Attempt, ...]
