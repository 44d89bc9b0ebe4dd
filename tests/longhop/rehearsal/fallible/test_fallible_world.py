"""The simulated world has the rates that it was given, and its texts lead back to its truth."""

from itertools import islice
from math import sqrt

import pytest

from longhop.rehearsal.fallible import Rates, World
from longhop.rehearsal.fallible.naming import NAMES, coin, names_in
from longhop.rehearsal.relations import RELATIONS, Language
from longhop.rehearsal.solving import almanac
from longhop.rehearsal.writing import write

SIZE = 4000
WORLD = World(SIZE, seed=3)


def within(count: int, of: int, rate: float) -> bool:
    """Whether a count is within four and a half standard deviations of what its rate predicts."""
    return abs(count / of - rate) < 4.5 * sqrt(rate * (1 - rate) / of)


def test_the_base_rates_are_those_of_the_paper():
    """A gate is measured by how far it lifts them."""
    items = WORLD.items

    assert len(items) == SIZE
    assert within(sum(item.is_multi_hop for item in items), SIZE, 0.331)
    assert within(sum(item.is_good for item in items), SIZE, 0.613)
    assert within(sum(item.duplicate_of is not None for item in items), SIZE, 0.466)


def test_other_rates_can_be_set():
    """All or none included."""
    items = World(
        300, rates=Rates(multi_hop=1, good=0, duplicate=0, chinese=1, hops=(0, 0, 1))
    ).items

    assert all(item.is_multi_hop and not item.is_good for item in items)
    assert {(item.duplicate_of, item.language, len(item.hops)) for item in items} == {
        (None, "zh", 4)
    }


def test_hops_languages_and_lengths_have_their_shares():
    """The judge errs by length, and each row is read in its language."""
    for hops, rate in ((2, 0.6), (3, 0.3), (4, 0.1)):
        originals = [item for item in WORLD.items if not item.copy]
        count = sum(len(item.hops) == hops for item in originals)
        assert within(count, len(originals), rate)
    assert within(sum(item.length == "long" for item in WORLD.items), SIZE, 1 / 3)


def test_a_duplicate_asks_the_same_in_other_words():
    """Of an earlier item, in whose language and with whose answer."""
    by_id = {item.id: item for item in WORLD.items}
    for item in WORLD.items:
        if item.duplicate_of:
            first = by_id[item.duplicate_of]
            assert first.number < item.number
            assert first.duplicate_of is None
            assert first.question.answer == item.question.answer
            assert first.question.text != item.question.text


def test_an_item_is_multi_hop_if_it_needs_all_of_its_hops():
    """And the last one, which holds the answer, is needed always."""
    for item in WORLD.items:
        assert len(item.hops) - 1 in item.necessary
        assert item.is_multi_hop == (item.necessary == set(range(len(item.hops))))


def test_every_text_of_an_item_leads_back_to_it():
    """Published rows are joined to the truth by nothing else."""
    texts = set()
    for item in WORLD.items:
        assert WORLD.item_of(item.question.text) is item
        assert WORLD.question_of(item.question.text) == item.question
        texts.add(item.question.text)
        for hop in item.hops:
            question = WORLD.question_of(hop.question)
            assert question and question.hops == (hop,)
            assert WORLD.item_of(hop.sentence) is item
    assert len(texts) == SIZE


def test_a_document_states_its_hop_and_nothing_else_of_the_world():
    """Else the solver would find evidence where none was put."""
    for item in islice(WORLD.items, 150):
        for hop in item.hops:
            document = WORLD.document(hop)
            assert document.count(hop.sentence) == 1
            assert WORLD.item_of(document) is item
            assert {coin(each, item.language) for each in names_in(document)} == {
                hop.subject,
                hop.answer,
            }


def test_longer_items_have_longer_documents():
    """The buckets are of real length."""
    english = [item for item in WORLD.items if item.language == "en"]
    for length, fewest, most in (("short", 95, 120), ("medium", 295, 320), ("long", 895, 920)):
        item = next(item for item in english if item.length == length)
        assert fewest <= len(WORLD.document(item.hops[0]).split()) <= most


def test_a_question_that_a_composer_quotes_is_known():
    """The library words a merged question itself where the model cannot."""
    item = next(item for item in WORLD.items if len(item.hops) == 2 and item.language == "en")
    first, second = item.hops
    quoted = second.question.replace(first.answer, f'the answer to "{first.question}"')

    assert WORLD.question_of(quoted) == item.question


def test_other_texts_lead_to_no_item():
    """A row that is not of this world must not be counted as one of it."""
    one, other = (item for item in WORLD.items if item.number in (0, WORLD.items[-1].number))

    assert WORLD.item_of(f"{one.question.text} {other.question.text}") is None
    assert not any(WORLD.item_of(page) for page in almanac())
    for number in range(200):
        text = str(write(f"Who directed Film {number}?", "Ada Holt", 300)["sections"])
        assert not list(names_in(text))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_name_is_read_back(language: Language):
    """Through all that there are, and no two are alike."""
    numbers = range(0, NAMES, 97)
    names = [coin(number, language) for number in numbers]

    assert len(set(names)) == len(numbers)
    assert all(
        list(names_in(f"({name})")) == [number] for name, number in zip(names, numbers, strict=True)
    )


def test_chinese_names_share_no_character_with_what_stands_around_them():
    """There are no spaces to tell where a name ends."""
    around = {
        character
        for relation in RELATIONS["zh"].values()
        for text in (relation.question, relation.phrase, relation.sentence)
        for character in text
    }

    assert not around & {
        character for number in range(0, NAMES, 997) for character in coin(number, "zh")
    }


def test_the_same_seed_is_the_same_world():
    """And another seed another one."""
    assert World(500, seed=3).items == WORLD.items[:500]
    assert World(500, seed=4).items != WORLD.items[:500]


@pytest.mark.parametrize("size", [0, 60_000])
def test_a_world_has_no_more_items_than_names(size: int):
    """Two things of one name could not be told apart."""
    with pytest.raises(ValueError, match="there are names for"):
        World(size)
