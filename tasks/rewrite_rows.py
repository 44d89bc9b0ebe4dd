"""Write new documents for some of the proved rows."""

from longhop.contexts.rewriting import draw_rows, written_rows
from longhop.contexts.rewriting import rewrite_rows as write
from longhop.contexts.writing import WritePlan
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Balance, LeftReason
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.verification import MultiHop
from longhop.resources import resources
from tasks.sifted import write_sifted
from tasks.stage import stage
from tasks.write_contexts import store_written


@stage("take_rows", revision=1)
def take_rows(rows: list[Artifact], share: float, dataset: str) -> Outcome:
    """The rows for which documents are written."""
    store = resources().store
    whole = store.read_all(rows, MultiHop)
    drawn = draw_rows(whole, share, dataset)
    left = {str(LeftReason.NOT_DRAWN): len(whole) - len(drawn)}
    balance = Balance(
        stage="take_rows",
        unit="row",
        taken=len(whole),
        accepted=len(drawn),
        left={name: count for name, count in left.items() if count},
    )
    return Outcome(
        artifacts={"drawn": store.write("multi_hop", drawn, MultiHop)}, balances=(balance,)
    )


@stage("rewrite", revision=1)
async def rewrite_rows(
    rows: Artifact, first: int, last: int, plan: WritePlan, tokenizer: str, vocabulary: str
) -> Outcome:
    """A document for each of the rows [first, last), the evidence of their hops located in it."""
    live = resources()
    taken = live.store.read(rows, MultiHop)[first:last]
    written = await write(taken, plan, model=live.model, tokenizer=open_tokenizer(tokenizer))
    return write_sifted("rewrite", "row", written, store_written(written))


@stage("exchange_rows", revision=1)
def exchange_rows(rows: list[Artifact], proved: list[Artifact]) -> Outcome:
    """All rows, those that were proved on a written document in its place; none is lost."""
    store = resources().store
    kept, anew = written_rows(store.read_all(rows, MultiHop), store.read_all(proved, MultiHop))
    balance = Balance(stage="exchange_rows", unit="row", taken=len(kept), accepted=len(kept))
    return Outcome(
        artifacts={"rows": store.write("multi_hop", kept, MultiHop)},
        balances=(balance,),
        notes=(f"{anew} of the rows have documents that were written for them (seeds.rows)",),
    )
