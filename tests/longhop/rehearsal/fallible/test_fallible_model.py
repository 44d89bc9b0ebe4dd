"""The fallible model errs at the rates that it was given, and answers as the library asks."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from math import sqrt
from typing import Any

import aiohttp
import pytest

from longhop.rehearsal import MODEL, RehearsalServer
from longhop.rehearsal.fallible import (
    FallibleModel,
    Faults,
    Hop,
    Item,
    Judge,
    Question,
    Rates,
    Solver,
    World,
)
from longhop.rehearsal.fallible.items import Length
from longhop.rehearsal.judging import CRITERIA
from longhop.rehearsal.prompting import Prompt

SIZE = 4000
WORLD = World(SIZE, seed=5)
MODEL_UNDER_TEST = FallibleModel(WORLD)


def within(count: int, of: int, rate: float) -> bool:
    """Whether a count is within four and a half standard deviations of what its rate predicts."""
    return abs(count / of - rate) < 4.5 * sqrt(rate * (1 - rate) / of)


def prompt(task: str, *fences: tuple[str, str]) -> Prompt:
    return Prompt(task, "Write at most 3 questions.", fences, again=False)


def said(task: str, *fences: tuple[str, str], model: FallibleModel = MODEL_UNDER_TEST) -> Any:
    return model.content(prompt(task, *fences))


def answered(
    item: Item, documents: Iterable[str], model: FallibleModel = MODEL_UNDER_TEST
) -> bool:  # fmt: skip
    shown = [("document", document) for document in documents]
    reply = said("short_answer", *shown, ("question", item.question.text), model=model)
    assert reply["answerable"] == bool(reply["answer"])
    return bool(reply["answer"] == item.question.answer)


def score(item: Item, model: FallibleModel = MODEL_UNDER_TEST, *, mended: bool = False) -> float:
    text = item.question.text
    if mended:
        text = merged(item.hops, "it was judged low")["question"]
    reply = said("judgement", ("question", text), ("answer", item.question.answer), model=model)
    assert all(1 <= reply[criterion] <= 10 for criterion in CRITERIA)
    return sum(reply[criterion] for criterion in CRITERIA) / 4


def merged(
    hops: Iterable[Hop], objection: str = "", model: FallibleModel = MODEL_UNDER_TEST
) -> Any:
    told = [
        part for hop in hops for part in (("question", hop.question), ("answer", hop.answer))
    ]  # fmt: skip
    why = [("objection", objection)] if objection else []
    return said("merged_question", ("composition", "bridge"), *told, *why, model=model)


def told_score(item: Item, model: FallibleModel, *evidence: tuple[str, str]) -> float:
    reply = said("judgement", ("question", item.question.text), *evidence, model=model)
    return sum(reply[criterion] for criterion in CRITERIA) / 4


def three_hops() -> Iterator[Item]:
    return (item for item in WORLD.items if len(item.hops) == 3 and item.is_multi_hop)


@pytest.mark.parametrize("length", ["short", "medium", "long"])
def test_the_judge_errs_at_its_rates(length: Length):
    """By length of the documents, as verifiers do."""
    judge = Judge({"short": 0.95, "medium": 0.8, "long": 0.5},
                  {"short": 0.02, "medium": 0.1, "long": 0.3})  # fmt: skip
    items = [item for item in WORLD.items if item.length == length]
    for good, rates in ((True, judge.true_positive), (False, judge.false_positive)):
        judged = [item for item in items if item.is_good == good]
        passed = sum(score(item, FallibleModel(WORLD, judge)) >= 8.5 for item in judged)
        assert within(passed, len(judged), rates[length])


def test_what_passes_the_judge_is_good_as_often_as_bayes_predicts():
    """The gate's precision is the first figure that is held against the truth."""
    rate = WORLD.rates.good
    passed = [item for item in WORLD.items if score(item) >= 8.5]
    predicted = rate * 0.8 / (rate * 0.8 + (1 - rate) * 0.1)

    assert within(sum(item.is_good for item in passed), len(passed), predicted)


def test_a_higher_threshold_is_more_precise():
    """Else there were nothing to calibrate."""
    precision = []
    for threshold in (7.5, 8.5, 9.5):
        passed = [item for item in WORLD.items if score(item) >= threshold]
        precision.append(sum(item.is_good for item in passed) / len(passed))

    assert precision[0] + 0.03 < precision[1] < precision[2] - 0.01


