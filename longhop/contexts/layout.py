"""Layouts: the shape of a context, fixed by its row alone before anything is written or composed.

Nothing that other rows, documents or models do changes a layout, so it can be made anew at any
time, and control arms can share it.
"""

from longhop.identity import keyed_rng
from longhop.records.examples import Layout, Template
from longhop.records.verification import MultiHop
from longhop.spec.sections import Contexts


def lay_out(row: MultiHop, plan: Contexts, *, dataset: str, anchored: bool = False) -> Layout:
    """The length of a row's context, its documents' template, and how deep its evidence lies.

    The depths of one row are even steps from a random first one, around the end to the start, and
    fall to its supporting documents at random. So each is anywhere with equal chances, and those
    of one row lie apart. Where a row is anchored its documents are numbered, to be named.
    """
    rng = keyed_rng("layout", dataset, row.id)
    supporting = len({hop.document_id for hop in row.hops})
    first = rng.random()
    depths = [round((first + at / supporting) % 1, 4) % 1 for at in range(supporting)]
    rng.shuffle(depths)
    return Layout(
        row_id=row.id,
        tokens=rng.choice(plan.tokens),
        tokenizer=plan.tokenizer,
        depths=tuple(depths),
        same_cluster_share=plan.same_cluster,
        retrieved_share=plan.retrieved,
        synthetic_share=plan.synthetic,
        template=Template.NUMBERED if anchored else rng.choice(plan.templates),
        anchored=anchored,
    )
