"""What became of a row between a version and its base, and why."""

from enum import StrEnum

from longhop.records.base import Record


class What(StrEnum):
    """What became of a row: those that are kept are counted and not listed."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Why(StrEnum):
    """Why a row was added, removed or changed: a closed list, decided from the two versions alone.

    Removed: `taken_down`, `document_gone` (a document is not in the corpus any more),
    `document_turned_away` (it is, and did not pass), `document_changed` (it reads otherwise),
    `not_drawn` (it was not asked about), `reworded` (its group has another question now),
    `now_turned_away` (the row, its group, or a question or chunk of it), `not_made` (none of these:
    its questions were not put together again).

    Added: `new_document`, `document_changed`, `newly_drawn`, `reworded`, `now_accepted` (it was
    turned away before), `new_group` (none of these).

    Changed: `document_changed` (a document of its context reads otherwise), `layout` (length,
    template or depths), `context` (other distractors, or others of their words), `wording` (its
    question, answer or hops), `probes` (or its proof), `judgements`, `provenance` (all else).
    """

    TAKEN_DOWN = "taken_down"
    DOCUMENT_GONE = "document_gone"
    DOCUMENT_TURNED_AWAY = "document_turned_away"
    DOCUMENT_CHANGED = "document_changed"
    NOT_DRAWN = "not_drawn"
    NOW_TURNED_AWAY = "now_turned_away"
    NOT_MADE = "not_made"
    NEW_DOCUMENT = "new_document"
    NEWLY_DRAWN = "newly_drawn"
    NOW_ACCEPTED = "now_accepted"
    NEW_GROUP = "new_group"
    REWORDED = "reworded"
    LAYOUT = "layout"
    CONTEXT = "context"
    WORDING = "wording"
    PROBES = "probes"
    JUDGEMENTS = "judgements"
    PROVENANCE = "provenance"


class RowChange(Record):
    """One row that is not as it was: a line of a version's `changes.parquet`.

    {"row_id": "m-9be1f2a4c07d8e31", "what": "removed", "why": "document_gone",
     "detail": "mq_806e6a21b3ba"}

    `detail` names the documents, the stage and reason, or what else of the row is other. Of several
    reasons the first of the list in `Why` stands in `why`, so that counts add up.
    """

    row_id: str
    what: What
    why: Why
    detail: str = ""
