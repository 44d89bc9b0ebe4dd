"""A share of the finished rows is asked with their distractors alone."""

from collections.abc import Iterator

import pytest

from longhop.ports import NoReply
from longhop.records.accounts import Reason, Rejection
from longhop.records.replies import ShortAnswer
from longhop.records.verification import MultiHop, ProbeKind
from longhop.verification import distracting
from longhop.verification.distracting import (
    Asked,
    DistractPlan,
    Drawn,
    judge_probed,
    probe_distractors,
)
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


async def probe(model: ScriptedModel, rows: list[MultiHop] = ROWS) -> list[Asked]:
    asked: list[Asked] = []
    drawn = (Drawn(row, ["Other."]) for row in rows)
    await probe_distractors(drawn, plan(1.0), model=model, take=asked.append, total=len(rows))
    return asked


async def test_a_row_that_its_distractors_answer_is_turned_away():
    (asked,) = await probe(reader("Brisa Tolle"), ROWS[:1])
    found = judge_probed(ROWS[0], asked)

    assert isinstance(found, Rejection)
    assert found.reason is Reason.ANSWERED_BY_DISTRACTORS


async def test_a_row_that_stays_has_the_probe():
    (asked,) = await probe(reader("Ivo Sandar"), ROWS[:1])
    row = judge_probed(ROWS[0], asked)

    assert isinstance(row, MultiHop)
    assert row.probes[-1].kind is ProbeKind.DISTRACTORS


async def test_what_is_asked_comes_back_in_its_order_and_is_not_all_in_memory_at_once(
    monkeypatch: pytest.MonkeyPatch,
):
    """A hundred thousand rows with their distractors would fill it."""
    monkeypatch.setattr(distracting, "_AT_HAND", 8)
    model, at_hand = reader(""), []

    def drawn() -> Iterator[Drawn]:
        for number, row in enumerate(ROWS):
            at_hand.append(number - len(asked))
            yield Drawn(row, ["Other."])

    asked: list[Asked] = []
    await probe_distractors(drawn(), plan(1.0), model=model, take=asked.append, total=200)

    assert [each.id for each in asked] == [row.id for row in ROWS]
    assert max(at_hand) <= 8


def test_about_the_share_is_drawn_and_each_row_by_its_id_alone():
    drawn = {row.id for row in ROWS if plan(0.25).draws(row.id)}

    assert 30 <= len(drawn) <= 70


async def test_a_reply_that_does_not_come_turns_nothing_away():
    """And is tried again by the next build."""
    refusing = ScriptedModel(lambda *_: NoReply(refused=True, detail="400", raw=""))
    asked = await probe(refusing)

    assert all(each.failed is not None for each in asked)
    assert [judge_probed(*each) for each in zip(ROWS, asked, strict=True)] == ROWS


async def test_a_reply_that_cannot_be_read_is_counted():
    asked = await probe(ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?")))

    assert all(each.unread is not None and each.failed is None for each in asked)
    assert [judge_probed(*each) for each in zip(ROWS, asked, strict=True)] == ROWS
