"""Trusted pairs that context synthesis starts from."""

from longhop.records.base import Record


class SeedPair(Record):
    """A question with a trusted answer, for which the model writes the missing document.

    {"id": "seed-17", "question": "Who repaired the Halden clock?", "answer": "Mira Tolle",
     "license": "CC0-1.0", "language": "en"}
    """

    id: str
    question: str
    answer: str
    license: str
    language: str
