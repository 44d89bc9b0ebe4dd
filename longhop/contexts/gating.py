"""The seed gate: only pairs that need a document are given one (arXiv 2502.15592, §4.2)."""

import re
from collections.abc import Sequence

from longhop.matching import mentions, normalise
from longhop.records.accounts import Reason, Rejection
from longhop.records.seeds import SeedPair
from longhop.verification.checks import find_unresolved

_NO_EVIDENCE = frozenset({("yes",), ("no",), ("unanswerable",), ("是",), ("否",), ("不", "是")})
_SPECIFIC = re.compile(r"(?<=\s)[\"“']?[A-Z\d]|\d|[《「“]")


def gate_seeds(seeds: Sequence[SeedPair]) -> tuple[list[SeedPair], list[Rejection]]:
    """The seeds that name what they ask about and have an answer that a document can state."""
    kept, rejected = [], []
    for seed in seeds:
        finding = _find(seed)
        if finding is None:
            kept.append(seed)
            continue
        reason, detail = finding
        rejected.append(
            Rejection(stage="gate", item=seed.id, reason=reason, detail=detail, raw=seed.question)
        )
    return kept, rejected


def _find(seed: SeedPair) -> tuple[Reason, str] | None:
    if mentions(seed.question, seed.answer):
        return Reason.ANSWER_LEAK, f"{seed.answer!r} is named"
    if normalise(seed.answer) in _NO_EVIDENCE:
        return Reason.SEED_NOT_SPECIFIC, f"no document states {seed.answer!r}"
    unclear = find_unresolved(seed.question, seed.language)
    if unclear is not None:
        return Reason.NOT_SELF_CONTAINED, f"{unclear!r} has nothing to name"
    # Chinese writes no capitals, nor do most scripts, so only its length can tell there.
    without_capitals = seed.language == "zh" or seed.question.lower() == seed.question.upper()
    named = len(seed.question) >= 8 if without_capitals else _SPECIFIC.search(seed.question)
    return None if named else (Reason.SEED_NOT_SPECIFIC, "the question names nothing")
