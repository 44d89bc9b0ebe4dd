"""How many prompts a preview sends at most: said before the first, and kept to."""

from collections import Counter
from collections.abc import Iterable

from longhop.operations.preparing import ROLE_OF
from longhop.spec import DatasetSpec


def most_prompts(
    spec: DatasetSpec, prompts: Iterable[str], *, chunks: int, groups: int, seeds: int
) -> int:
    """The prompts that so many chunks, groups and seed pairs can take, none of them remembered.

    `prompts` are those that the spec asks with. Each one of asking is sent once a chunk. A group is
    worded and judged as often as the spec allows, and proved by one probe closed-book, one with all
    evidence, and one a hop without it; a seed pair has one hop.
    """
    kinds = Counter(ROLE_OF.get(each, "ask") for each in prompts)
    hops, in_pairs = max(spec.questions.hops), spec.questions.merging.steps == "pairs"
    wording = kinds["merge"] * (hops - 1 if in_pairs else 1) + kinds["judge"]
    return (
        chunks * kinds["ask"]
        + groups * (spec.verification.attempts * wording + 2 + hops)
        + seeds * (kinds["write"] + 3)
    )
