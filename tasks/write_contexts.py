"""Write the missing documents of trusted pairs."""

from longhop.contexts.writing import WritePlan, Written
from longhop.contexts.writing import write_contexts as write
from longhop.corpus.splitting import choose_split
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document
from longhop.records.seeds import Origin, SeedPair
from longhop.resources import resources
from longhop.spec.sections import Splits
from tasks.sifted import write_sifted
from tasks.stage import stage


@stage("write", revision=5)
async def write_contexts(
    items: Artifact,
    plan: WritePlan,
    splits: Splits,
    dataset: str,
    tokenizer: str,
    vocabulary: str,
) -> Outcome:
    """A document for each seed of a share, its evidence located."""
    live = resources()
    written = await write(
        [
            (each, choose_split(each.id, splits, dataset))
            for each in live.store.iterate(items, SeedPair)
        ],
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
