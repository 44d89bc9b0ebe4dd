"""Merged questions: worded by a model, checked without one, sent back with the reason."""

from longhop.ports import NoReply
from longhop.questions.merging import MergePlan, merge_groups
from longhop.questions.templates import compose_question
from longhop.records.accounts import Reason
from longhop.records.questions import AnswerKind, Composition
from longhop.records.replies import MergedQuestion
from longhop.records.verification import Returned
from longhop.verification.checks import check_merged, composed_answer
from tests.fakes import BORN, FOUNDED, STUDIED, ScriptedModel, group, prompt, single_hop

OLDER = single_hop("When was A Mill built?", "1640", "A Mill", kind=AnswerKind.DATE)
NEWER = single_hop("When was B Mill built?", "1701", "B Mill", kind=AnswerKind.DATE)


async def merge(question: str, answer: str, *, last: bool = False, of=(BORN, FOUNDED)):
    model = ScriptedModel(lambda *_: MergedQuestion(question=question, answer=answer))
    todo = [Returned(group=group(*of), history=())]
    return await merge_groups(todo, MergePlan(prompt=prompt("merge"), last=last), model=model)


async def test_a_sound_question_is_kept_with_its_hops():
    merged = await merge("Who founded the town where Ada Holm was born?", "Brisa Tolle")

    (kept,) = merged.kept
    assert kept.hops == (BORN, FOUNDED)
    assert kept.composer == "scripted"


async def test_a_named_bridge_answer_is_a_leak_and_goes_back_with_its_history():
    question = "Who founded Orlin, where Ada Holm was born?"
    merged = await merge(question, "Brisa Tolle")

    assert [each.reason for each in merged.rejected] == [Reason.BRIDGE_LEAK]
    (returned,) = merged.returned
    assert returned.history[0].question == question


async def test_on_the_last_attempt_nothing_goes_back():
    merged = await merge("Who founded Orlin, where Ada Holm was born?", "Brisa Tolle", last=True)

    assert merged.returned == []


async def test_a_second_attempt_is_told_what_was_wrong():
    first = await merge("Who founded Orlin, where Ada Holm was born?", "Brisa Tolle")
    reply = MergedQuestion(question="Who founded Ada Holm's place of birth?", answer="Brisa Tolle")
    model = ScriptedModel(lambda *_: reply)
    plan = MergePlan(prompt=prompt("merge"), last=True)

    merged = await merge_groups(first.returned, plan, model=model)

    assert "bridge_leak" in str(model.asked[0][1]["objection"])
    assert [each.reason for each in merged.kept[0].history] == ["bridge_leak"]


async def test_an_unreadable_reply_falls_back_on_the_template():
    model = ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?"))
    todo = [Returned(group=group(BORN, FOUNDED), history=())]
    plan = MergePlan(prompt=prompt("merge"), last=True)

    (kept,) = (await merge_groups(todo, plan, model=model)).kept

    assert kept.composer == "template"
    assert kept.question == 'Who founded the answer to "Where was Ada Holm born?"?'


async def test_a_language_without_a_template_has_no_such_fallback():
    """An English frame around French names would be a row in no language."""
    model = ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?"))
    french = [each.model_copy(update={"language": "fr"}) for each in (BORN, FOUNDED)]
    todo = [Returned(group=group(*french), history=())]

    merged = await merge_groups(todo, MergePlan(prompt=prompt("merge"), last=True), model=model)

    assert merged.kept == []
    assert [each.reason for each in merged.rejected] == [Reason.UNPARSABLE]


async def test_a_wrong_answer_is_named():
    assert (await merge("Who founded Ada Holm's place of birth?", "Orlin")).rejected[
        0
    ].reason is Reason.WRONG_ANSWER


def test_the_template_never_names_a_bridge_answer():
    question, answer = compose_question(Composition.BRIDGE, (BORN, FOUNDED, STUDIED))

    assert answer == "Marrow College"
    assert check_merged(question, answer, Composition.BRIDGE, (BORN, FOUNDED, STUDIED)) is None


def test_a_comparison_is_answered_by_the_earlier_or_the_larger():
    assert composed_answer(Composition.COMPARISON, (NEWER, OLDER)) == "A Mill"
    tall, low = (
        single_hop("How high?", metres, name, kind=AnswerKind.NUMBER)
        for metres, name in (("1,830 metres", "Pelwyn"), ("920 metres", "Ford"))
    )
    assert composed_answer(Composition.COMPARISON, (low, tall)) == "Pelwyn"
    question, answer = compose_question(Composition.COMPARISON, (OLDER, NEWER))
    assert check_merged(question, answer, Composition.COMPARISON, (OLDER, NEWER)) is None


def test_a_chinese_bridge_is_composed_in_chinese():
    born = single_hop("沈蘅舟出生于哪里？", "栖篱", "沈蘅舟", language="zh")
    lies = single_hop("栖篱位于哪座山？", "墨屏山", "栖篱", language="zh")
    question, answer = compose_question(Composition.BRIDGE, (born, lies))

    assert (question, answer) == ("“沈蘅舟出生于哪里？”的答案位于哪座山？", "墨屏山")
    assert check_merged(question, answer, Composition.BRIDGE, (born, lies)) is None
