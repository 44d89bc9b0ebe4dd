"""What a model proposes is located, checked and counted."""

import pytest

from longhop.ports import NoReply
from longhop.questions.asking import AskPlan, ask_chunks
from longhop.questions.locating import locate
from longhop.records.accounts import Reason
from longhop.records.questions import AnswerKind
from longhop.records.replies import (
    AskedQuestions,
    FoundAnswers,
    MendedQuestions,
    ProposedQuestion,
    SingleHopQuestions,
)
from longhop.verification.checks import check_wording
from tests.fakes import ScriptedModel, chunk, prompt

TEXT = "Ada Holm was born in Orlin.\nOrlin lies on the Luvane. Ada Holm was born in Orlin."
PLAN = AskPlan(prompt=prompt(), limit=3)


def proposed(**changes: str) -> ProposedQuestion:
    fields = {
        "question": "Where was Ada Holm born?",
        "answer": "Orlin",
        "quote": "Ada Holm was born in Orlin.",
        "subject": "Ada Holm",
        "subject_kind": "person",
        "relation": "place of birth",
        "kind": AnswerKind.PLACE,
        "aliases": (),
        "entities": (),
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


async def test_questions_beyond_the_limit_are_counted():
    questions = [proposed(question=f"Where was Ada Holm born in year {n}?") for n in range(9)]

    assert (await ask(*questions)).beyond_limit == 6


FIND = AskPlan(prompt=prompt("ask"), find=prompt("find"), limit=3)


def found(number: int, **changes: object) -> dict[str, object]:
    fields = proposed().model_dump()
    return {**fields, "number": number, "answerable": True, **changes}


async def ask_first(asked: tuple[str, ...], *answers: dict[str, object], text: str = TEXT):
    """Questions in one reply, answers in the next."""

    def script(sent, values):
        if sent.name == "ask":
            return AskedQuestions(questions=asked)
        told = [{k: v for k, v in each.items() if k != "question"} for each in answers]
        return FoundAnswers.model_validate({"answers": told})

    return await ask_chunks([chunk("c", text)], FIND, model=ScriptedModel(script))


async def test_questions_are_answered_in_a_request_of_their_own():
    """Questions are better when they are asked before they are answered."""
    asked = await ask_first(("Where was Ada Holm born?",), found(1))

    (question,) = asked.questions
    assert (question.question, question.answer) == ("Where was Ada Holm born?", "Orlin")


async def test_a_question_without_an_answer_is_turned_away_and_counted():
    asked = await ask_first(
        ("Where was Ada Holm born?", "Who taught Ada Holm?", "Who fed Ada Holm?"),
        found(1),
        found(2, answerable=False, answer=""),
        found(9),
    )

    assert len(asked.questions) == 1
    assert [each.reason for each in asked.rejected_questions] == [Reason.UNANSWERABLE] * 2


async def test_where_nothing_is_asked_nothing_is_sent_after_it():
    asked = await ask_first(())

    assert [each.reason for each in asked.rejected_chunks] == [Reason.NOTHING_TO_ASK]


async def test_the_same_sentence_in_another_chunk_of_the_document_is_recorded():
    """Whoever leaves out one of the two has not left out the evidence."""
    model = ScriptedModel(
        lambda _, values: SingleHopQuestions(
            questions=(proposed(),) if "lies" in values["document"] else ()
        )
    )
    chunks = [chunk("c1", TEXT, of="d"), chunk("c2", "Ada Holm was born in Orlin.", of="d")]
    (question,) = (await ask_chunks(chunks, PLAN, model=model)).questions

    assert [each.chunk_id for each in question.evidence] == ["c1", "c1", "c2"]
    assert question.chunk_id == "c1"


async def test_an_alias_counts_only_where_the_document_has_it():
    """A model adds names that it knows from elsewhere."""
    asked = await ask(proposed(aliases=("the Luvane town", "Luvane", "Orlin")))

    assert asked.questions[0].aliases == ("Luvane",)


async def test_a_model_that_counts_from_nought_is_understood():
    asked = await ask_first(("Where was Ada Holm born?",), found(0))

    assert [each.answer for each in asked.questions] == ["Orlin"]


async def test_an_answer_about_something_else_belongs_to_another_question():
    """Answers that come in another order than the questions would be true, and wrong."""
    asked = await ask_first(("Where does the Luvane rise?",), found(1))

    assert [each.reason for each in asked.rejected_questions] == [Reason.UNANSWERABLE]


@pytest.mark.parametrize("quote", ["5 million people", "345 people", "rlin lies"])
def test_a_quote_is_made_of_whole_words_and_numbers(quote: str):
    assert locate(quote, "Orlin lies there. 3.5 million people and 12,345 people came.") == ()


@pytest.mark.parametrize("alias", ["o", "was born", "Ada Holm", "rlin"])
async def test_what_is_no_other_name_of_the_answer_is_no_alias(alias: str):
    """It would be looked for in other questions, and pass for the answer."""
    asked = await ask(proposed(aliases=(alias,)))

    assert asked.questions[0].aliases == ()


MEND = AskPlan(prompt=prompt("single_hop"), mend=prompt("mend"), limit=3, attempts=2)


async def ask_twice(first: list[ProposedQuestion], *mended: dict[str, object], plan=MEND):
    def script(sent, values):
        if sent.name == "mend":
            return MendedQuestions.model_validate({"questions": mended})
        return SingleHopQuestions(questions=tuple(first))

    model = ScriptedModel(script)
    return await ask_chunks([chunk("c", TEXT)], plan, model=model), model


async def test_what_is_turned_away_is_asked_anew_with_the_reason():
    pronoun = proposed(question="Where was she born in that year?")
    asked, model = await ask_twice([pronoun], {**proposed().model_dump(), "number": 1})

    (question,), (rejection,) = asked.questions, asked.rejected_questions
    assert question.mends == rejection.item
    assert rejection.reason is Reason.NOT_SELF_CONTAINED
    (shown,) = model.asked[-1][1]["turned_away"]
    assert shown["question"] == "Where was she born in that year?"
    assert "'she' has nothing to name" in shown["objection"]


async def test_a_mended_question_is_checked_like_any_other():
    again = {**proposed(question="Where was he born in that year?").model_dump(), "number": 1}
    asked, model = await ask_twice([proposed(question="Where was she born in that year?")], again)

    assert asked.questions == []
    assert len(asked.rejected_questions) == 2
    assert len(model.asked) == 2, "no more often than the plan says"


async def test_nothing_is_asked_anew_where_nothing_can_be_mended():
    asked, model = await ask_twice([proposed()])

    assert len(asked.questions) == len(model.asked) == 1


async def test_no_more_questions_come_back_than_were_turned_away():
    anew = [
        {**proposed(question=f"Where was Ada Holm born {n}?").model_dump(), "number": 1}
        for n in (1, 2)
    ]
    asked, _ = await ask_twice([proposed(question="Where was she born in that year?")], *anew)

    assert len(asked.questions) == 1


async def test_a_reply_that_does_not_come_leaves_what_was_turned_away():
    def script(sent, values):
        if sent.name == "mend":
            return NoReply(refused=True, detail="400", raw="")
        return SingleHopQuestions(
            questions=(proposed(question="Where was she born in that year?"),)
        )

    asked = await ask_chunks([chunk("c", TEXT)], MEND, model=ScriptedModel(script))

    assert [each.reason for each in asked.rejected_questions] == [Reason.NOT_SELF_CONTAINED]
    assert asked.failed_chunks == []
