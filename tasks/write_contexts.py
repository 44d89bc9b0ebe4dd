"""Write the missing documents of trusted pairs."""

from longhop.contexts.gating import gate_seeds
from longhop.contexts.writing import WritePlan
from longhop.contexts.writing import write_contexts as write
from longhop.corpus.pairs import read_pairs
from longhop.corpus.splitting import choose_split
from longhop.corpus.tokenizing import open_tokenizer
from longhop.identity import keyed_order
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Chunk, Document
from longhop.records.seeds import SeedPair
from longhop.resources import resources
from longhop.spec.sections import Splits
from tasks.sifted import write_rejected, write_sifted
from tasks.stage import stage


@stage("gate", revision=2)
def gate_pairs(path: str, hashed: str, license: str) -> Outcome:
    """The seed pairs that need a document and can be given one."""
    store = resources().store
    pairs, unread = read_pairs(path, resources().sources, license=license)
    kept, refused = gate_seeds(keyed_order(pairs, lambda each: each.id, "seeds"))
    rejected = [*unread, *refused]
    written = {"seeds": store.write("seeds", kept, SeedPair)}
    return write_rejected("gate", "seed", written, accepted=len(kept), rejected=rejected)


@stage("write", revision=3)
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
    more = {
        "documents": live.store.write("documents", written.documents, Document),
        "chunks": live.store.write("chunks", written.chunks, Chunk),
    }
    return write_sifted("write", "seed", written, more)
