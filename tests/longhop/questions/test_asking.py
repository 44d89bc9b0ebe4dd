"""What a model proposes is located, checked and counted."""

import pytest

from longhop.ports import NoReply
from longhop.questions.asking import AskPlan, ask_chunks, locate
from longhop.questions.gathering import gather_questions
from longhop.records.accounts import Reason
from longhop.records.questions import AnswerKind
from longhop.records.replies import ProposedQuestion, SingleHopQuestions
from longhop.verification.checks import check_wording
from tests.fakes import BORN, FOUNDED, ScriptedModel, chunk, prompt

TEXT = "Ada Holm was born in Orlin.\nOrlin lies on the Luvane. Ada Holm was born in Orlin."
PLAN = AskPlan(prompt=prompt(), limit=3)


def proposed(**changes: str) -> ProposedQuestion:
    fields = {
        "question": "Where was Ada Holm born?",
        "answer": "Orlin",
        "quote": "Ada Holm was born in Orlin.",
        "subject": "Ada Holm",
        "relation": "place of birth",
        "kind": AnswerKind.PLACE,
    }
    return ProposedQuestion.model_validate({**fields, **changes})


async def ask(*replies: ProposedQuestion):
    model = ScriptedModel(lambda *_: SingleHopQuestions(questions=replies))
    return await ask_chunks([chunk("c", TEXT)], PLAN, model=model)


async def test_evidence_is_located_at_all_of_its_places():
    (question,) = (await ask(proposed())).questions

    spans = [(each.start, each.end) for each in question.evidence]
    assert [TEXT[start:end] for start, end in spans] == ["Ada Holm was born in Orlin."] * 2


async def test_white_space_alone_may_differ_from_the_quote():
    assert locate("born in Orlin. Orlin lies", TEXT) == ((13, 38),)
    assert TEXT[13:38] == "born in Orlin.\nOrlin lies"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quote": "Ada Holm was born in Brackwater."}, Reason.EVIDENCE_MISSING),
        ({"quote": ""}, Reason.EVIDENCE_MISSING),
        (
            {"quote": "Orlin lies on the Luvane.", "answer": "Tasmere"},
            Reason.ANSWER_NOT_IN_EVIDENCE,
        ),
        ({"question": "Was Ada Holm born in Orlin?"}, Reason.ANSWER_LEAK),
        ({"question": "Where was she born at first?"}, Reason.NOT_SELF_CONTAINED),
        ({"question": "Who wrote the book?"}, Reason.NOT_SELF_CONTAINED),
        ({"question": "What does the passage say of Ada Holm?"}, Reason.NOT_SELF_CONTAINED),
        ({"question": "Where?"}, Reason.BAD_LENGTH),
        ({"question": "艾达·霍尔姆出生于哪里？"}, Reason.WRONG_LANGUAGE),
    ],
)
async def test_a_bad_question_is_turned_away_with_its_reason(
    changes: dict[str, str], reason: Reason
):
    asked = await ask(proposed(**changes))

    assert asked.questions == []
    assert [each.reason for each in asked.rejected_questions] == [reason]


@pytest.mark.parametrize(
    ("question", "language", "reason"),
    [
        ("أين ولدت آدا هولم؟", "ar", None),
        ("Where was Ada Holm born?", "ar", Reason.WRONG_LANGUAGE),
        ("Wo kommt Ada Holm her?", "de", None),
        ("Где родилась Ада Холм?", "de", Reason.WRONG_LANGUAGE),
        ("เอดาเกิดที่ไหน", "th", None),
        ("ไหน", "th", Reason.BAD_LENGTH),
        ("Wo?", "de", Reason.BAD_LENGTH),
    ],
)
def test_a_question_in_a_language_without_prompts_is_checked_by_its_script(
    question: str, language: str, reason: Reason | None
):
    """Its words are too few to tell the language by, and English pronouns are none in it."""
    finding = check_wording(question, "Orlin", language)

    assert (finding and finding[0]) is reason


async def test_a_pronoun_may_refer_to_a_name_in_the_question():
    asked = await ask(proposed(question="Where was Ada Holm when she was born?"))

    assert len(asked.questions) == 1


async def test_nothing_to_ask_is_a_legal_answer_and_is_counted():
    asked = await ask()

    assert [each.reason for each in asked.rejected_chunks] == [Reason.NOTHING_TO_ASK]


async def test_an_unreadable_reply_is_kept_raw_and_a_refusal_is_a_failure():
    replies = iter(
        (
            NoReply(refused=False, detail="no JSON", raw="Sorry!"),
            NoReply(refused=True, detail="400", raw=""),
        )
    )
    model = ScriptedModel(lambda *_: next(replies))
    asked = await ask_chunks([chunk("a", TEXT), chunk("b", TEXT)], PLAN, model=model)

    assert [(each.reason, each.raw) for each in asked.rejected_chunks] == [
        (Reason.UNPARSABLE, "Sorry!")
    ]
    assert [each.detail for each in asked.failed_chunks] == ["400"]


async def test_more_questions_than_asked_for_are_not_taken():
    questions = [proposed(question=f"Where was Ada Holm born in year {n}?") for n in range(9)]

    assert len((await ask(*questions)).questions) == PLAN.limit


def test_the_same_question_with_two_answers_is_kept_once():
    twin = BORN.model_copy(update={"answer": "Tasby"})
    kept, rejected = gather_questions([BORN, twin])

    assert len(kept) == len(rejected) == 1
    assert kept == gather_questions([twin, BORN])[0]


def test_a_question_that_rows_rest_on_is_not_displaced():
    """A new document that says the same would take its place, and its rows with it."""
    newer = BORN.model_copy(update={"id": "a-smaller-id"})

    assert gather_questions([BORN, newer])[0] == [newer]
    assert gather_questions([BORN, newer], {BORN.id})[0] == [BORN]


async def test_questions_beyond_the_limit_are_counted():
    questions = [proposed(question=f"Where was Ada Holm born in year {n}?") for n in range(9)]

    assert (await ask(*questions)).beyond_limit == 6


def test_a_wording_is_kept_once_whatever_the_order():
    twin = BORN.model_copy(update={"id": "q-other"})
    kept, (rejection,) = gather_questions([twin, FOUNDED, BORN])

    assert kept == gather_questions([BORN, FOUNDED, twin])[0]
    assert rejection.reason is Reason.DUPLICATE_QUESTION