def test_a_judge_may_look_at_the_hops_too():
    """What is good and not multi-hop is then no better than what is bad."""
    model = FallibleModel(WORLD, judge=Judge(needs_hops=True))
    single = [item for item in WORLD.items if item.is_good and not item.is_multi_hop]

    assert within(sum(score(item, model) >= 8.5 for item in single), len(single), 0.1)


def test_the_solver_errs_at_its_rates():
    """It knows, it fails, it guesses."""
    solver = MODEL_UNDER_TEST.solver
    evidence = {item.id: [hop.sentence for hop in item.hops] for item in WORLD.items}
    missing = [item for item in WORLD.items if item.is_multi_hop]

    assert within(sum(answered(item, ()) for item in WORLD.items), SIZE, solver.knows)
    failed = sum(not answered(item, evidence[item.id]) for item in WORLD.items)
    assert within(failed, SIZE, solver.fails)
    guessed = sum(answered(item, evidence[item.id][1:]) for item in missing)
    assert within(guessed, len(missing), solver.guesses)


def test_a_hop_that_is_not_necessary_can_be_left_out():
    """The necessity certificate must have something to find."""
    faultless = FallibleModel(WORLD, solver=Solver(0, 0, 0))
    for item in WORLD.items[:500]:
        for hop in item.hops:
            shown = [WORLD.document(each) for each in item.hops if each != hop]
            if shown:
                needed = hop.at in item.necessary
                assert answered(item, shown, faultless) != needed


def test_the_hops_of_a_document_are_asked_with_their_quotes():
    """And a document of nothing is asked for nothing."""
    for item in WORLD.items[:200]:
        for hop in item.hops:
            document = WORLD.document(hop)
            reply = said("single_hop_questions", ("title", hop.subject), ("document", document))
            (entry,) = reply["questions"]
            assert (entry["question"], entry["answer"]) == (hop.question, hop.answer)
            assert entry["quote"] in document
            assert entry["answer"] in entry["quote"]
            assert entry["subject"] in entry["question"]
    assert said("single_hop_questions", ("document", "Cut the leeks."))["questions"] == []


def test_merging_hops_gives_the_question_of_their_item():
    """By its text the truth is found."""
    for item in WORLD.items[:300]:
        reply = merged(item.hops)
        assert WORLD.question_of(reply["question"]) == item.question
        assert reply["answer"] == item.question.answer
        assert not any(hop.answer in reply["question"] for hop in item.hops)


def test_a_part_of_the_hops_is_a_question_of_its_own():
    """Whoever links two hops of three asks about those two."""
    item = next(three_hops())
    _, second, third = item.hops
    question = WORLD.question_of(merged((second, third))["question"])

    assert question and question.item is item
    assert question.hops == (second, third)
    assert question.is_multi_hop


def test_hops_that_do_not_follow_are_no_question_of_the_world():
    """A gap, or two items, are merged as well as it goes, and judged unusable or wrong."""
    item, other = islice(three_hops(), 2)
    first, _, third = item.hops
    for pair in ((first, third), (first, other.hops[1])):
        text = merged(pair, "try again")["question"]
        assert text != Question(item, 0, 3, mended=True).text


def test_a_second_attempt_mends_its_share_of_the_faults():
    """Without it no repair could be seen to be worth its price."""
    questions = [
        WORLD.question_of(merged(item.hops, "judged low")["question"]) for item in WORLD.items
    ]
    again = [question for question in questions if question]
    bad = [question for question in again if not question.item.is_good]
    single = [question for question in again if not question.item.is_multi_hop]

    assert len(again) == SIZE
    assert all(question.mended for question in again)
    assert within(sum(question.is_good for question in bad), len(bad), 0.5)
    assert within(sum(question.is_multi_hop for question in single), len(single), 0.5)
    assert all(question.is_good for question in again if question.item.is_good)


def test_a_second_attempt_is_judged_anew():
    """Its score is of its own words."""
    items = WORLD.items[:200]

    assert [score(item) for item in items] != [score(item, mended=True) for item in items]


