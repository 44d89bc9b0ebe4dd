"""What an audit says of each row, and of all of them."""

from typing import Any

from longhop.records.accounts import Balance
from longhop.records.base import Record


class AuditedRow(Record):
    """A question of an audited set: its measures, and flags for what a person should look at.

    {"number": 17, "id": "2hop__1_2", "place": "train.jsonl.gz:18", "split": "train",
     "kind": "2hop", "context_number": 17, "context_tokens": 2310, "question_tokens": 14,
     "answer_tokens": 3, "around_tokens": 0, "context_characters": 10211, "documents": 20,
     "repeated_documents": 0,
     "supporting": 2, "hops": 2, "stated": true, "lost_evidence": 0, "depths": [0.21, 0.77],
     "depth_from": "stated", "answer_kind": "name", "answerable": true, "verbatim": 2,
     "occurrences": 2, "answer_documents": 1, "answer_in_question": false, "choice": false,
     "restated": 0.1, "one_sentence": false, "linked": true, "question_language": "en",
     "answer_language": "en", "context_language": "en", "stated_language": "",
     "question_touches": "", "context_touches": "", "licenses": [], "flags": []}

    `depths` are shares of the context before the middle of each piece of evidence; `depth_from` is
    `stated`, `answer` (where the answer first stands) or empty. Of `verbatim` and `occurrences` the
    one counts to the letter, the other by words. `restated` is the share of the question's runs of
    words that the context has. `twin` is the number of the first row with the same question, or
    nearly; `context_twin` that of the first such context.
    """

    number: int
    id: str
    place: str
    split: str
    kind: str
    context_number: int
    context_tokens: int
    question_tokens: int
    answer_tokens: int
    around_tokens: int
    context_characters: int
    documents: int
    repeated_documents: int
    supporting: int | None
    hops: int | None
    stated: bool
    lost_evidence: int
    depths: tuple[float, ...]
    depth_from: str
    answer_kind: str
    answerable: bool
    verbatim: int
    occurrences: int
    answer_documents: int
    answer_in_question: bool
    choice: bool
    restated: float
    one_sentence: bool
    linked: bool | None
    question_language: str
    answer_language: str
    context_language: str
    stated_language: str
    question_touches: str
    context_touches: str
    licenses: tuple[str, ...]
    flags: tuple[str, ...] = ()
    twin: int | None = None
    context_twin: int | None = None


class Audit(Record):
    """The figures of an audit, as `audit.json` has them; every share is given by its counts.

    {"version": "v-1a2b…", "files": {"train.jsonl.gz": "musique"},
     "inputs": {"train.jsonl.gz": "…"}, "tokenizer": "tekken", "benchmarks": [], "sampled": null,
     "balance": {"taken": 60, …},
     "questions": 60, "contexts": 60, "lengths": {…}, "depth": {…}, "duplicates": {…},
     "answers": {…}, "hops": {…}, "languages": {…}, "contamination": {…}, "splits": {…},
     "licenses": {…}, "flags": {…}, "proof": {}}
    """

    version: str
    files: dict[str, str]
    inputs: dict[str, str]
    tokenizer: str
    benchmarks: tuple[str, ...]
    sampled: int | None
    balance: Balance
    questions: int
    contexts: int
    lengths: dict[str, Any]
    depth: dict[str, Any]
    duplicates: dict[str, Any]
    answers: dict[str, Any]
    hops: dict[str, Any]
    languages: dict[str, Any]
    contamination: dict[str, Any]
    splits: dict[str, Any]
    licenses: dict[str, int]
    flags: dict[str, int]
    proof: dict[str, Any]
