"""Vectors of words, in place of the packaged embedder, which takes 20 ms of a core a question.

Each word, and each pair of words, has a direction of its own, drawn from its hash, and weighs what
it is rare, so names most. `compare_embedders` holds what gathering finds with them against what it
finds with the packaged one, which finds more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

import numpy as np
from linking_recall import Kept
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.matching import normalise
from longhop.questions.gathering import gather_questions
from longhop.records.questions import SingleHop
from longhop.rehearsal.fallible import World
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import to_steps

_WIDTH = 256
_RARE = 2  # a name outweighs what is asked of it, as it does in the packaged embedder
Vectors = dict[str, tuple[int, ...]]


def embed_words(questions: Sequence[SingleHop]) -> Vectors:
    """The direction of each question, by its id."""
    words = [_parts(normalise(each.question)) for each in questions]
    held = Counter(word for each in words for word in set(each))
    weights = {word: log(1 + len(words) / count) ** _RARE for word, count in held.items()}
    directions = {word: weight * _direction(word) for word, weight in weights.items()}
    sums = np.array([sum(directions[word] for word in each) for each in words], dtype=np.float32)
    return _by_id(questions, to_steps(sums))


def compare_embedders(questions: Sequence[SingleHop], world: World) -> dict[str, object]:
    """How many copies gathering finds among the questions with either, and how many others."""
    embedder = SentenceEmbedder(PACKAGED, Kept())
    packaged = _by_id(questions, embedder.embed([each.question for each in questions]))
    asked = {each.id: _asked(each, world) for each in questions}
    copies = len(questions) - len(set(asked.values()))
    return {"questions": len(questions), "copies": copies} | {
        name: _gathered(questions, vectors, asked)
        for name, vectors in (("packaged", packaged), ("words", embed_words(questions)))
    }


def _gathered(
    questions: Sequence[SingleHop], vectors: Vectors, asked: Mapping[str, object]
) -> dict[str, int]:
    kept, _ = gather_questions(questions, vectors)
    different = len({asked[each.id] for each in kept})
    return {
        "copies_left": len(kept) - different,
        "others_lost": len(set(asked.values())) - different,
    }


def _asked(question: SingleHop, world: World) -> object:
    found = world.question_of(question.question)
    return (found.item.original, found.start) if found else question.id


def _parts(words: Sequence[str]) -> list[str]:
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _direction(word: str) -> NDArray[np.float32]:
    rng = np.random.default_rng(int(digest("word", word)[:12], 16))
    drawn: NDArray[np.float32] = rng.standard_normal(_WIDTH).astype(np.float32)
    return drawn / np.linalg.norm(drawn)


def _by_id(questions: Sequence[SingleHop], rows: NDArray[np.int16]) -> Vectors:
    return {each.id: tuple(row) for each, row in zip(questions, rows.tolist(), strict=True)}
