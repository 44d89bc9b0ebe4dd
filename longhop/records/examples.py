"""Contexts and the rows that are published."""

from enum import StrEnum

from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.questions import Composition, Scope
from longhop.records.verification import Attempt, Judgement, Probe, ProbeKind


class Role(StrEnum):
    """What a document does in a context."""

    SUPPORTING = "supporting"
    SAME_CLUSTER = "same_cluster"
    RETRIEVED = "retrieved"
    SYNTHETIC = "synthetic"
    RANDOM = "random"


class Template(StrEnum):
    """How documents stand in a context: with a number and a title, a title, or nothing."""

    NUMBERED = "numbered"
    TITLED = "titled"
    BARE = "bare"


class Arm(StrEnum):
    """What a row is put with, to see what its context is for.

    none: nothing; gold: its supporting documents alone; n1, n5, n10: these among so many documents
    in all, if it has as many; wrong: distractors alone, as long as its context.
    """

    NONE = "none"
    GOLD = "gold"
    N1 = "n1"
    N5 = "n5"
    N10 = "n10"
    WRONG = "wrong"


class Layout(Record):
    """The fixed shape of one context, decided from its row alone before anything is composed.

    {"row_id": "m-9be1…", "tokens": 4096, "tokenizer": "tekken", "depths": [0.3142, 0.8142],
     "same_cluster_share": 0.5, "retrieved_share": 0.0, "synthetic_share": 0.0,
     "template": "numbered"}

    `depths` holds, for each supporting document in the order of the hops, the share of the context
    that should stand before the middle of its evidence. The shares are of the distractors; the rest
    of these is drawn from all other documents. An anchored row says which document it is about.
    """

    row_id: str
    tokens: int
    tokenizer: str
    depths: tuple[float, ...]
    same_cluster_share: float
    retrieved_share: float = 0.0
    synthetic_share: float = 0.0
    template: Template = Template.NUMBERED
    anchored: bool = False


class Segment(Record):
    """A part [start, end) of a document, and where [context_start, context_end) it lies.

    {"document_id": "orlin", "role": "supporting", "start": 0, "end": 1204,
     "context_start": 2210, "context_end": 3414}
    """

    document_id: str
    role: Role
    start: int
    end: int
    context_start: int
    context_end: int


class Evidence(Record):
    """Where the evidence of a hop lies in the context: characters [start, end).

    {"hop": 1, "document_id": "orlin", "start": 2251, "end": 2292, "text": "Orlin was founded by …"}
    """

    hop: int
    document_id: str
    start: int
    end: int
    text: str


class ComposedContext(Record):
    """A context as references into documents: its text is made when the row is rendered.

    {"row_id": "m-9be1…", "language": "en", "segments": [{…}, …], "evidence": [{…}, …],
     "tokens": 4091, "characters": 18240, "sha256": "…", "layout": {…}}
    """

    row_id: str
    language: str
    segments: tuple[Segment, ...]
    evidence: tuple[Evidence, ...]
    tokens: int
    characters: int
    sha256: str
    layout: Layout


class Hop(Record):
    """One step of a published row.

    {"question": "Where was Ada born?", "answer": "Orlin", "document_id": "ada",
     "chunk_id": "c-91ab3f0e5d7c2b84", "relation": "place of birth"}
    """

    question: str
    answer: str
    document_id: str
    chunk_id: str
    relation: str


class Example(Record):
    """One row of the published dataset, with all that is needed to defend it.

    {"id": "m-9be1…", "question": "Who founded the place where Ada was born?", "answer": "Brisa
     Holm", "context": "…", "composition": "bridge", "scope": "inter", "hop_count": 2, "hops":
     [{…}, {…}], "evidence": [{…}, {…}], "segments": [{…}, …], "tokens": 4091, "tokenizer":
     "tekken", "language": "en", "split": "train", "licenses": ["CC0-1.0"], "judgements": [{…}],
     "probes": [{…}, …], "proof": "complete", "history": [], "composer": "rehearsal-1",
     "method": "multi_hop", "drawn_by": ["hybrid, round 3, chosen: 1.84"], "layout": {…},
     "anchor": "", "domains": ["geography"], "stale": []}

    `stale` names the kinds of its probes that were of another context than it has now.
    """

    id: str
    question: str
    answer: str
    context: str
    composition: Composition
    scope: Scope
    hop_count: int
    hops: tuple[Hop, ...]
    evidence: tuple[Evidence, ...]
    segments: tuple[Segment, ...]
    tokens: int
    tokenizer: str
    language: str
    split: Split
    licenses: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    probes: tuple[Probe, ...]
    proof: str
    history: tuple[Attempt, ...]
    composer: str
    method: str
    drawn_by: tuple[str, ...]
    layout: Layout | None = None
    anchor: str = ""
    domains: tuple[str, ...] = ()
    stale: tuple[ProbeKind, ...] = ()


class Stale(Record):
    """A row whose distractors are not those that it was asked with.

    {"row_id": "m-9be1f2a4c07d8e31"}
    """

    row_id: str
