"""Proved rows on a written document: the same question, its facts told anew, one a section."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from longhop.contexts.rewriting import is_drawn, rewrite_rows
from longhop.contexts.writing import Written
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Reason
from longhop.records.questions import Composition, Scope
from longhop.records.replies import WrittenContext
from longhop.records.seeds import ROWS
from longhop.records.verification import MultiHop
from longhop.verification.checks import check_row
from tests.fakes import BORN, FOUNDED, ScriptedModel, multi_hop
from tests.longhop.contexts.seeding import context, plan, words

ROW = multi_hop(BORN, FOUNDED).model_copy(update={"proof": "complete"})
TOLD = ["It was in Orlin that Ada Holm was born.", "Brisa Tolle is who founded Orlin."]


async def rewritten(
    *sections: str, evidence: Sequence[str] = TOLD, rows: Sequence[MultiHop] = (ROW,)
) -> Written:
    asked: list[Mapping[str, Any]] = []

    def reply(_: object, values: Mapping[str, Any]) -> WrittenContext:
        asked.append(values)
        return context(*sections, evidence=evidence)

    made = await rewrite_rows(
        rows, plan(), model=ScriptedModel(reply), tokenizer=open_tokenizer("tekken")
    )
    facts = [{"question": hop.question, "answer": hop.answer} for hop in ROW.hops]
    assert not asked or asked[0]["facts"] == facts
    return made


async def test_a_row_keeps_all_but_where_its_evidence_is():
    made = await rewritten(f"{TOLD[0]} {words(45, 'a')}", f"{words(40, 'b')} {TOLD[1]}")
    (row,), (document,), (origin,) = made.kept, made.documents, made.origins

    same = {"id", "group_id", "question", "answer", "composition", "links", "composer"}
    assert row.model_dump(include=same) == ROW.model_dump(include=same)
    assert [(each.question, each.answer, each.subject) for each in row.hops] == [
        (each.question, each.answer, each.subject) for each in ROW.hops
    ]
    assert [each.quote for each in row.hops] == TOLD
    assert {each.document_id for each in row.hops} == {document.id}
    assert len(row.evidence_chunks) == 2
    assert (row.scope, row.proof, row.probes) == (Scope.INTRA, "none", ())
    assert check_row(row, {each.id: each for each in made.chunks}) is None
    assert (origin.seed_id, origin.task, origin.document_id) == (ROW.id, ROWS, document.id)


async def test_a_sentence_goes_to_the_hop_that_it_tells():
    """Both name Orlin; only one says who was born there."""
    made = await rewritten(f"{TOLD[1]} {words(45, 'a')}", f"{words(40, 'b')} {TOLD[0]}")

    assert [each.quote for each in made.kept[0].hops] == TOLD


@pytest.mark.parametrize(
    ("sections", "evidence", "reason"),
    [
        ((f"{TOLD[0]} {TOLD[1]}", words(85)), TOLD, Reason.SHARED_EVIDENCE),
        ((f"{TOLD[0]}", words(90)), TOLD[:1], Reason.ANSWER_NOT_IN_EVIDENCE),
        (("I'm sorry, I can't help with that.",), [], Reason.RESIDUE),
    ],
)
async def test_a_document_that_does_not_serve_is_turned_away(
    sections: Sequence[str], evidence: Sequence[str], reason: Reason
):
    made = await rewritten(*sections, evidence=evidence)

    assert not made.kept and not made.documents
    assert [(each.item, each.reason) for each in made.rejected] == [(ROW.id, reason)]


def test_rows_are_drawn_by_their_ids_alone():
    rows = [ROW.model_copy(update={"id": f"m-{n}"}) for n in range(400)]
    single = ROW.model_copy(update={"id": "m-single", "composition": Composition.SINGLE})

    assert 160 < sum(is_drawn(each, 0.5, "data") for each in rows) < 240
    assert all(is_drawn(each, 1.0, "data") for each in rows)
    assert not any(is_drawn(each, 0.0, "data") for each in rows)
    assert not is_drawn(single, 1.0, "data")
