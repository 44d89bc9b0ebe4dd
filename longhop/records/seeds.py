"""Trusted pairs that context synthesis starts from, and where its documents come from."""

from enum import StrEnum

from longhop.records.base import Record
from longhop.records.corpus import Split


class Form(StrEnum):
    """The kinds of documents that are written, each with writing instructions of its own."""

    ENCYCLOPEDIA_ARTICLE = "encyclopedia article"
    ENCYCLOPEDIA_SET = "encyclopedia set"
    PAPER = "paper"
    REPORT = "report"
    TRANSCRIPT = "transcript"
    STORY = "story"
    NEWS = "news"
    CONTRACT = "contract"
    LOG = "log"
    MANUAL = "manual"
    TEXTBOOK = "textbook chapter"
    LETTERS = "letters"


class SeedPair(Record):
    """A question with a trusted answer, for which the model writes the missing document.

    {"id": "seed-17", "question": "Who repaired the Halden clock?", "answer": "Mira Tolle",
     "license": "CC0-1.0", "language": "en", "task": "squad", "form": "news", "anchored": false}

    `task` names the pairs that it is one of; `form` is that of its document, empty where the spec's
    counts. An anchored pair says only together with its document's name what it asks about.
    """

    id: str
    question: str
    answer: str
    license: str
    language: str
    task: str = ""
    form: str = ""
    anchored: bool = False


class Origin(Record):
    """What a written document was written for.

    {"document_id": "s-07aa…", "seed_id": "seed-17", "task": "squad", "form": "news",
     "split": "train", "anchored": false, "language": "en"}

    `seed_id` is the pair's id, or that of the row whose documents it stands in for. The row of an
    anchored document has to name it.
    """

    document_id: str
    seed_id: str
    task: str
    form: str
    split: Split
    anchored: bool
    language: str


# Of the tokens that a reply may have, so many are text: the rest is its form, and evidence twice.
ROOM = 0.6
# A word takes no fewer tokens than this in any language that has words.
FEWEST_TOKENS = 1.0
# The task of documents that were written for rows.
ROWS = "multi_hop"
