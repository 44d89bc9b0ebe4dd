"""Single questions with their answers, as they are published."""

from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.questions import AnswerKind


class PairEvidence(Record):
    """Where a document states the answer: characters [start, end) of its cleaned text.

    {"start": 2251, "end": 2292, "text": "Orlin was founded by Brisa Holm in 1640."}
    """

    start: int
    end: int
    text: str


class Pair(Record):
    """A question that one document answers, with all that is needed to defend it.

    {"id": "q-5f0c1f1be6bd0a55", "question": "Who founded Orlin?", "answer": "Brisa Holm",
     "kind": "person", "subject": "Orlin", "relation": "founder", "document_id": "orlin",
     "title": "Orlin", "evidence": [{…}], "language": "en", "split": "train",
     "license": "CC0-1.0", "relevant": true, "closeness": 0.71, "reference": "seed-91ab…",
     "drawn_by": "hybrid, round 3, chosen: 1.84"}

    `relevant` says that it is as close to the reference set as the items of that are to each other,
    `closeness` is its cosine to the nearest of them, and `reference` that item's id; without a set
    all pairs are relevant, and there is none.
    """

    id: str
    question: str
    answer: str
    kind: AnswerKind
    subject: str
    relation: str
    document_id: str
    title: str
    evidence: tuple[PairEvidence, ...]
    language: str
    split: Split
    license: str
    relevant: bool
    closeness: float
    reference: str
    drawn_by: str
