"""Write new documents for some of the proved rows."""

from collections.abc import Iterator
from operator import itemgetter

from longhop.contexts.rewriting import is_drawn, place_drawn
from longhop.contexts.rewriting import rewrite_rows as write
from longhop.contexts.writing import WritePlan
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Balance, LeftReason
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.sorting import sort_on_disk
from tasks.ordered import beside, in_order
from tasks.sifted import write_sifted
from tasks.stage import stage
from tasks.write_contexts import store_written


@stage("take_rows", revision=1)
def take_rows(rows: list[Artifact], share: float, dataset: str) -> Outcome:
    """The rows for which documents are written, in keyed order; their ids alone decide."""
    store = resources().store
    taken = sum(each.rows for each in rows)

    def lines() -> Iterator[tuple[tuple[str, str], bytes]]:
        for part in rows:
            for row in store.iterate(part, MultiHop):
                if is_drawn(row, share, dataset):
                    yield place_drawn(row, dataset), row.model_dump_json().encode()

    ordered = sort_on_disk(lines(), key=itemgetter(0), size=lambda it: 300 + len(it[1]))
    drawn = store.write(
        "multi_hop", (MultiHop.model_validate_json(line) for _, line in ordered), MultiHop
    )
    left = {str(LeftReason.NOT_DRAWN): taken - drawn.rows}
    balance = Balance(
        stage="take_rows",
        unit="row",
        taken=taken,
        accepted=drawn.rows,
        left={name: count for name, count in left.items() if count},
    )
    return Outcome(artifacts={"drawn": drawn}, balances=(balance,))


@stage("rewrite", revision=2)
async def rewrite_rows(
    items: Artifact, plan: WritePlan, tokenizer: str, vocabulary: str
) -> Outcome:
    """A document for each row of a share, the evidence of its hops located in it."""
    live = resources()
    taken = live.store.read(items, MultiHop)
    written = await write(taken, plan, model=live.model, tokenizer=open_tokenizer(tokenizer))
    return write_sifted("rewrite", "row", written, store_written(written))


@stage("exchange_rows", revision=2)
def exchange_rows(rows: list[Artifact], proved: list[Artifact]) -> Outcome:
    """All rows by id, those that were proved on a written document in its place; none is lost."""
    kept = resources().store.writer("multi_hop", MultiHop)
    anew = 0
    with in_order(rows, MultiHop) as before, in_order(proved, MultiHop) as after, kept:
        for row, other in beside(before, after, key=lambda it: it.id, other_key=lambda it: it.id):
            kept.add(other or row)
            anew += other is not None
    balance = Balance(stage="exchange_rows", unit="row", taken=kept.rows, accepted=kept.rows)
    return Outcome(
        artifacts={"rows": kept.artifact},
        balances=(balance,),
        notes=(f"{anew} of the rows have documents that were written for them (seeds.rows)",),
    )
