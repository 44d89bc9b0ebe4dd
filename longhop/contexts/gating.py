"""The seed gate: only pairs that need a document are given one (arXiv 2502.15592, §4.2)."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from longhop.contexts.asking import Need, find_need
from longhop.contexts.likeness import find_twins
from longhop.contexts.measuring import Measure
from longhop.identity import keyed_order
from longhop.matching import normalise
from longhop.records.accounts import Reason, Rejection
from longhop.records.base import Record
from longhop.records.seeds import SeedPair
from longhop.verification.answers import is_yes_or_no, says_nothing
from longhop.verification.checks import find_instruction

# A longer instruction brings its own document.
_LONGEST_QUESTION = 2000
# A document holds more than its answer.
_MOST_OF_TARGET = 0.5


class GatePlan(Record):
    """The most of the taken seeds that may be answered by yes or no, or not at all.

    {"yes_no": 0.1, "unanswerable": 0.0}
    """

    yes_no: float = 0.1
    unanswerable: float = 0.0


def gate_seeds(
    seeds: Iterable[SeedPair],
    plan: GatePlan,
    measure: Measure,
    incumbents: Collection[str] = (),
) -> tuple[list[SeedPair], list[Rejection]]:
    """The seeds that need a document and can be given one, in keyed order, and the others.

    Each names what it asks about, or is anchored: its row says which document is meant. Which
    seeds are taken does not depend on the order in which they come; but incumbents, for which
    documents were written already, come first, so that no later one takes their place.
    """
    ordered = keyed_order(seeds, lambda each: each.id, "seeds")
    ordered.sort(key=lambda each: each.id not in incumbents)
    shared = _shared_instructions(ordered)
    sound: list[SeedPair] = []
    rejected: list[Rejection] = []
    for seed in ordered:
        need = (
            _find_length(seed, measure)
            or _find_orders(seed)
            or find_need(seed, shared=_asked(seed) in shared)
        )
        if isinstance(need, Need):
            sound.append(seed.model_copy(update={"anchored": need is Need.ANCHOR}))
        else:
            rejected.append(_reject(seed, *need))
    twins = find_twins(sound)
    rejected += [_reject(seed, *twins[seed.id]) for seed in sound if seed.id in twins]
    sound = [seed for seed in sound if seed.id not in twins]
    kept, capped = _capped(sound, plan)
    return kept, rejected + capped


def _find_orders(seed: SeedPair) -> tuple[Reason, str] | None:
    """What in a pair frames a model's turns; no row with it is published, so nothing is paid."""
    found = find_instruction(seed.question) or find_instruction(seed.answer)
    return (Reason.SUSPICIOUS, found) if found else None


def _shared_instructions(seeds: Sequence[SeedPair]) -> frozenset[tuple[object, ...]]:
    """The instructions that are given with different answers: alone they say not which is meant."""
    pairs = {(_asked(seed), normalise(seed.answer)) for seed in seeds}
    counts = Counter(asked for asked, _ in pairs)
    return frozenset(asked for asked, count in counts.items() if count > 1)


def _asked(seed: SeedPair) -> tuple[object, ...]:
    return seed.language, normalise(seed.question)


def _find_length(seed: SeedPair, measure: Measure) -> tuple[Reason, str] | None:
    if len(seed.question) > _LONGEST_QUESTION:
        most = f"of {_LONGEST_QUESTION} at most"
        return Reason.BAD_LENGTH, f"a question of {len(seed.question)} characters {most}"
    # What is far too long is not counted: no text has fewer tokens or words than this.
    length, most_of_it = len(seed.answer) // 40, int(_MOST_OF_TARGET * measure.target)
    if length <= most_of_it:
        length = measure.of(seed.answer, seed.language)
    if length > most_of_it:
        told = f"an answer of {length} {measure.unit} or more, {most_of_it} at most:"
        return Reason.TOO_LONG, f"{told} half of a document of {measure.target}"
    return None


def _capped(seeds: list[SeedPair], plan: GatePlan) -> tuple[list[SeedPair], list[Rejection]]:
    """The seeds, first come first, of which no more are of a capped kind than its share of all."""
    kinds = {
        "yes_no": ([each for each in seeds if is_yes_or_no(each.answer)], plan.yes_no),
        "unanswerable": ([each for each in seeds if says_nothing(each.answer)], plan.unanswerable),
    }
    free = len(seeds) - sum(len(found) for found, _ in kinds.values())
    taken = {name: len(found) for name, (found, _) in kinds.items()}
    while True:
        whole = free + sum(taken.values())
        fewer = {name: min(taken[name], int(kinds[name][1] * whole + 1e-9)) for name in taken}
        if fewer == taken:
            break
        taken = fewer
    over = {
        each.id: f"{len(found)} such seeds, seeds.{name} {share:g} of all lets in {taken[name]}"
        for name, (found, share) in kinds.items()
        for each in found[taken[name] :]
    }
    rejected = [_reject(each, Reason.SEED_CAP, over[each.id]) for each in seeds if each.id in over]
    return [each for each in seeds if each.id not in over], rejected


def _reject(seed: SeedPair, reason: Reason, detail: str) -> Rejection:
    question = seed.question[:_LONGEST_QUESTION]
    return Rejection(stage="gate", item=seed.id, reason=reason, detail=detail, raw=question)
