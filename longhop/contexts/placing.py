"""Where supporting documents begin, so that their evidence lies as deep as the layout wants."""

from collections.abc import Sequence
from typing import NamedTuple


class Weight(NamedTuple):
    """What a supporting document takes, and how many of its tokens stand before its evidence."""

    tokens: int
    before: int


def place(weights: Sequence[Weight], depths: Sequence[float], total: int) -> list[tuple[int, int]]:
    """The documents' places in `weights`, in order, and the token at which each begins.

    Each begins as near as can be to where its evidence is at its depth of `total` tokens: moved
    only so far that none overlap and all lie within the total, which holds them all.
    """
    wanted = [depth * total - each.before for depth, each in zip(depths, weights, strict=True)]
    order = sorted(range(len(weights)), key=lambda at: (wanted[at], at))
    starts: list[int] = []
    free = 0
    for at in order:
        starts.append(max(free, round(wanted[at])))
        free = starts[-1] + weights[at].tokens
    limit = total
    for place_, at in reversed(list(enumerate(order))):
        starts[place_] = max(0, min(starts[place_], limit - weights[at].tokens))
        limit = starts[place_]
    return list(zip(order, starts, strict=True))
