"""Merged questions: worded by a model, checked without one, sent back with the reason."""

import pytest

from longhop.ports import NoReply
from longhop.questions.merging import MergePlan, merge_groups
from longhop.questions.templates import compose_question
from longhop.records.accounts import Reason
from longhop.records.questions import AnswerKind, Composition, HopLink
from longhop.records.replies import MergedQuestion
from longhop.records.verification import Returned
from longhop.verification.checks import check_merged, composed_answer
from tests.fakes import (
    BORN,
    FOUNDED,
    STUDIED,
    ScriptedModel,
    chunk,
    group,
    links_of,
    prompt,
    single_hop,
)

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
    hops = (BORN, FOUNDED, STUDIED)
    question, answer = compose_question(Composition.BRIDGE, hops, links_of(*hops))

    assert answer == "Marrow College"
    assert check_merged(question, answer, Composition.BRIDGE, hops, links_of(*hops)) is None


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
    links = links_of(born, lies)
    question, answer = compose_question(Composition.BRIDGE, (born, lies), links)

    assert (question, answer) == ("“沈蘅舟出生于哪里？”的答案位于哪座山？", "墨屏山")
    assert check_merged(question, answer, Composition.BRIDGE, (born, lies), links) is None


TALL = single_hop(
    "How many live in Orlin?",
    "1,200 people",
    "Orlin",
    relation="population",
    kind=AnswerKind.NUMBER,
)
LOW = single_hop(
    "How many live in Tasby?", "800", "Tasby", relation="population", kind=AnswerKind.NUMBER
)
BUILT = [
    single_hop(f"When was {name} built?", year, name, relation="year built", kind=AnswerKind.DATE)
    for name, year in (("C Mill", "1755"), ("A Mill", "1640"), ("B Mill", "1702"))
]
WROTE = single_hop("Who wrote The Glass Hill?", "Ada Holm", "The Glass Hill", relation="author")
SET = single_hop("Where is The Glass Hill set?", "Orlin", "The Glass Hill", relation="setting")


@pytest.mark.parametrize(
    ("composition", "hops", "expected"),
    [
        (Composition.AGGREGATE, (TALL, LOW), "2,000 people"),
        (Composition.TEMPORAL, (NEWER, OLDER), "A Mill"),
        (Composition.TEMPORAL, tuple(BUILT), "A Mill, B Mill, C Mill"),
        (Composition.INTERSECTION, (WROTE, SET), "The Glass Hill"),
    ],
)
def test_the_template_composes_what_the_checks_let_through(composition, hops, expected):
    """It is the fallback and the tests' oracle, so it must be right for every composition."""
    question, answer = compose_question(composition, hops)

    assert answer == expected
    assert check_merged(question, answer, composition, hops) is None


def test_a_tree_describes_both_of_its_branches():
    taught = single_hop("Who taught Cleo?", "Ivo Sandar", "Cleo")
    raised = single_hop("Who raised Dan?", "Ada Holm", "Dan")
    both = single_hop("What did Ada Holm and Ivo Sandar build?", "the Weir", "Ada Holm")
    links = (
        HopLink(head=0, tail=2, mention="Ivo Sandar"),
        HopLink(head=1, tail=2, mention="Ada Holm"),
    )
    hops = (taught, raised, both)
    question, answer = compose_question(Composition.BRIDGE, hops, links)

    assert answer == "the Weir"
    assert question == (
        'What did the answer to "Who raised Dan?" and the answer to "Who taught Cleo?" build?'
    )
    assert check_merged(question, answer, Composition.BRIDGE, hops, links) is None


def test_any_name_of_a_bridge_answer_is_a_leak():
    """The reader of "the birthplace of Ada, the Mill Town" needs no first hop either."""
    born = BORN.model_copy(update={"aliases": ("the Mill Town",)})
    links = links_of(born, FOUNDED)
    question = "Who founded the birthplace of Ada Holm, the Mill Town?"

    finding = check_merged(question, "Brisa Tolle", Composition.BRIDGE, (born, FOUNDED), links)

    assert finding is not None
    assert finding[0] is Reason.BRIDGE_LEAK


async def test_an_alias_of_the_last_answer_is_right_too():
    founded = FOUNDED.model_copy(update={"aliases": ("Dame Brisa",)})
    question = "Who founded the town where Ada Holm was born?"
    merged = await merge(question, "Dame Brisa", of=(BORN, founded))

    assert len(merged.kept) == 1


async def test_a_chain_is_merged_two_at_a_time_if_the_plan_says_so():
    """Each question that was made is what the next one is made of; the answers stay the hops'."""
    asked = []

    def script(_, values):
        asked.append(values["hops"])
        head, tail = (each["question"] for each in values["hops"])
        return MergedQuestion(
            question=tail.replace(values["hops"][1]["about"][0]["mention"], f"the one of <{head}>"),
            answer=values["hops"][1]["answer"],
        )

    todo = [Returned(group=group(BORN, FOUNDED, STUDIED), history=())]
    plan = MergePlan(prompt=prompt("merge"), last=True, steps="pairs")
    (kept,) = (await merge_groups(todo, plan, model=ScriptedModel(script))).kept

    assert [len(each) for each in asked] == [2, 2]
    assert asked[1][0]["question"] == "Who founded the one of <Where was Ada Holm born?>?"
    assert kept.answer == "Marrow College"
    assert kept.hops == (BORN, FOUNDED, STUDIED)


async def test_the_model_sees_the_chunks_if_the_plan_says_so():
    shown = []

    def script(_, values):
        shown.extend(values["documents"])
        return MergedQuestion(
            question="Who founded the town where Ada Holm was born?", answer="Brisa Tolle"
        )

    chunks = {hop.chunk_id: chunk(hop.chunk_id, hop.quote) for hop in (BORN, FOUNDED)}
    todo = [Returned(group=group(BORN, FOUNDED), history=())]
    for documents in (False, True):
        plan = MergePlan(prompt=prompt("merge"), last=True, documents=documents)
        await merge_groups(todo, plan, model=ScriptedModel(script), chunks=chunks)

    assert [each.splitlines()[1] for each in shown] == [BORN.quote, FOUNDED.quote]


@pytest.mark.parametrize("answer", ["A Mill or B Mill", "the older one", "not A Mill", "B Mill"])
def test_a_comparison_is_answered_by_one_of_its_names_and_nothing_else(answer: str):
    question = "Which was built earlier, A Mill or B Mill?"
    finding = check_merged(question, answer, Composition.TEMPORAL, (OLDER, NEWER))

    assert finding is not None
    assert finding[0] is Reason.WRONG_ANSWER


def test_a_merged_question_asks_about_what_its_hops_do():
    finding = check_merged(
        "Who founded the castle of Zanzibar?",
        "Brisa Tolle",
        Composition.BRIDGE,
        (BORN, FOUNDED),
        links_of(BORN, FOUNDED),
    )

    assert finding is not None
    assert finding[0] is Reason.NOT_SELF_CONTAINED


async def test_the_row_has_the_answer_of_its_hops():
    """A model puts words around it, and a trainer would learn them."""
    merged = await merge("Who founded the town where Ada Holm was born?", "by Brisa Tolle")

    assert merged.kept[0].answer == "Brisa Tolle"
