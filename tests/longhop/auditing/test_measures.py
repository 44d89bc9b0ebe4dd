"""Each measure on texts so small that the right figure can be seen."""

import random
import re

import numpy as np
import pytest

from longhop.auditing.answers import find_answer, is_choice, is_in_question, kind_of
from longhop.auditing.depths import depth_of, measure_evenness, tenth_of
from longhop.auditing.hops import are_linked, find_sentence
from longhop.auditing.items import Titled, lay_out
from longhop.auditing.nearness import Nearness
from longhop.auditing.speaking import short_language
from longhop.auditing.words import words_of_text
from longhop.corpus.shingles import shingle_hashes, words_of


def found(text: str, *answers: str) -> tuple[int, int]:
    """How often an answer stands there to the letter, and by its words."""
    told = find_answer(text, words_of_text(text).bare(), answers)
    return told.verbatim, len(told.places)


@pytest.mark.parametrize(
    ("text", "answer", "verbatim", "by_words"),
    [
        ("Ada met Kim. Kim left.", "Kim", 2, 2),
        ("ada met KIM, kim!", "Kim", 0, 2),
        ("Kimberley left.", "Kim", 0, 0),
        ("It cost 3.5 million.", "5", 0, 0),
        ("It cost 1,000 crowns.", "1000", 0, 1),
        ("He led the American Legion.", "an American Legion", 0, 1),
        ("他出生于北京市。", "北京", 1, 1),
        ("Élan, élan", "Élan", 1, 2),
        ("C++ is old.", "C++", 1, 1),
        ("İstanbul and ẞ and Kim", "Kim", 1, 1),
    ],
)
def test_an_answer_is_found_by_whole_words(text: str, answer: str, verbatim: int, by_words: int):
    assert found(text, answer) == (verbatim, by_words)


def test_places_of_words_are_those_of_the_text():
    """Signs, wide letters and commas in numbers move nothing."""
    text = "Ünder 1,000,000 İ lamps — 灯 — Brisa  Holm, founded."
    words = words_of_text(text)

    (place,) = words.places_of(words_of_text("brisa holm").hashes)
    assert text[slice(*place)] == "Brisa  Holm"


def test_words_are_those_of_the_corpus():
    """They are told apart in another way, and must not become others."""
    rng = random.Random(3)
    signs = "abcXYZ012 _-'’.!?\n\té漢字ßfiΣ"
    for _ in range(300):
        text = "".join(rng.choices(signs, k=40))
        plain = re.sub(r"(?<=\d)[.,](?=\d)", " ", text)
        held = words_of_text(plain)
        told = [plain[start:end].lower() for start, end in zip(held.starts, held.ends, strict=True)]
        assert [each.casefold() for each in told] == words_of(plain.lower())


def test_equal_words_have_equal_hashes_and_others_do_not():
    words = [f"{one}{other}" for one in ("har", "ven", "a", "0") for other in ("bor", "b", "1", "")]
    told = words_of_text(" ".join([*words, *words])).hashes

    assert (told[: len(words)] == told[len(words) :]).all()
    assert len(set(told.tolist())) == len(set(words))


def test_the_first_answer_that_stands_there_counts():
    assert found("The NFL began in 1920.", "National Football League", "NFL") == (1, 1)


def test_kinds_of_answers():
    assert [kind_of(each, answerable=True) for each in ("Yes", "Ada Holm", "unanswerable")] == [
        "yes_or_no",
        "name",
        "none",
    ]
    assert kind_of("He " + "went on and " * 9, answerable=True) == "text"
    assert kind_of("Ada", answerable=False) == "none"


def test_a_choice_may_name_its_answer():
    asked = "Who was born first, Ada or Ben?"

    assert is_in_question(asked, ["Ada"]) and is_choice(asked)
    assert not is_choice("Who founded the town of Ada?")


def test_depth_is_that_of_the_middle():
    assert [tenth_of(depth_of(start, start + 10, 100)) for start in (0, 45, 90)] == [0, 5, 9]


def test_evenness_is_pearsons():
    """Against scipy's own, which takes the same counts."""
    from scipy.stats import chisquare

    counts = [30, 22, 18, 25, 20, 31, 12, 19, 24, 21]
    wanted = chisquare(counts)
    told = measure_evenness(counts)

    assert told.chi2 == pytest.approx(wanted.statistic, abs=1e-4)
    assert told.p == pytest.approx(wanted.pvalue)
    assert measure_evenness([1, 2, 0, 1, 1, 0, 2, 1, 1, 1]).p is None


def test_one_sentence_is_enough_where_it_has_question_and_answer():
    text = "Orlin has a harbour. The founder of Orlin was Brisa Holm. Kim saw Brisa Holm."
    places = [(at, at + 10) for at in (46, 66)]

    assert find_sentence(text, "Who was the founder of Orlin?", places, "en") == (21, 58)
    assert find_sentence(text, "Who was the founder of Tasby?", places, "en") is None


def test_documents_are_linked_by_a_name_that_the_question_has_not():
    context = lay_out(
        [
            Titled("Ada Marr", "The painter Ada Marr was born in Orlin."),
            Titled("Orlin", "In the north, Orlin was founded by Brisa Holm."),
            Titled("Tasby", "The harbour of Tasby is deep."),
        ]
    )
    linked = [
        are_linked(context.text, [context.parts[at] for at in pair], asked, "en")
        for pair, asked in [
            ((0, 1), "Where was Ada Marr born?"),
            ((0, 2), "Where was Ada Marr born?"),
            ((0, 1), "Who founded the town of Orlin where Ada Marr was born?"),
        ]
    ]

    assert linked == [True, False, False]


@pytest.mark.parametrize(
    ("text", "context", "language"),
    [
        ("Brisa Holm", "en", "en"),
        ("1833", "en", "unsure"),
        ("谁建立了奥林？", "en", "zh"),
        ("谁建立了奥林？", "zh", "zh"),
        ("Who was it that founded the town of Orlin?", "de", "en"),
    ],
)
def test_short_texts_are_in_the_language_that_they_may_be_in(text, context, language):
    assert short_language(text, context) == language


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    return len(np.intersect1d(one, other)) / len(np.union1d(one, other))


@pytest.mark.parametrize("words", [12, 300, 700, 3000])
def test_what_is_nearly_the_same_is_found_among_others(words: int):
    """Held against all pairs, compared whole, with lengths around where sketches turn."""
    rng = random.Random(words)
    texts = [[f"w{rng.randrange(5000)}" for _ in range(words)] for _ in range(40)]
    for at in range(0, 20, 2):
        texts[at + 1] = [f"v{rng.random()}" if rng.random() < 0.01 else w for w in texts[at]]
    shingles = [shingle_hashes(" ".join(each), 5) for each in texts]
    with Nearness(0.7) as near:
        for each in shingles:
            near.add(each)
        told = near.first_alike()
    wanted = {
        (one, other)
        for one in range(40)
        for other in range(one)
        if jaccard(shingles[one], shingles[other]) >= 0.75
    }

    assert wanted <= set(told.items())
    assert all(jaccard(shingles[one], shingles[other]) >= 0.65 for one, other in told.items())


def test_those_of_other_groups_are_not_compared():
    runs = shingle_hashes("who is the keeper of the lamp", 2)
    with Nearness(0.8) as near:
        for group in (1, 2, 1):
            near.add(runs, group)
        assert near.first_alike() == {2: 0}
