"""What checks, judges and probes say of a candidate."""

from collections.abc import Sequence
from enum import StrEnum

from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.questions import Composition, HopGroup, HopLink, Scope, SingleHop


class Judgement(Record):
    """What a judge says of a question, its rationale written first.

    {"rationale": "One reading; each step is needed.", "model": "rehearsal-1", "sample": 0,
     "clarity": 9, "faithfulness": 10, "coherence": 9, "complexity": 8, "high": null}

    Scores from 1 to 10 by criterion; a judge that sorts into classes gives `high` instead.
    """

    rationale: str
    model: str
    sample: int = 0
    clarity: int | None = None
    faithfulness: int | None = None
    coherence: int | None = None
    complexity: int | None = None
    high: bool | None = None

    @property
    def score(self) -> float:
        """The mean of the four criteria; 1 or 0 for a class."""
        if self.high is not None:
            return float(self.high)
        given = (self.clarity, self.faithfulness, self.coherence, self.complexity)
        return sum(each or 0 for each in given) / 4


def mean_score(judgements: Sequence[Judgement]) -> float | None:
    """The mean of what judges gave; None where there are none."""
    return sum(each.score for each in judgements) / len(judgements) if judgements else None


class ProbeKind(StrEnum):
    """What a solver was shown with the question."""

    FULL = "full"
    CLOSED_BOOK = "closed_book"
    LEAVE_ONE_OUT = "leave_one_out"
    DISTRACTORS = "distractors"


class ComparedBy(StrEnum):
    """What held an answer against the right one."""

    WORDS = "words"
    JUDGE = "judge"


class Probe(Record):
    """One attempt to answer a question, with a given part of its evidence.

    {"kind": "leave_one_out", "left_out": "c-91ab3f0e5d7c2b84", "answer": "", "correct": false,
     "model": "rehearsal-1", "compared": "words"}

    `compared` says how the answer was held against the right one: by its words, numbers and
    aliases, or by a judge, where it is a text in which words may differ.
    """

    kind: ProbeKind
    left_out: str
    answer: str
    correct: bool
    model: str
    compared: ComparedBy = ComparedBy.WORDS


class Attempt(Record):
    r"""An earlier wording of a question, and why it was turned away.

    {"question": "Who founded Orlin, the place where Ada was born?", "answer": "Brisa",
     "reason": "bridge_leak", "detail": "\\"Orlin\\" is named", "score": null}

    `score` is what its judges gave it, if they saw it.
    """

    question: str
    answer: str
    reason: str
    detail: str
    score: float | None = None


class MultiHop(Record):
    """A question merged from its hops, and all that is known of it so far.

    {"id": "m-9be1…", "group_id": "g-07aa…", "question": "Who founded the place where Ada was
     born?", "answer": "Brisa Holm", "composition": "bridge", "scope": "inter", "hops": [{…}, {…}],
     "links": [{…}], "composer": "rehearsal-1", "judgements": [{…}], "probes": [{…}, …],
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
    judgements: tuple[Judgement, ...] = ()
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
    def score(self) -> float | None:
        """The mean of what its judges gave; None where none did."""
        return mean_score(self.judgements)

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
