"""Seed pairs that are nearly one are found without comparing all with all."""

import time
from random import Random

import pytest

from longhop.contexts.likeness import Likeness, find_twins
from longhop.corpus.shingles import shingle_hashes
from longhop.records.accounts import Reason
from longhop.records.seeds import SeedPair
from longhop.verification.answers import is_text
from longhop.verification.checks import Finding
from tests.longhop.contexts.seeding import seed


def twins(seeds: list[SeedPair]) -> list[Finding | None]:
    likeness = Likeness()
    for each in seeds:
        likeness.add(each)
    return list(find_twins(seeds, likeness))


def compared(seeds: list[SeedPair]) -> list[str]:
    """Those of nameless pairs with one answer that are like an earlier one, all with all."""
    kept: list[frozenset[int]] = []
    found = []
    for each in seeds:
        text, width = (each.answer, 5) if is_text(each.answer) else (each.question, 2)
        runs = frozenset(map(int, shingle_hashes(text, width)))
        if any(len(runs & it) / len(runs | it) >= 0.8 for it in kept):
            found.append(each.id)
        else:
            kept.append(runs)
    return found


def question(rng: Random, words: int, of: int) -> str:
    return " ".join(f"w{'abcdefghij'[rng.randrange(of)]}" for _ in range(words)) + "?"


@pytest.mark.parametrize("words", [2, 4, 8, 12, 20, 23, 27, 40])
def test_those_that_are_alike_are_those_that_a_comparison_of_all_finds(words: int):
    """None is missed, whether it is short or long, and wherever the two schemes meet."""
    rng = Random(words)
    asked = [question(rng, words, 10) for _ in range(60)]
    for each in list(asked):
        changed = each.removesuffix("?").split()
        for _ in range(rng.randrange(1, 4)):
            changed[rng.randrange(len(changed))] = "wz"
            asked.append(" ".join([*changed, *["wy"] * rng.randrange(2)]) + "?")
    pairs = [seed(each, "yes", id=f"s{n}") for n, each in enumerate(dict.fromkeys(asked))]
    found = [
        each.id
        for each, twin in zip(pairs, twins(pairs), strict=True)
        if twin is not None and twin[0] is Reason.NEAR_DUPLICATE
    ]

    assert found == compared(pairs)
    assert found or words < 8


def test_long_answers_are_compared_as_all_with_all_would_be():
    rng = Random(3)
    pairs = []
    for n in range(80):
        told = [f"word{rng.randrange(400)}" for _ in range(60)]
        for m in range(3):
            told[rng.randrange(60)] = f"other{m}"
            pairs.append(seed("Summarise the report.", " ".join(told), id=f"s{n}-{m}"))
    found = [each.id for each, twin in zip(pairs, twins(pairs), strict=True) if twin]

    assert found == compared(pairs)
    assert 20 < len(found) < 160


def test_nameless_questions_with_one_answer_are_not_compared_all_with_all():
    """As many again take little more than twice as long."""
    rng = Random(1)
    words = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in "rstvz"]

    def asked() -> str:
        one, other, third = (rng.choice(words) for _ in range(3))
        return f"is it so that the {one} of the {other} was near the {third}?"

    pairs = [seed(asked(), "yes", id=f"s{n}") for n in range(8000)]
    began = time.monotonic()
    twins(pairs)

    assert time.monotonic() - began < 30


def test_what_a_twin_is_one_of_is_the_first_that_stays():
    """A twin takes nobody with it: only seeds that stay are compared with."""
    first = seed("is the old mill by the red river near the town?", "yes", id="a")
    same = seed("Is the old mill by the red river near the town", "Yes.", id="b")
    near = seed("is the old mill by the red river near the town now?", "yes", id="c")

    assert twins([first, same, near]) == [
        None,
        (Reason.EXACT_DUPLICATE, "of a"),
        (Reason.NEAR_DUPLICATE, "of a (alike by 0.91)"),
    ]
