"""Which rows people are asked about, and how little they are told of them."""

import heapq
from collections.abc import Iterable

from longhop.identity import digest
from longhop.operations.previewing.plain import one_line
from longhop.records.calibration import Item, Step
from longhop.records.examples import Example
from longhop.records.verification import MultiHop

_BETWEEN = " … "


def draw_items(rows: Iterable[Example | MultiHop], count: int, *, rng_seed: int) -> list[Item]:
    """So many rows at random, in an order that tells nothing of them; fewer where there are fewer.

    Published rows and those that a judge turned away may be given together, and should be where a
    threshold is to follow: what is kept cannot tell what a lower one would let in. A row that is
    given in both forms is drawn once, and both look alike.
    """
    ranked = heapq.nsmallest(count, _once(rows, rng_seed), key=lambda each: each[0])
    return [item for _, item in ranked]


def _once(
    rows: Iterable[Example | MultiHop], rng_seed: int
) -> Iterable[tuple[tuple[str, str], Item]]:
    seen: set[str] = set()
    for row in rows:
        if row.id not in seen:
            seen.add(row.id)
            yield (digest("label", rng_seed, row.id), row.id), to_item(row)


def to_item(row: Example | MultiHop) -> Item:
    """A row without scores, verdicts, probes, models or the place it came from.

    Its texts stand in one line each and hold no sign that cannot be seen.
    """
    return Item(
        id=row.id,
        language=row.hops[0].language if isinstance(row, MultiHop) else row.language,
        question=one_line(row.question),
        answer=one_line(row.answer),
        steps=_steps_of_example(row) if isinstance(row, Example) else _steps_of_candidate(row),
    )


def _steps_of_candidate(row: MultiHop) -> tuple[Step, ...]:
    return tuple(_step(hop.question, hop.answer, [hop.quote]) for hop in row.hops)


def _steps_of_example(row: Example) -> tuple[Step, ...]:
    quoted = sorted(row.evidence, key=lambda each: each.start)
    return tuple(
        _step(hop.question, hop.answer, [each.text for each in quoted if each.hop == number])
        for number, hop in enumerate(row.hops, 1)
    )


def _step(question: str, answer: str, quotes: Iterable[str]) -> Step:
    """What a document says several times over is quoted once."""
    evidence = _BETWEEN.join(dict.fromkeys(map(one_line, quotes)))
    return Step(question=one_line(question), answer=one_line(answer), evidence=evidence)
