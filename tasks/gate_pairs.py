"""Let in the seed pairs that need a document."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from operator import itemgetter

from longhop.contexts.gating import Gate, GatePlan, gate_order
from longhop.contexts.measuring import Measure
from longhop.corpus.pairs import iterate_pairs, merge_equal
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.seeds import Origin, SeedPair
from longhop.resources import resources
from longhop.sorting import sort_on_disk
from longhop.storage.spools import KeySet, Spool
from tasks.screening import Screen
from tasks.sifted import Sieve
from tasks.stage import stage

_PLACE = itemgetter(0)


@stage("gate", revision=6)
def gate_pairs(
    path: str,
    hashed: str,
    license: str,
    plan: GatePlan,
    target: int,
    in_tokens: bool,
    tokenizer: str,
    vocabulary: str,
    benchmarks: dict[str, str],
    ngram: int,
    base: list[Artifact],
) -> Outcome:
    """The seed pairs that need a document and can be given one, and are no benchmark's.

    Those that the base, by its origins, has documents for come first. The pairs lie in scratch
    files; memory holds some numbers for each.
    """
    store = resources().store
    earlier = KeySet(each.seed_id for part in base for each in store.iterate(part, Origin))
    gate = Gate(plan, Measure(target, open_tokenizer(tokenizer), in_tokens=in_tokens))
    sieve = Sieve("gate", "seed", "seeds", SeedPair)
    with sieve, Screen("gate", benchmarks, ngram) as screen, ExitStack() as held:
        pairs = held.enter_context(Spool(SeedPair))
        sound = held.enter_context(Spool(SeedPair))
        for read in _in_gate_order(path, license, earlier):
            _put(read, pairs, sieve)
        for found in gate.sift(pairs):
            _put(found, sound, sieve)
        for found in gate.choose(sound):
            if isinstance(found, SeedPair):
                text = f"{found.question}\n{found.answer}"
                found = screen.look(found.id, text) or found
            sieve.add(found)
    made = sieve.outcome()
    artifacts = {"seeds": made["kept"], "rejected": made["rejected"], **screen.artifacts}
    return made.model_copy(update={"artifacts": artifacts})


def _put(found: SeedPair | Rejection, into: Spool[SeedPair], sieve: Sieve[SeedPair]) -> None:
    """Let a pair go on, and turn anything else away."""
    if isinstance(found, Rejection):
        sieve.add(found)
    else:
        into.add(found)


def _in_gate_order(path: str, license: str, earlier: KeySet) -> Iterator[SeedPair | Rejection]:
    """The pairs of a table, equal ones once; what is none, or is there again, among them."""

    def lines() -> Iterator[tuple[tuple[bool, str, str], str, bytes]]:
        """Where each stands, from where, and what; what is no pair stands before them all."""
        for place, read in iterate_pairs(path, resources().sources, license=license):
            if isinstance(read, SeedPair):
                order = gate_order(read, incumbent=read.id in earlier)
            else:
                order, place = (False, "", ""), ""
            yield order, place, read.model_dump_json().encode()

    ordered = sort_on_disk(lines(), key=_PLACE, size=lambda it: 300 + len(it[2]))
    for (_, _, seed_id), same in groupby(ordered, key=_PLACE):
        if not seed_id:
            yield from (Rejection.model_validate_json(line) for _, _, line in same)
            continue
        pair, again = merge_equal(
            (place, SeedPair.model_validate_json(line)) for _, place, line in same
        )
        yield pair
        yield from again
