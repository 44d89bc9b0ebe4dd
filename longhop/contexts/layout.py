"""Layouts: the shape of a context, fixed by its row alone before anything is composed."""

from longhop.identity import keyed_rng
from longhop.records.examples import Layout
from longhop.records.verification import MultiHop
from longhop.spec.sections import Contexts

DEPTHS = 10


def lay_out(row: MultiHop, plan: Contexts, *, dataset: str) -> Layout:
    """The length of a row's context, and the tenth in which each supporting document should lie.

    The tenths of one row are spread over the context; over many rows each comes equally often.
    """
    rng = keyed_rng("layout", dataset, row.id)
    supporting = len({hop.document_id for hop in row.hops})
    first = rng.random() * DEPTHS
    depths = [int(first + at * DEPTHS / supporting) % DEPTHS for at in range(supporting)]
    rng.shuffle(depths)
    return Layout(
        row_id=row.id,
        tokens=rng.choice(plan.tokens),
        tokenizer=plan.tokenizer,
        depths=tuple(depths),
        same_cluster_share=plan.same_cluster,
    )
