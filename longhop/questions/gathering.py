"""One pool of questions: what is asked twice, in whatever words, is kept once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from longhop.identity import digest
from longhop.matching import normalise
from longhop.questions.linking.comparisons import relation_key
from longhop.records.accounts import Reason, Rejection
from longhop.records.questions import SingleHop
from longhop.selection.vectors import SCALE, Steps, similarities, stack

# Two questions of one relation and one answer about one thing ask the same from this cosine on. A
# guess; the relation decides, since "who wrote" and "who directed" it are above 0.9 as well.
ALIKE = 0.8
# More than so many questions with one answer about one thing are compared in parts.
_COMPARED = 1024


def gather_questions(
    questions: Sequence[SingleHop],
    vectors: Mapping[str, Sequence[int]] | None = None,
    incumbents: Set[str] = frozenset(),
) -> tuple[list[SingleHop], list[Rejection]]:
    """The questions in the order of their ids, each once in the whole corpus.

    So none stands in two splits either. A question is asked twice where the wording is the same, or
    where two ask the same relation of the same thing, have the same answer, and mean the same by
    their vectors. One that the base's groups rest on is kept, else the one with the smallest id,
    whatever shard it came from.
    """
    ordered = sorted(questions, key=lambda each: (each.id not in incumbents, _order(each)))
    twins = _same_wording(ordered)
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


def _same_wording(ordered: Sequence[SingleHop]) -> dict[int, str]:
    """The places of questions that were there before, with what they are twins of."""
    seen: dict[tuple[str, ...], str] = {}
    twins = {}
    for place, question in enumerate(ordered):
        wording = normalise(question.question)
        if wording in seen:
            twins[place] = f"of {seen[wording]}"
        else:
            seen[wording] = question.id
    return twins


def _same_meaning(
    ordered: Sequence[SingleHop], vectors: Mapping[str, Sequence[int]]
) -> dict[int, tuple[str, float]]:
    """The places of questions that mean what one before them means."""
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, question in enumerate(ordered):
        if question.subject:
            about = (normalise(question.subject), relation_key(question.relation))
            alike[question.language, *about, normalise(question.answer)].append(place)
    twins: dict[int, tuple[str, float]] = {}
    for members in alike.values():
        for part in _parts(members):
            rows = stack([vectors[ordered[each].id] for each in part])
            for at, earlier, near in _near(rows):
                if part[earlier] not in twins:
                    twins.setdefault(part[at], (ordered[part[earlier]].id, near))
    return twins


def _near(rows: Steps) -> Iterator[tuple[int, int, float]]:
    """Rows that are near an earlier one, in order."""
    if len(rows) < 2:
        return
    table = similarities(rows, rows) / SCALE**2
    for at in range(1, len(rows)):
        for earlier in range(at):
            if table[at, earlier] >= ALIKE:
                yield at, earlier, float(table[at, earlier])


def _parts(members: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(members), _COMPARED):
        yield members[start : start + _COMPARED]


def _order(question: SingleHop) -> tuple[str, str]:
    """By id; the same question may come twice from one chunk, with two answers."""
    return question.id, digest(question.model_dump(mode="json"))
