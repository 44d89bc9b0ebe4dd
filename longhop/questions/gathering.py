"""One pool of questions: what is asked twice, in whatever words, is kept once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np

from longhop.identity import digest
from longhop.matching import normalise
from longhop.questions.relations import asks_another, relation_key
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import SingleHop
from longhop.selection.vectors import SCALE, Steps, similarities, stack

# Two questions with one answer about one thing ask the same from this cosine on. Of people's
# questions that it takes for the same, 94 in 100 are (benchmarks/same_question.py).
ALIKE = 0.85
# More than so many questions with one answer are compared in parts, the same subjects together.
_COMPARED = 1024


def gather_questions(
    questions: Sequence[SingleHop],
    vectors: Mapping[str, Sequence[int]] | None = None,
    incumbents: Set[str] = frozenset(),
) -> tuple[list[SingleHop], list[Rejection]]:
    """The questions in the order of their ids, each once in the whole corpus.

    So none stands in two splits either. A question is asked twice where the wording is the same, or
    what it says that it asks, or where two have the same answer and mean the same by their vectors
    (`same_question`). One that the base's groups rest on is kept, else the one with the smallest
    id, whatever shard it came from.
    """
    ordered = sorted(questions, key=lambda each: (each.id not in incumbents, _order(each)))
    twins = _same_words(ordered)
    if vectors is not None:
        distinct = [each for place, each in enumerate(ordered) if place not in twins]
        places = [place for place in range(len(ordered)) if place not in twins]
        for at, (twin, near) in _same_meaning(distinct, vectors).items():
            twins[places[at]] = f"of {twin} (by meaning, {near:.2f})"
    kept = [each for place, each in enumerate(ordered) if place not in twins]
    rejected = [
        Rejection(
            stage="gather",
            item=each.id,
            reason=Reason.DUPLICATE_QUESTION,
            detail=twins[place],
            raw=each.question,
        )
        for place, each in enumerate(ordered)
        if place in twins
    ]
    return sorted(kept, key=_order), rejected


def _same_words(ordered: Sequence[SingleHop]) -> dict[int, str]:
    """The places of questions that were there before, with what they are twins of.

    In the same words, or with one answer to what is asked, in the same words, of one thing.
    """
    seen: dict[tuple[object, ...], str] = {}
    twins = {}
    for place, question in enumerate(ordered):
        keys = [each for each in (normalise(question.question), _fact(question)) if each]
        twin = next((seen[each] for each in keys if each in seen), None)
        if twin is not None:
            twins[place] = f"of {twin}"
            continue
        for each in keys:
            seen[each] = question.id
    return twins


def _fact(question: SingleHop) -> tuple[object, ...]:
    """What a question says that it asks, and the answer; nothing where it does not say all of it.

    With what else it names: goals in 2012 are others than goals in 2015.
    """
    subject, relation = normalise(question.subject), relation_key(question.relation)
    if not subject or not relation:
        return ()
    beside = frozenset(normalise(each) for each in question.entities)
    named = (beside, frozenset(_numbers(question)))
    return question.language, subject, relation, normalise(question.answer), named


def _same_meaning(
    ordered: Sequence[SingleHop], vectors: Mapping[str, Sequence[int]]
) -> dict[int, tuple[str, float]]:
    """The places of questions that mean what one before them means."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, question in enumerate(ordered):
        alike[question.language, normalise(question.answer)].append(place)
    twins: dict[int, tuple[str, float]] = {}
    for members in alike.values():
        for part in _parts(sorted(members, key=lambda each: normalise(ordered[each].subject))):
            pool = [ordered[each] for each in part]
            rows = stack([vectors[each.id] for each in pool])
            for at, earlier, near in _near(rows):
                if part[earlier] not in twins and same_question(pool[at], pool[earlier], near):
                    twins.setdefault(part[at], (pool[earlier].id, near))
    return twins


def same_question(one: SingleHop, other: SingleHop, near: float) -> bool:
    """Whether two questions with one answer ask the same, `near` being their cosine.

    They are about one thing, or about one chunk; each names no number that the other has another
    for; and where both say what is asked of the thing, it is the same.
    """
    return (
        near >= ALIKE
        and (one.chunk_id == other.chunk_id or _one_thing(one, other))
        and _agree(_numbers(one), _numbers(other))
        and not asks_another(one, other)
    )


def _one_thing(one: SingleHop, other: SingleHop) -> bool:
    first, second = set(normalise(one.subject)), set(normalise(other.subject))
    return bool(first and second) and _agree(first, second)


def _agree(first: Set[str], second: Set[str]) -> bool:
    """Whether one says no more than the other."""
    return first <= second or second <= first


def _numbers(question: SingleHop) -> set[str]:
    return {word for word in normalise(question.question) if word[0].isdigit()}


def _near(rows: Steps) -> Iterator[tuple[int, int, float]]:
    """Rows that are near an earlier one, in order."""
    if len(rows) < 2:
        return
    table = similarities(rows, rows) / SCALE**2
    for at, earlier in zip(*np.nonzero(np.tril(table >= ALIKE, -1)), strict=True):
        yield int(at), int(earlier), float(table[at, earlier])


def _parts(members: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(members), _COMPARED):
        yield members[start : start + _COMPARED]


def _order(question: SingleHop) -> tuple[str, str]:
    """By id; the same question may come twice from one chunk, with two answers."""
    return question.id, digest(question.model_dump(mode="json"))
