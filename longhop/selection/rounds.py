"""How large the rounds of selection are: geometric, so that a build has few, whatever its size."""

# Fewer would learn too seldom; each costs a wait for its slowest answer.
MOST_ROUNDS = 20


def next_size(first: int, room: int, done: int, number: int, most: int = MOST_ROUNDS) -> int:
    """The documents of a round, of which `number` went before it and took `done` documents.

    The first round has `first` documents, and each later one so many times more than the one before
    that `room` documents are reached in the last of `most` rounds, which takes what is left.
    """
    left = room - done
    if number + 1 >= most or left <= first:
        return left
    return max(1, min(left, round(first * _growth(first, room, most) ** number)))


def _growth(first: int, room: int, most: int) -> float:
    """The factor from round to round, found by halving; 1 where equal rounds are enough."""
    low, high = 1.0, max(2.0, room / first)
    for _ in range(60):
        middle = (low + high) / 2
        if sum(first * middle**number for number in range(most)) < room:
            low = middle
        else:
            high = middle
    return high if first * most < room else 1.0
