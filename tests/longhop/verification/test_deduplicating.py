"""Each row stands once, whatever order the rows come in."""

import time
from itertools import permutations
from random import Random
from typing import Any

from longhop.records.accounts import Reason
from longhop.records.corpus import Span
from longhop.records.verification import MultiHop
from longhop.verification.deduplicating import find_duplicates
from tests.fakes import BORN, FOUNDED, multi_hop

QUESTION = (
    "Who founded the small old town in the far north of the country where Ada Holm was born in the"
    " winter?"
)
NEAR = QUESTION.replace("winter", "cold winter")


def row(name: str, question: str = QUESTION, *, spot: int = 0, **fields: Any) -> MultiHop:
    """A row whose evidence begins at a spot of its own."""
    span = Span(chunk_id=BORN.chunk_id, start=spot, end=spot + 9)
    hops = (BORN.model_copy(update={"evidence": (span,), "relation": ""}), FOUNDED)
    made = multi_hop(*hops, question=question)
    return made.model_copy(update={"id": name, **fields})


def reasons(*rows: MultiHop, incumbents: frozenset[str] = frozenset()) -> dict[str, Reason]:
    return {each.item: each.reason for each in find_duplicates(rows, incumbents)}


def test_the_same_words_are_one_question_whatever_the_answer():
    """Of two answers to one question at most one is right."""
    other = QUESTION.upper().replace("THE ", "")
    found = reasons(row("m-1"), row("m-2", other, spot=50, answer="Ivo Sandar"))

    assert found == {"m-2": Reason.DUPLICATE_QUESTION}


def test_a_word_more_or_less_makes_no_other_question():
    assert reasons(row("m-1"), row("m-2", NEAR, spot=50)) == {"m-2": Reason.DUPLICATE_QUESTION}


def test_another_name_number_or_answer_makes_another_question():
    """Templates have all words alike but those that count."""
    year = QUESTION.replace("the winter", "1833")
    rows = [
        row("m-1"),
        row("m-2", QUESTION.replace("Ada", "Ida"), spot=50),
        row("m-3", year, spot=100),
        row("m-4", year.replace("1833", "1834"), spot=150),
        row("m-5", NEAR, spot=200, answer="Ivo"),
    ]

    assert reasons(*rows) == {}


def test_the_same_evidence_makes_the_same_row():
    """Whatever is asked of two places, whoever learnt the one row has read both."""
    other = row("m-2", "By whom was Ada Holm's birthplace established?")

    assert reasons(row("m-1"), other) == {"m-2": Reason.DUPLICATE_EVIDENCE}


def test_the_order_of_rows_changes_nothing():
    rows = [
        row("m-1"),
        row("m-2", NEAR, spot=50),
        row("m-3", "By whom was Ada Holm's birthplace established?"),
        row("m-4", "Who gave money to build the place that Ada Holm came from?", spot=90),
    ]
    found = {tuple(find_duplicates(order)) for order in permutations(rows)}

    assert len(found) == 1
    assert {each.item for each in found.pop()} == {"m-2", "m-3"}


def test_incumbents_come_first():
    """A published row stays where a new one with a smaller id says the same."""
    assert reasons(row("m-1"), row("m-2", spot=50), incumbents=frozenset({"m-2"})) == {
        "m-1": Reason.DUPLICATE_QUESTION
    }


def test_what_is_turned_away_takes_nobody_with_it():
    """The middle one is near both others, which are not near each other."""
    words = [f"word{number}x" for number in range(40)]
    first = row("m-1", " ".join(words))
    middle = row("m-2", " ".join([*words[:36], "ab", "cd", "ef", "gh"]), spot=50)
    last = row(
        "m-3", " ".join(["ij", "kl", "mn", "op", *words[4:36], "ab", "cd", "ef", "gh"]), spot=90
    )

    assert reasons(first, middle, last) == {"m-2": Reason.DUPLICATE_QUESTION}


def test_ten_times_the_rows_take_about_ten_times_the_work():
    """Rows of one template, one answer and no name are the worst there are."""
    rng = Random(0)
    words = [f"w{number}" for number in range(3000)]

    def rows(count: int) -> list[MultiHop]:
        return [
            row(f"m-{at}", f"what is said of {' '.join(rng.sample(words, 6))} there", spot=at * 10)
            for at in range(count)
        ]

    def seconds(count: int) -> float:
        made = rows(count)
        start = time.process_time()
        find_duplicates(made)
        return time.process_time() - start

    few, many = seconds(300), seconds(3000)
    assert many < 30 * few


def test_copies_that_tell_the_same_facts_make_one_row():
    """In other documents and other words: whoever learnt the one has learnt the other."""
    one, other = multi_hop(BORN, FOUNDED), multi_hop(BORN, FOUNDED)
    span = Span(chunk_id="c-copy", start=3, end=9)
    copy = BORN.model_copy(update={"evidence": (span,), "relation": "birthplace"})
    first = one.model_copy(update={"id": "m-1"})
    told_anew = {"id": "m-2", "hops": (copy, FOUNDED), "question": "By all accounts, who did it?"}
    second = other.model_copy(update=told_anew)

    assert reasons(first, second) == {"m-2": Reason.DUPLICATE_EVIDENCE}
    part = second.model_copy(update={"answer": "Tasby"})
    assert reasons(first, part) == {}, "another part of what they tell"
