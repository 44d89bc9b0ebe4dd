"""The seed gate: only pairs that need a document are given one (arXiv 2502.15592, §4.2)."""

from array import array
from collections.abc import Container, Iterable, Iterator

import numpy as np

from longhop.contexts.asking import Need, find_need
from longhop.contexts.likeness import Likeness, find_twins, hash_of
from longhop.contexts.measuring import Measure
from longhop.identity import digest
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
    incumbents: Container[str] = frozenset(),
) -> tuple[list[SeedPair], list[Rejection]]:
    """The seeds that need a document and can be given one, in keyed order, and the others.

    Each names what it asks about, or is anchored: its row says which document is meant. Which
    seeds are taken does not depend on the order in which they come; but incumbents, for which
    documents were written already, come first, so that no later one takes their place.
    """
    gate = Gate(plan, measure)
    sound: list[SeedPair] = []
    kept: list[SeedPair] = []
    rejected: list[Rejection] = []

    def place(seed: SeedPair) -> tuple[bool, str, str]:
        return gate_order(seed, incumbent=seed.id in incumbents)

    for found in gate.sift(sorted(seeds, key=place)):
        rejected.append(found) if isinstance(found, Rejection) else sound.append(found)
    for found in gate.choose(sound):
        rejected.append(found) if isinstance(found, Rejection) else kept.append(found)
    return kept, rejected


def gate_order(seed: SeedPair, *, incumbent: bool) -> tuple[bool, str, str]:
    """Where a seed stands among the others: its id decides, and whether it has a document."""
    return not incumbent, digest("seeds", seed.id), seed.id


class Gate:
    """Sifts seeds that come in the gate's order, in the memory of some numbers for each."""

    def __init__(self, plan: GatePlan, measure: Measure) -> None:
        self._plan = plan
        self._measure = measure
        self._likeness = Likeness()

    def sift(self, ordered: Iterable[SeedPair]) -> Iterator[SeedPair | Rejection]:
        """What becomes of each seed by itself; they are read twice."""
        shared = _shared_instructions(ordered)
        for seed in ordered:
            need = (
                _find_length(seed, self._measure)
                or _find_orders(seed)
                or find_need(seed, shared=_asked(seed) in shared)
            )
            if isinstance(need, Need):
                self._likeness.add(seed)
                yield seed.model_copy(update={"anchored": need is Need.ANCHOR})
            else:
                yield _reject(seed, *need)

    def choose(self, sound: Iterable[SeedPair]) -> Iterator[SeedPair | Rejection]:
        """What becomes of those that were sound, all of them in their order; they are read twice.

        Each is there once. Of a capped kind there are no more than its share of all, first come
        first.
        """
        caps = _Caps(self._plan)
        twins = bytearray()
        for seed, twin in zip(sound, find_twins(sound, self._likeness), strict=True):
            twins.append(twin is not None)
            if twin is not None:
                yield _reject(seed, *twin)
            else:
                caps.count(seed)
        caps.settle()
        for seed, is_twin in zip(sound, twins, strict=True):
            if not is_twin:
                over = caps.over(seed)
                yield _reject(seed, Reason.SEED_CAP, over) if over else seed


class _Caps:
    """How many seeds of each capped kind there are, and how many of them are taken."""

    def __init__(self, plan: GatePlan) -> None:
        self._shares = {"yes_no": plan.yes_no, "unanswerable": plan.unanswerable}
        self._found = dict.fromkeys(self._shares, 0)
        self._taken: dict[str, int] = {}
        self._come = dict.fromkeys(self._shares, 0)
        self._free = 0

    def count(self, seed: SeedPair) -> None:
        """Note one of all seeds."""
        kinds = _kinds(seed)
        self._free += 1 - len(kinds)
        for kind in kinds:
            self._found[kind] += 1

    def settle(self) -> None:
        """Decide how many of each kind are taken, since all are counted."""
        taken = dict(self._found)
        while True:
            whole = self._free + sum(taken.values())
            fewer = {
                kind: min(taken[kind], int(share * whole + 1e-9))
                for kind, share in self._shares.items()
            }
            if fewer == taken:
                break
            taken = fewer
        self._taken = taken

    def over(self, seed: SeedPair) -> str:
        """Why the next seed is one too many of its kind, if it is."""
        told = ""
        for kind in _kinds(seed):
            self._come[kind] += 1
            if self._come[kind] > self._taken[kind]:
                told = (
                    f"{self._found[kind]} such seeds, seeds.{kind} {self._shares[kind]:g} of all"
                    f" lets in {self._taken[kind]}"
                )
        return told


def _kinds(seed: SeedPair) -> list[str]:
    told = {"yes_no": is_yes_or_no(seed.answer), "unanswerable": says_nothing(seed.answer)}
    return [kind for kind, is_one in told.items() if is_one]


def _shared_instructions(seeds: Iterable[SeedPair]) -> frozenset[int]:
    """The instructions that are given with different answers: alone they say not which is meant."""
    numbers = array("Q")
    for seed in seeds:
        numbers.extend((_asked(seed), hash_of(normalise(seed.answer))))
    pairs = np.unique(np.frombuffer(numbers, np.uint64).reshape(-1, 2), axis=0)
    asked, counts = np.unique(pairs[:, 0], return_counts=True)
    return frozenset(asked[counts > 1].tolist())


def _asked(seed: SeedPair) -> int:
    return hash_of(seed.language, normalise(seed.question))


def _find_orders(seed: SeedPair) -> tuple[Reason, str] | None:
    """What in a pair frames a model's turns; no row with it is published, so nothing is paid."""
    found = find_instruction(seed.question) or find_instruction(seed.answer)
    return (Reason.SUSPICIOUS, found) if found else None


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


def _reject(seed: SeedPair, reason: Reason, detail: str) -> Rejection:
    question = seed.question[:_LONGEST_QUESTION]
    return Rejection(stage="gate", item=seed.id, reason=reason, detail=detail, raw=question)
