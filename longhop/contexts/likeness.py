"""Seed pairs that are there twice: in the same words, or nearly so."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from longhop.corpus.shingles import shingle_hashes
from longhop.matching import normalise
from longhop.records.accounts import Reason
from longhop.records.seeds import SeedPair
from longhop.verification.answers import is_text
from longhop.verification.checks.naming import names_in

# Pairs that share so many of their runs of words are one.
_ALIKE = 0.8
_WIDTH, _WIDTH_OF_TEXTS = 2, 5
# Two that are alike enough have one of so many smallest hashes in common, all but for sure.
_LOOKED_UP = 8


def find_twins(seeds: Sequence[SeedPair]) -> dict[str, tuple[Reason, str]]:
    """Why seeds are ones that come before them, by id.

    Questions that differ in a name or a number are two, and so are those with different short
    answers; long answers may differ in some words.
    """
    twins: dict[str, tuple[Reason, str]] = {}
    by_words: dict[tuple[object, ...], str] = {}
    by_hash: dict[tuple[object, int], list[tuple[str, frozenset[int]]]] = defaultdict(list)
    for seed in seeds:
        words = (seed.language, normalise(seed.question), normalise(seed.answer))
        if words in by_words:
            twins[seed.id] = Reason.EXACT_DUPLICATE, f"of {by_words[words]}"
            continue
        group, runs = _group(seed), _runs(seed)
        keys = [(group, each) for each in sorted(runs)[:_LOOKED_UP]]
        near = _nearest(runs, [other for key in keys for other in by_hash.get(key, ())])
        if near is not None:
            twins[seed.id] = Reason.NEAR_DUPLICATE, f"of {near[0]} (alike by {near[1]:.2f})"
            continue
        by_words[words] = seed.id
        for key in keys:
            by_hash[key].append((seed.id, runs))
    return twins


def _group(seed: SeedPair) -> tuple[object, ...]:
    """What two seeds have in common if they are near each other at all."""
    if is_text(seed.answer):
        return seed.language, normalise(seed.question)
    names = Counter(
        word for each in names_in(seed.question, seed.language) for word in normalise(each)
    )
    digits = Counter(word for word in normalise(seed.question) if word[0].isdigit())
    told = frozenset(names.items()), frozenset(digits.items())
    return seed.language, normalise(seed.answer), *told


def _runs(seed: SeedPair) -> frozenset[int]:
    if is_text(seed.answer):
        return frozenset(map(int, shingle_hashes(seed.answer, _WIDTH_OF_TEXTS)))
    return frozenset(map(int, shingle_hashes(seed.question, _WIDTH)))


def _nearest(
    runs: frozenset[int], others: Sequence[tuple[str, frozenset[int]]]
) -> tuple[str, float] | None:
    """The first of the others that is alike enough, and how much it is."""
    for name, other in dict(others).items():
        alike = len(runs & other) / len(runs | other)
        if alike >= _ALIKE:
            return name, alike
    return None
