"""What was turned away, why, and the counts that must balance."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pydantic import model_validator

from longhop.records.base import Record


class Reason(StrEnum):
    """Why something was rejected: the closed list that the funnel counts."""

    BROKEN_FILE = "broken_file"
    BROKEN_LINE = "broken_line"
    MISSING_TEXT = "missing_text"
    DUPLICATE_ID = "duplicate_id"
    TAKEN_DOWN = "taken_down"
    NOT_ALLOWED = "license_not_allowed"
    UNWANTED_LANGUAGE = "unwanted_language"
    PERSONAL_DATA = "personal_data"
    NOT_PROSE = "not_prose"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EXACT_DUPLICATE = "exact_duplicate"
    NEAR_DUPLICATE = "near_duplicate"
    CONTAINED = "contained"
    CONTAMINATED = "contaminated"
    NOTHING_TO_ASK = "nothing_to_ask"
    UNPARSABLE = "unparsable"
    UNANSWERABLE = "unanswerable"
    EVIDENCE_MISSING = "evidence_missing"
    ANSWER_NOT_IN_EVIDENCE = "answer_not_in_evidence"
    ANSWER_LEAK = "answer_leak"
    NOT_SELF_CONTAINED = "not_self_contained"
    WRONG_LANGUAGE = "wrong_language"
    BAD_LENGTH = "bad_length"
    DUPLICATE_QUESTION = "duplicate_question"
    DUPLICATE_EVIDENCE = "duplicate_evidence"
    DUPLICATE_HOP = "duplicate_hop"
    CIRCLE = "circle"
    SUSPICIOUS = "suspicious"
    SHARED_EVIDENCE = "shared_evidence"
    SHORTCUT = "shortcut"
    BRIDGE_LEAK = "bridge_leak"
    WRONG_ANSWER = "wrong_answer"
    JUDGED_LOW = "judged_low"
    ANSWERED_CLOSED_BOOK = "answered_closed_book"
    NOT_ANSWERED = "not_answered"
    HOP_NOT_NEEDED = "hop_not_needed"
    ANSWERED_BY_DISTRACTORS = "answered_by_distractors"
    CONTEXT_OVERFLOW = "context_overflow"
    CAPPED = "capped"
    SEED_NOT_SPECIFIC = "seed_not_specific"
    NEEDS_NO_DOCUMENT = "needs_no_document"
    SEED_CAP = "seed_cap"
    UNKNOWN_FORM = "unknown_form"
    RESIDUE = "residue"
    ANSWER_COPIED = "answer_copied"
    ANSWER_NOT_COVERED = "answer_not_covered"


class FailureReason(StrEnum):
    """Why something could not be tried to its end."""

    REQUEST_REFUSED = "request_refused"


class LeftReason(StrEnum):
    """Why something was not taken up at all."""

    BLANK = "blank"
    NOT_DRAWN = "not_drawn"
    STOPPED = "stopped"
    BEYOND_LIMIT = "beyond_limit"
    REUSE_CAP = "reuse_cap"
    ENOUGH_GROUPS = "enough_groups"
    UNWANTED_MIX = "unwanted_mix"
    BUDGET = "budget"


class Rejection(Record):
    """A record turned away, with its reason and, where a model spoke, the raw reply.

    {"stage": "ask", "item": "c-91ab3f0e5d7c2b84", "reason": "evidence_missing",
     "detail": "the quote is not in the chunk", "raw": "Ada met Babbage in 1933."}
    """

    stage: str
    item: str
    reason: Reason
    detail: str = ""
    raw: str = ""


class TurnedAway(Rejection):
    """A rejection as it is published: a document's and a row's with where it stood in the corpus.

    {"stage": "clean", "item": "mq_806e6a21b3ba", "reason": "too_short",
     "detail": "12 of 50 characters", "raw": "Page missing", "file": "corpus/pages.jsonl",
     "line": 17}
    """

    file: str | None = None
    line: int | None = None


class Failure(Record):
    """A record that could not be tried to its end.

    {"stage": "ask", "item": "c-91ab3f0e5d7c2b84", "reason": "request_refused",
     "detail": "400: content policy"}
    """

    stage: str
    item: str
    reason: FailureReason
    detail: str = ""


class Balance(Record):
    """The counts of one stage in its own input unit: in = accepted + rejected + failed + left.

    {"stage": "ask", "unit": "chunk", "taken": 10, "accepted": 6, "rejected": {"unparsable": 1},
     "failed": {}, "left": {"not_drawn": 3}}
    """

    stage: str
    unit: str
    taken: int
    accepted: int
    rejected: dict[str, int] = {}
    failed: dict[str, int] = {}
    left: dict[str, int] = {}

    @model_validator(mode="after")
    def _adds_up(self) -> "Balance":
        out = self.accepted + sum(
            sum(part.values()) for part in (self.rejected, self.failed, self.left)
        )
        if out != self.taken:
            raise ValueError(
                f"{self.stage}: {self.taken} {self.unit}s went in and {out} came out of it"
            )
        return self

    def __add__(self, other: "Balance") -> "Balance":
        """The two counted as one stage."""
        return Balance(
            stage=self.stage,
            unit=self.unit,
            taken=self.taken + other.taken,
            accepted=self.accepted + other.accepted,
            rejected=_summed(self.rejected, other.rejected),
            failed=_summed(self.failed, other.failed),
            left=_summed(self.left, other.left),
        )


def count_reasons(items: Iterable[Rejection | Failure]) -> dict[str, int]:
    """How many items there are of each reason, by name."""
    return dict(sorted(Counter(str(item.reason) for item in items).items()))


def _summed(left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    return dict(sorted((Counter(left) + Counter(right)).items()))
