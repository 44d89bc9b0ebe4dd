"""A row is kept only if it is answered with its evidence and not without any of it."""

import pytest

from longhop.ports import NoReply
from longhop.records.accounts import Reason
from longhop.records.questions import Composition
from longhop.records.replies import ShortAnswer
from longhop.records.verification import MultiHop, ProbeKind
from longhop.verification.proving import ProvePlan, prove_questions
from tests.fakes import BORN, FOUNDED, ScriptedModel, chunk, multi_hop, prompt

CHUNKS = {
    hop.chunk_id: chunk(hop.chunk_id, hop.quote, of=hop.document_id) for hop in (BORN, FOUNDED)
}
PLAN = ProvePlan(
    answer=prompt("answer"), closed_book=prompt("closed_book"), compare=prompt("compare")
)


class Reader(ScriptedModel):
    """Answers if the documents shown hold all that it needs: an oracle that reads text."""

    def __init__(self, *needed: str, guesses: str = "") -> None:
        def read(asked, values):
            shown = "\n".join(values.get("documents", ()))
            known = asked.name == "answer" and all(each in shown for each in needed)
            answer = "Brisa Tolle" if known else guesses
            return ShortAnswer(rationale="", answerable=bool(answer), answer=answer)

        super().__init__(read)


async def prove(model: ScriptedModel, row: MultiHop | None = None):
    return await prove_questions([row or multi_hop(BORN, FOUNDED)], CHUNKS, PLAN, model=model)


async def test_a_row_that_needs_both_hops_is_proved_with_all_probes():
    (row,) = (await prove(Reader(BORN.quote, FOUNDED.quote))).kept

    assert row.proof == "complete"
    assert [(each.kind, each.correct) for each in row.probes] == [
        (ProbeKind.CLOSED_BOOK, False),
        (ProbeKind.FULL, True),
        (ProbeKind.LEAVE_ONE_OUT, False),
        (ProbeKind.LEAVE_ONE_OUT, False),
    ]
    assert {each.left_out for each in row.probes[2:]} == {BORN.chunk_id, FOUNDED.chunk_id}


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Reader(FOUNDED.quote), Reason.HOP_NOT_NEEDED),
        (Reader("nowhere"), Reason.NOT_ANSWERED),
        (Reader(guesses="Brisa Tolle"), Reason.ANSWERED_CLOSED_BOOK),
    ],
)
async def test_a_row_that_does_not_need_its_hops_is_turned_away(
    model: ScriptedModel, reason: Reason
):
    proved = await prove(model)

    assert proved.kept == []
    assert [each.reason for each in proved.rejected] == [reason]


async def test_no_probe_is_paid_for_after_one_has_failed():
    model = Reader(guesses="Brisa Tolle")
    await prove(model)

    assert [name for name, _ in model.asked] == ["closed_book"]


async def test_a_row_of_one_hop_is_proved_by_two_probes():
    """Without its only document it is the closed-book question again."""
    row = multi_hop(FOUNDED)
    (kept,) = (await prove(Reader(FOUNDED.quote), row)).kept

    assert [each.kind for each in kept.probes] == [ProbeKind.CLOSED_BOOK, ProbeKind.FULL]


async def test_an_unreadable_probe_proves_nothing():
    proved = await prove(ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?")))

    assert [each.reason for each in proved.rejected] == [Reason.UNPARSABLE]


async def test_a_row_that_another_wording_may_mend_goes_back_with_what_was_seen():
    plan = PLAN.model_copy(update={"last": False})
    proved = await prove_questions(
        [multi_hop(BORN, FOUNDED)], CHUNKS, plan, model=Reader(FOUNDED.quote)
    )

    (returned,) = proved.returned
    assert returned.history[-1].reason == Reason.HOP_NOT_NEEDED
    assert BORN.chunk_id in returned.history[-1].detail


async def test_what_a_solver_knows_by_heart_no_wording_can_mend():
    plan = PLAN.model_copy(update={"last": False})
    model = Reader(guesses="Brisa Tolle")
    proved = await prove_questions([multi_hop(BORN, FOUNDED)], CHUNKS, plan, model=model)

    assert proved.returned == []


async def test_one_right_answer_of_several_shows_that_a_hop_is_not_needed():
    """A solver that guesses right now and then is asked more than once."""

    def read(asked, values):
        shown = "\n".join(values.get("documents", ()))
        both = BORN.quote in shown and FOUNDED.quote in shown
        lucky = asked.sample == 2 and FOUNDED.quote in shown
        return ShortAnswer(
            rationale="", answerable=True, answer="Brisa Tolle" if both or lucky else ""
        )

    row, plan = multi_hop(BORN, FOUNDED), PLAN.model_copy(update={"samples": 3})
    once = await prove_questions([row], CHUNKS, PLAN, model=ScriptedModel(read))
    thrice = await prove_questions([row], CHUNKS, plan, model=ScriptedModel(read))

    assert len(once.kept) == 1
    assert [each.reason for each in thrice.rejected] == [Reason.HOP_NOT_NEEDED]


async def test_a_pair_without_an_answer_is_proved_by_finding_none():
    """Closed-book nobody finds one either: that proves nothing."""
    hop = BORN.model_copy(update={"answer": "unanswerable"})
    row = multi_hop(hop, question="Who sang in Orlin?")
    (proved,) = (await prove(Reader("nowhere"), row)).kept
    (found,) = (await prove(Reader(BORN.quote), row)).rejected

    assert [(each.kind, each.correct) for each in proved.probes] == [(ProbeKind.FULL, True)]
    assert found.reason is Reason.NOT_ANSWERED


async def test_a_text_of_a_pair_is_not_asked_for_without_each_of_its_facts():
    """A summary without one of its facts is hardly another; of a name each piece is needed."""
    text = " ".join(f"word{n}" for n in range(12))
    for answer, probes in ((text, 2), ("Brisa Tolle", 4)):
        hops = [each.model_copy(update={"answer": answer}) for each in (BORN, FOUNDED)]
        row = multi_hop(*hops).model_copy(update={"composition": Composition.SINGLE})

        def read(asked, values, told=answer):
            known = len(values.get("documents", ())) == 2
            return ShortAnswer(rationale="", answerable=known, answer=told if known else "")

        (proved,) = (await prove(ScriptedModel(read), row)).kept
        assert len(proved.probes) == probes
