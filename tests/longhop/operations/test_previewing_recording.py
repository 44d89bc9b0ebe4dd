"""What is sent is noted, and never more than was said."""

from longhop.operations.previewing import Recorder, most_prompts
from longhop.ports import NoReply
from longhop.questions.asking import AskPlan, ask_chunks
from longhop.records.accounts import FailureReason
from longhop.records.replies import SingleHopQuestions
from longhop.spec import DatasetSpec
from tests.fakes import ScriptedModel, chunk, prompt
from tests.world import make_spec

NOTHING = SingleHopQuestions(questions=())
CHUNKS = [chunk(f"c{n}", f"Text {n}.") for n in range(5)]


async def test_beyond_the_limit_nothing_is_sent_and_the_stage_goes_on():
    model = ScriptedModel(lambda *_: NOTHING)
    recorder = Recorder(model, limit=3)  # type: ignore[arg-type]
    asked = await ask_chunks(CHUNKS, AskPlan(prompt=prompt(), limit=2), model=recorder)

    assert len(model.asked) == 3
    assert len(asked.rejected_chunks) == 3
    assert {each.reason for each in asked.failed_chunks} == {FailureReason.REQUEST_REFUSED}
    assert len(recorder.exchanges) == 5
    assert recorder.exchanges[4].lost == "not sent: the limit is 3 prompts"


async def test_without_a_limit_prompts_are_noted_and_none_is_sent():
    model = ScriptedModel(lambda *_: NOTHING)
    recorder = Recorder(model, limit=0)  # type: ignore[arg-type]
    await ask_chunks(CHUNKS, AskPlan(prompt=prompt(), limit=2), model=recorder)

    assert not model.asked
    assert "Text 3." in recorder.exchanges[3].messages[0].content


async def test_a_reply_that_cannot_be_read_is_noted_as_it_came():
    model = ScriptedModel(lambda *_: NoReply(refused=False, detail="no object", raw="I will not."))
    recorder = Recorder(model, limit=9)  # type: ignore[arg-type]
    await ask_chunks(CHUNKS[:1], AskPlan(prompt=prompt(), limit=2), model=recorder)
    (exchange,) = recorder.take()

    assert (exchange.replies, exchange.lost) == (("I will not.",), "no object")
    assert recorder.take() == []


def spec(**changes: object) -> DatasetSpec:
    return make_spec("corpus.jsonl", **changes)  # type: ignore[arg-type]


KNOWN = ["single_hop", "merge", "judge", "answer", "closed_book", "context"]


def test_the_most_that_is_said_grows_with_attempts_hops_and_seeds():
    one = spec(verification={"attempts": 1}, questions={"hops": [2]})
    two = spec(verification={"attempts": 2}, questions={"hops": [2, 3]})

    # Two probes and one a hop, each of which may want its answer compared.
    assert most_prompts(one, KNOWN, chunks=8, groups=3, seeds=0) == 8 + 3 * (2 + 2 * 4)
    assert most_prompts(two, KNOWN, chunks=8, groups=3, seeds=1) == 8 + 72 + 8 + 2 * 6


def test_each_judge_and_each_probe_counts_as_often_as_it_is_asked():
    model = {"name": "m", "temperature": 0.7}
    several = {"models": {"default": model, "judges": [model]}, "questions": {"hops": [2]}}
    one = spec(**several, verification={"attempts": 1})
    more = spec(**several, verification={"attempts": 1, "samples": 3, "probes": 2})

    assert most_prompts(one, KNOWN, chunks=0, groups=1, seeds=0) == 1 + 2 + 2 * 4
    assert most_prompts(more, KNOWN, chunks=0, groups=1, seeds=0) == 1 + 6 + 2 * 7


def test_every_prompt_of_asking_counts_once_a_chunk():
    """However asking is divided, what is said first must hold."""
    assert most_prompts(spec(), [*KNOWN, "find"], chunks=8, groups=0, seeds=0) == 16
