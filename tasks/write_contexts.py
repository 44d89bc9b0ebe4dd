"""Write the missing documents of trusted pairs."""

from longhop.contexts.gating import GatePlan, gate_seeds
from longhop.contexts.measuring import Measure
from longhop.contexts.writing import WritePlan, Written
from longhop.contexts.writing import write_contexts as write
from longhop.corpus.pairs import read_pairs
from longhop.corpus.splitting import choose_split
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document
from longhop.records.seeds import Origin, SeedPair
from longhop.resources import resources
from longhop.spec.sections import Splits
from tasks.screening import Screen
from tasks.sifted import write_rejected, write_sifted
from tasks.stage import stage


@stage("gate", revision=5)
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

    Those that the base, by its origins, has documents for come first.
    """
    store, sources = resources().store, resources().sources
    pairs, unread = read_pairs(path, sources, license=license)
    measure = Measure(target, open_tokenizer(tokenizer), in_tokens=in_tokens)
    earlier = {each.seed_id for each in store.read_all(base, Origin)}
    sound, refused = gate_seeds(pairs, plan, measure, earlier)
    rejected = [*unread, *refused]
    kept = []
    with Screen("gate", benchmarks, ngram) as screen:
        for seed in sound:
            finding = screen.look(seed.id, f"{seed.question}\n{seed.answer}")
            if finding is None:
                kept.append(seed)
            else:
                rejected.append(finding)
    written = {"seeds": store.write("seeds", kept, SeedPair), **screen.artifacts}
    return write_rejected("gate", "seed", written, accepted=len(kept), rejected=rejected)


@stage("write", revision=4)
async def write_contexts(
    seeds: Artifact,
    first: int,
    last: int,
    plan: WritePlan,
    splits: Splits,
    dataset: str,
    tokenizer: str,
    vocabulary: str,
) -> Outcome:
    """A document for each of the seeds [first, last), its evidence located."""
    live = resources()
    rows = live.store.read(seeds, SeedPair)[first:last]
    written = await write(
        [(each, choose_split(each.id, splits, dataset)) for each in rows],
        plan,
        model=live.model,
        tokenizer=open_tokenizer(tokenizer),
    )
    return write_sifted("write", "seed", written, store_written(written))


def store_written(written: Written) -> dict[str, Artifact]:
    """The documents and chunks that were written, and what for."""
    store = resources().store
    return {
        "documents": store.write("documents", written.documents, Document),
        "chunks": store.write("chunks", written.chunks, Chunk),
        "origins": store.write("origins", written.origins, Origin),
    }
