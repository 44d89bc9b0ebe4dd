"""What is true of finished rows: looked up in the world, by the names in their texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from longhop.records.verification import MultiHop
from longhop.rehearsal.fallible import World
from longhop.rehearsal.fallible.solving import states
from longhop.verification.statistics import wilson_bounds


@dataclass(frozen=True)
class Truth:
    """What is true of a row. `is_first`: no earlier row is of its item, or of a copy of that."""

    multi_hop: bool
    good: bool
    is_first: bool


def truths_of(rows: Sequence[MultiHop], world: World) -> list[Truth]:
    """The truth of each row, in the order of their ids.

    A row whose quotes do not tell its steps is not good, whatever its question is. Rows of
    different hops of one item count as one too often: the second of them is not unique.
    """
    seen: set[int] = set()
    found = []
    for row in sorted(rows, key=lambda each: each.id):
        multi_hop, good = judge_truly(row, world)
        item = world.item_of(row.question)
        found.append(Truth(multi_hop, good, item is not None and item.original not in seen))
        seen |= {item.original} if item else set()
    return found


def judge_truly(row: MultiHop, world: World) -> tuple[bool, bool]:
    """Whether a row needs all of its hops, and whether it is good."""
    question = world.question_of(row.question)
    if question is None or len(question.hops) != len(row.hops):
        return False, False
    told = all(states(hop.quote, it) for hop, it in zip(row.hops, question.hops, strict=True))
    right = row.answer == question.answer
    return question.is_multi_hop, question.is_good and told and right


def measured(truths: Iterable[Truth]) -> dict[str, float | int]:
    """The shares, with the lower bounds of their 95% intervals (Wilson)."""
    all_of = list(truths)
    counts = {
        "multi_hop": sum(each.multi_hop for each in all_of),
        "good": sum(each.good for each in all_of),
        "unique": sum(each.is_first for each in all_of),
    }
    total = len(all_of)
    found: dict[str, float | int] = {"n": total}
    for name, count in counts.items() if total else ():
        found[name] = round(count / total, 4)
        found[f"{name}_lower"] = round(wilson_bounds(count, total)[0], 4)
    return found
