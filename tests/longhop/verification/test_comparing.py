"""Whether an answer is the right one."""

import pytest

from longhop.ports import NoReply
from longhop.records.questions import AnswerKind
from longhop.records.replies import Compared
from longhop.verification.comparing import compare_answers
from tests.fakes import BORN, FOUNDED, ScriptedModel, multi_hop, prompt

LENIENT = ScriptedModel(lambda *_: Compared(rationale="Near enough.", same=True))


def row(answer: str = "Brisa Tolle", kind: AnswerKind = AnswerKind.PERSON, *aliases: str):
    last = FOUNDED.model_copy(update={"answer": answer, "kind": kind, "aliases": aliases})
    return multi_hop(BORN, last).model_copy(update={"answer": answer})


async def compare(given: str, candidate, model=LENIENT):
    return await compare_answers(given, candidate, prompt("compare"), model=model)


async def test_names_dates_and_numbers_are_held_against_each_other_by_words():
    """A judge is lenient: to it one founder may be as good as another."""
    assert await compare("Brisa Tolle", row()) == (True, "words")
    assert await compare("Ivo Sandar", row()) == (False, "words")
    assert await compare("", row()) == (False, "words")
    assert await compare("3 May 1640", row("May 3, 1640", AnswerKind.DATE)) == (True, "words")


async def test_an_alias_is_right():
    assert await compare("the Weaver", row("Brisa Tolle", AnswerKind.PERSON, "the Weaver")) == (
        True,
        "words",
    )


@pytest.mark.parametrize("kind", [AnswerKind.REASON, AnswerKind.PROCEDURE, AnswerKind.DESCRIPTION])
async def test_free_text_goes_to_a_judge_where_its_words_do_not_decide(kind: AnswerKind):
    answer = row("because the river rose", kind)

    assert await compare("the flood", answer) == (True, "judge")
    assert await compare("because the river rose", answer) == (True, "words")
    assert await compare("", answer) == (False, "words"), "no answer is no answer"


async def test_a_judge_that_says_nothing_decides_nothing():
    silent = ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?"))

    assert isinstance(
        await compare("the flood", row("it rose", AnswerKind.REASON), silent), NoReply
    )