def test_a_first_attempt_has_its_faults_at_their_rates():
    """One that names a bridge or its answer is known again, by its text, as what it is."""
    faulty = FallibleModel(WORLD, faults=Faults(names_bridge=0.2, names_answer=0.1, pronoun=0.1))
    told = [merged(item.hops, model=faulty)["question"] for item in WORLD.items]
    found = [WORLD.question_of(each) for each in told]

    bridges = [each for each in found if each and each.fault == "names_bridge"]
    assert within(len(bridges), SIZE, 0.2)
    assert not any(each.is_multi_hop or each.is_good for each in bridges)
    answers = [each for each in found if each and each.fault == "names_answer"]
    assert within(len(answers), SIZE, 0.1)
    assert all(each.answer in each.text and not each.is_good for each in answers)
    assert within(sum(each is None for each in found), SIZE, 0.1)
    again = merged(WORLD.items[0].hops, "a name", faulty)["question"]
    assert WORLD.question_of(again) == replace(WORLD.items[0].question, mended=True)


def test_a_quote_may_be_beside_the_point():
    """It stands in the document, and does not tell the answer: a judge who reads it sees that."""
    faulty = FallibleModel(
        WORLD, faults=Faults(ungrounded=1), judge=Judge(threshold=8.5, noise=0.1)
    )
    for item in WORLD.items[:100]:
        document = WORLD.document(item.hops[0])
        (entry,) = said("single_hop_questions", ("document", document), model=faulty)["questions"]
        assert entry["quote"] in document
        assert entry["answer"] not in entry["quote"]
    good = [item for item in WORLD.items if item.is_good]
    shown = [("evidence", "Nothing is known.")]
    scores = [told_score(item, faulty, *shown) for item in good]
    assert sum(each >= 8.5 for each in scores) < 0.2 * len(good)


def test_another_sample_is_another_draw():
    """Of the judge and the solver alone; the first is what a server gives, which sees no number."""
    judged = prompt("judgement", ("question", WORLD.items[0].question.text))
    assert MODEL_UNDER_TEST.content(judged, 0) == MODEL_UNDER_TEST.content(judged)
    others = 0
    right = 0
    for item in WORLD.items:
        judged = prompt("judgement", ("question", item.question.text))
        others += MODEL_UNDER_TEST.content(judged, 1) != MODEL_UNDER_TEST.content(judged)
        asked = prompt("short_answer", ("question", item.question.text))
        both = [MODEL_UNDER_TEST.content(asked, sample)["answerable"] for sample in (0, 1)]
        right += all(both)
    assert others > 0.5 * SIZE
    assert within(right, SIZE, MODEL_UNDER_TEST.solver.knows**2)


def test_a_written_context_answers_its_question():
    """With its evidence in it, letter by letter."""
    faultless = FallibleModel(WORLD, solver=Solver(0, 0, 0))
    for item in WORLD.items[:50]:
        reply = said("written_context", ("question", item.question.text))
        text = "\n\n".join(each["text"] for each in reply["sections"])
        assert all(sentence in text for sentence in reply["evidence"])
        assert answered(item, [text], faultless)


def test_what_is_not_of_the_world_is_not_known():
    """It judges it unusable and answers nothing."""
    strange = ("question", "Who directed Low Tide?")

    assert not said("short_answer", strange)["answerable"]
    assert {said("judgement", strange)[criterion] for criterion in CRITERIA} == {1}


def test_everything_comes_from_the_seed():
    """And nothing from the order in which it is asked."""
    other = FallibleModel(World(SIZE, seed=5))
    items = [*WORLD.items[:300]]
    scores = [score(item) for item in items]

    assert [score(item, other) for item in reversed(items)] == scores[::-1]
    reseeded = FallibleModel(World(SIZE, seed=6, rates=Rates(duplicate=0)))
    assert [score(item, reseeded) for item in items] != scores


async def test_it_is_served_beside_the_rehearsal_model():
    """Under a name that says what it is."""
    item = WORLD.items[0]
    fence = f'<question mark="7f3a9c01">\n{item.question.text}\n</question mark="7f3a9c01">'
    body = {
        "model": MODEL_UNDER_TEST.name,
        "messages": [{"role": "user", "content": fence}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "judgement"}},
    }
    with RehearsalServer(models=[MODEL_UNDER_TEST]) as server:
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{server.url}/chat/completions", json=body) as response:
                reply = await response.json()
            async with session.get(f"{server.url}/models") as response:
                names = [each["id"] for each in (await response.json())["data"]]

    assert names == [MODEL, "rehearsal-fallible-1"]
    assert reply["model"] == "rehearsal-fallible-1"
    content = json.loads(reply["choices"][0]["message"]["content"])
    assert content == said("judgement", ("question", item.question.text))
