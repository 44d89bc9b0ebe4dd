"""One pool of questions, each once."""

import pytest

from longhop.questions.gathering import gather_questions
from longhop.records.accounts import Reason
from longhop.records.corpus import Split
from tests.fakes import BORN, FOUNDED, single_hop


def test_the_same_question_with_two_answers_is_kept_once():
    twin = BORN.model_copy(update={"answer": "Tasby"})
    kept, rejected = gather_questions([BORN, twin])

    assert len(kept) == len(rejected) == 1
    assert kept == gather_questions([twin, BORN])[0]


def test_a_question_that_rows_rest_on_is_not_displaced():
    """A new document that says the same would take its place, and its rows with it."""
    newer = BORN.model_copy(update={"id": "a-smaller-id"})

    assert gather_questions([BORN, newer])[0] == [newer]
    assert gather_questions([BORN, newer], incumbents={BORN.id})[0] == [BORN]


def test_a_wording_is_kept_once_whatever_the_order():
    twin = BORN.model_copy(update={"id": "q-other"})
    kept, (rejection,) = gather_questions([twin, FOUNDED, BORN])

    assert kept == gather_questions([BORN, FOUNDED, twin])[0]
    assert rejection.reason is Reason.DUPLICATE_QUESTION


def vectors(*steps: tuple[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return dict(steps)


def test_one_meaning_in_other_words_is_kept_once():
    """The same thing, the same answer, and vectors that say the same."""
    reworded = BORN.model_copy(
        update={
            "id": "q-reworded",
            "question": "In which town did Ada Holm first see the light?",
            "relation": "town of the first cry",
        }
    )
    near = vectors((BORN.id, (2000, 400)), ("q-reworded", (1990, 450)))
    far = vectors((BORN.id, (2000, 400)), ("q-reworded", (0, 2047)))

    kept, rejected = gather_questions([BORN, reworded], near)
    assert len(kept) == 1
    assert [each.reason for each in rejected] == [Reason.DUPLICATE_QUESTION]
    assert len(gather_questions([BORN, reworded], far)[0]) == 2
    assert gather_questions([reworded, BORN], near)[0] == kept


def test_two_things_asked_alike_are_two_questions():
    """Their vectors are near each other, for only the name differs."""
    ben = single_hop("Where was Ben Holm born?", "Orlin", "Ben Holm", relation="place of birth")
    near = vectors((BORN.id, (2000, 400)), (ben.id, (2000, 400)))

    assert len(gather_questions([BORN, ben], near)[0]) == 2


def test_a_question_stands_in_one_split_alone():
    """A model that was trained on it would know the one of the test."""
    other = BORN.model_copy(update={"id": "q-other", "split": Split.TEST})

    assert len(gather_questions([BORN, other])[0]) == 1


def test_who_wrote_it_and_who_directed_it_are_two_questions():
    """They may have one answer, and no vectors tell them apart."""
    wrote, directed = (
        single_hop(f"Who {verb} Low Tide?", "Ada Holm", "Low Tide", relation=verb)
        for verb in ("wrote", "directed")
    )
    near = vectors((wrote.id, (2000, 400)), (directed.id, (2000, 400)))

    assert len(gather_questions([wrote, directed], near)[0]) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Where was Ada Holm born?", "What is the birthplace of Ada Holm?", True),
        ("Who sang Low Tide?", "Who is the singer of Low Tide?", True),
        ("Who performed Low Tide?", "Who composed Low Tide?", False),
        ("Who was king in 1950?", "Who was king in 1951?", False),
        ("Who was king in 1950?", "Who was the king?", True),
    ],
)
def test_what_is_asked_decides_and_not_the_vectors_alone(one: str, other: str, same: bool):
    pair = [single_hop(each, "X", "", chunk_id="c") for each in (one, other)]
    near = {each.id: (2000, 400) for each in pair}

    assert len(gather_questions(pair, near)[0]) == (1 if same else 2)


def test_what_is_asked_to_the_word_needs_no_vectors():
    pair = [
        single_hop(each, "Orlin", "Ada Holm", relation=relation)
        for each, relation in (
            ("Where was Ada Holm born?", "place of birth"),
            ("By all accounts, where did Ada Holm first see the light?", "birthplace"),
        )
    ]

    assert len(gather_questions(pair)[0]) == 1


def test_one_thing_may_be_named_at_more_or_less_length():
    """In two documents: "Tesla" in one, "Nikola Tesla" in the other."""
    pair = [
        single_hop("Where was Tesla born?", "Smiljan", "Tesla"),
        single_hop("In which village was Nikola Tesla born?", "Smiljan", "Nikola Tesla"),
    ]
    near = {each.id: (2000, 400) for each in pair}

    assert len(gather_questions(pair, near)[0]) == 1
