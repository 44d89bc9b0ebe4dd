"""The index finds what the link test lets pass, the surest first, whatever the order."""

from random import Random

import numpy as np
import pytest

from longhop.questions.bridging import BridgeIndex, find_bridge
from longhop.questions.bridging import index as index_file
from longhop.records.questions import AnswerKind, SingleHop
from longhop.selection.vectors import to_steps
from tests.fakes import BORN, FOUNDED, STUDIED, single_hop

PEOPLE = "Ada Holm", "Brisa Tolle", "Carl Venn", "Dora Quist"
PLACES = "Orlin", "Marrow College", "Salt Mill", "United States"


def world() -> list[SingleHop]:
    """Who was born where, who founded what, and what is in which country."""
    born = [
        single_hop(f"Where was {who} born?", where, "")
        for who, where in zip(PEOPLE, PLACES, strict=True)
    ]
    founded = [
        single_hop(f"Who founded {where}?", who, "", kind=AnswerKind.PERSON)
        for who, where in zip(PEOPLE, PLACES[1:] + PLACES[:1], strict=True)
    ]
    others = [
        single_hop("Where did Tolle study?", "Venn Hall", ""),
        single_hop("Who leads the US?", "Dora Quist", "", kind=AnswerKind.PERSON),
        single_hop("What does Orlin Bridge cross?", "the Venn", ""),
        single_hop(
            "When did the United States and Orlin sign it?", "1833", "", kind=AnswerKind.DATE
        ),
    ]
    return [*born, *founded, *others]


def found(questions: list[SingleHop], index: BridgeIndex) -> list[tuple[object, ...]]:
    """All bridges by the ids of their questions, in the order in which they come."""
    return [
        (
            questions[bridge.head].id,
            questions[bridge.tail].id,
            bridge.start,
            bridge.end,
            bridge.score,
            bridge.why,
        )
        for each in sorted(range(len(questions)), key=lambda at: questions[at].id)
        for bridges in (index.tails_of(each, 9), index.heads_of(each, 9))
        for bridge in bridges
    ]


def test_the_tails_of_a_head_are_what_its_answer_is_asked_about_in():
    index = BridgeIndex([STUDIED, BORN, FOUNDED])

    assert [each.tail for each in index.tails_of(1, 9)] == [2]
    assert [each.tail for each in index.tails_of(2, 9)] == [0]
    assert [each.head for each in index.heads_of(0, 9)] == [2]
    assert index.tails_of(0, 9) == [] == index.heads_of(1, 9)


def test_the_index_finds_what_the_link_test_lets_pass_and_nothing_else():
    questions = world()
    index = BridgeIndex(questions)
    places = range(len(questions))

    for head in places:
        tails = {each.tail: each for each in index.tails_of(head, 99)}
        passing = {at: find_bridge(questions[head], questions[at]) for at in places}
        assert set(tails) == {at for at in places if passing[at]}
        for tail, bridge in tails.items():
            mention = passing[tail]
            assert (bridge.start, bridge.end, bridge.why) == (
                mention.start,
                mention.end,
                mention.why,
            )
            assert 0 < bridge.score <= 1


def test_both_directions_tell_the_same():
    questions = world()
    index = BridgeIndex(questions)
    places = range(len(questions))

    from_heads = {each for place in places for each in index.tails_of(place, 99)}
    from_tails = {each for place in places for each in index.heads_of(place, 99)}

    assert from_heads
    assert from_heads == from_tails


@pytest.mark.parametrize("has_vectors", [False, True])
def test_the_order_of_the_questions_changes_nothing(has_vectors: bool):
    questions = world()
    vectors = to_steps(np.random.default_rng(0).normal(size=(len(questions), 8)))
    expected = found(questions, BridgeIndex(questions, vectors if has_vectors else None))

    for seed in range(5):
        order = list(range(len(questions)))
        Random(seed).shuffle(order)
        shuffled = [questions[at] for at in order]
        index = BridgeIndex(shuffled, vectors[order] if has_vectors else None)
        assert found(shuffled, index) == expected


