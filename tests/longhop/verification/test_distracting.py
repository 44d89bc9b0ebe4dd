"""A share of the finished rows is asked with their distractors alone."""

from longhop.ports import NoReply
from longhop.records.accounts import Reason
from longhop.records.replies import ShortAnswer
from longhop.records.verification import ProbeKind
from longhop.verification.distracting import DistractPlan, probe_distractors
from longhop.verification.proving import ProvePlan
from tests.fakes import BORN, FOUNDED, ScriptedModel, multi_hop, prompt

PROVE = ProvePlan(
    answer=prompt("answer"), closed_book=prompt("closed_book"), compare=prompt("compare")
)
ROWS = [multi_hop(BORN, FOUNDED).model_copy(update={"id": f"m-{n}"}) for n in range(200)]


def plan(share: float) -> DistractPlan:
    return DistractPlan(prove=PROVE, share=share, dataset="test")


def reader(answer: str) -> ScriptedModel:
    return ScriptedModel(lambda *_: ShortAnswer(rationale="", answerable=True, answer=answer))


async def probe(model: ScriptedModel, share: float = 1.0, documents: tuple[str, ...] = ("Other.",)):
    return await probe_distractors(ROWS, lambda _: documents, plan(share), model=model)


async def test_a_row_that_its_distractors_answer_is_turned_away():
    probed = await probe(reader("Brisa Tolle"))

    assert probed.rows == []
    assert {each.reason for each in probed.rejected} == {Reason.ANSWERED_BY_DISTRACTORS}


async def test_a_row_that_stays_has_the_probe():
    probed = await probe(reader("Ivo Sandar"))

    assert len(probed.rows) == len(ROWS)
    assert {row.probes[-1].kind for row in probed.rows} == {ProbeKind.DISTRACTORS}


async def test_about_the_share_is_drawn_and_each_row_by_its_id_alone():
    model = reader("")
    probed = await probe(model, share=0.25)
    drawn = {row.id for row in probed.rows if row.probes}

    assert 30 <= len(drawn) <= 70
    assert len(model.asked) == len(drawn)
    again = await probe_distractors(ROWS[:50], lambda _: ("x",), plan(0.25), model=reader(""))
    assert {row.id for row in again.rows if row.probes} == drawn & {row.id for row in ROWS[:50]}


async def test_a_context_without_distractors_is_not_asked():
    model = reader("Brisa Tolle")
    probed = await probe(model, documents=())

    assert len(probed.rows) == len(ROWS)
    assert model.asked == []


async def test_a_reply_that_does_not_come_turns_nothing_away():
    probed = await probe(ScriptedModel(lambda *_: NoReply(refused=True, detail="400", raw="")))

    assert len(probed.rows) == len(ROWS)
    assert not any(row.probes for row in probed.rows)
    assert len(probed.failed) == probed.drawn == len(ROWS), "and is tried again by the next build"


async def test_a_reply_that_cannot_be_read_is_counted():
    probed = await probe(ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?")))

    assert len(probed.rows) == len(probed.unread) == len(ROWS)
    assert probed.failed == []
