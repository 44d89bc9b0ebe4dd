"""How many prompts a preview sends at most: said before the first, and kept to."""

from collections import Counter
from collections.abc import Collection

from longhop.contexts.writing import MOST_PIECES
from longhop.operations.preparing import ROLE_OF
from longhop.spec import DatasetSpec


def most_prompts(
    spec: DatasetSpec, prompts: Collection[str], *, chunks: int, groups: int, seeds: int
) -> int:
    """The prompts that so many chunks, groups and seed pairs can take, none of them remembered.

    `prompts` are those that the spec asks with. Each one of asking is sent once a chunk, but that
    for what was turned away, which is sent as often as the spec allows. So often is a group worded,
    judged and proved; a seed pair is not judged.
    """
    kinds = Counter(ROLE_OF.get(each, "ask") for each in prompts)
    attempts = spec.verification.attempts
    asking = kinds["ask"] + max(0, attempts - 2) * ("mend" in prompts)
    hops, in_pairs = max(spec.questions.hops), spec.questions.merging.steps == "pairs"
    merging = kinds["merge"] * (hops - 1 if in_pairs else 1)
    wording = merging + judgements_of(spec) + most_probes(spec, hops)
    return (
        chunks * asking
        + groups * attempts * wording
        + seeds * (kinds["write"] * spec.seeds.requests + most_probes(spec, MOST_PIECES))
    )


def judgements_of(spec: DatasetSpec) -> int:
    """How often a wording is judged."""
    return (1 + len(spec.models.judges)) * spec.verification.samples


def most_probes(spec: DatasetSpec, hops: int) -> int:
    """The prompts that a proof can take: each probe's, and one more that compares its answer.

    Closed-book, with all evidence, and without each hop's; all but the second as often as the spec
    says.
    """
    without = hops if hops > 1 else 0
    return 2 * (spec.verification.probes * (1 + without) + 1)