def test_the_surest_comes_first_and_no_more_than_are_wanted():
    tails = [
        single_hop("Who was the teacher of Tolle?", "Ann", ""),
        single_hop("Who was the teacher of Brisa Tolle?", "Bob", ""),
        single_hop("Who was the teacher of B. Tolle?", "Cyd", ""),
    ]
    index = BridgeIndex([FOUNDED, *tails])

    assert [each.tail for each in index.tails_of(0, 9)] == [2, 3, 1]
    assert [each.tail for each in index.tails_of(0, 1)] == [2]


def test_a_name_of_many_questions_says_less_than_a_rare_one():
    """That two questions have the United States in common joins them with half of the world."""
    rare = single_hop("Where was Ada Holm born?", "Orlin", "")
    common = single_hop("Where was Carl Venn born?", "United States", "")
    many = [single_hop(f"Who mapped the United States {way}?", "Ann", "") for way in "abcdefgh"]
    index = BridgeIndex([rare, common, single_hop("Who mapped Orlin?", "Ann", ""), *many])

    assert index.tails_of(0, 1)[0].score > index.tails_of(1, 1)[0].score


@pytest.mark.parametrize("has_vectors", [False, True])
def test_of_equal_names_the_question_of_the_same_matter_is_surer(has_vectors: bool):
    head = single_hop("Which team won the football cup?", "Orlin", "", quote="Orlin won the cup.")
    sport = single_hop("Which football cup did Orlin lose?", "Ann", "", quote="It lost the cup.")
    music = single_hop("Which opera house has Orlin?", "Bob", "", quote="Its opera is old.")
    vectors = to_steps(np.array([[1, 0], [1, 0.5], [0, 1]], np.float32)) if has_vectors else None

    index = BridgeIndex([head, music, sport] if not has_vectors else [head, sport, music], vectors)

    first, second = index.tails_of(0, 9)
    assert first.tail == (1 if has_vectors else 2)
    assert first.score > second.score


def test_what_fails_the_link_test_comes_last_if_it_is_wanted_at_all():
    tails = [
        single_hop("Who built Orlin Bridge?", "Ann", ""),
        single_hop("Who founded Orlin?", "Bob", ""),
        single_hop("What is Orlin?", "Orlin", ""),
    ]
    index = BridgeIndex([BORN, *tails])

    assert [each.tail for each in index.tails_of(0, 9)] == [2]
    doubtful = index.tails_of(0, 9, doubtful=True)
    assert [each.sound for each in doubtful] == [True, False, False]
    assert {each.why for each in doubtful[1:]} == {
        "part of a longer name",
        "leads back to what the first names",
    }
    assert doubtful[0].score > doubtful[1].score > 0


def test_a_name_that_thousands_mention_is_bounded(monkeypatch: pytest.MonkeyPatch):
    """20,000 tails of 100 heads make two million pairs; a few hundred a head are looked at."""
    head = single_hop("In which country is it?", "United States", "")
    tail = single_hop("Who led the United States?", "Ann", "")
    heads = [head.model_copy(update={"id": f"head {at}"}) for at in range(100)]
    tails = [tail.model_copy(update={"id": f"tail {at}"}) for at in range(20_000)]
    questions = [*heads, *tails]
    vectors = np.full((len(questions), 2), 1000, np.int16)
    index = BridgeIndex(questions, vectors)
    looked_at: list[int] = []
    closeness = index._closeness.to
    monkeypatch.setattr(
        index._closeness,
        "to",
        lambda place, others: looked_at.append(len(others)) or closeness(place, others),
    )

    assert len(index.tails_of(0, 10)) == 10
    assert len(index.heads_of(len(heads), 10)) == 10
    assert max(looked_at) <= 4 * index_file._BOUND


def test_of_a_name_that_many_mention_the_same_are_looked_at_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(index_file, "_BOUND", 3)
    tails = [single_hop(f"Who led Orlin in round {at}?", f"Ann {at}", "") for at in range(20)]
    questions = [BORN, *tails]
    expected = found(questions, BridgeIndex(questions))

    shuffled = questions[::-1]

    assert found(shuffled, BridgeIndex(shuffled)) == expected
    assert len(BridgeIndex(questions).tails_of(0, 99)) == 3


def test_no_questions_make_no_bridges():
    BridgeIndex([])
    index = BridgeIndex([single_hop("What is 7 and 8?", "15", "", kind=AnswerKind.NUMBER)])

    assert index.tails_of(0, 9) == []
    assert index.heads_of(0, 9) == []
