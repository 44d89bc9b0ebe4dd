"""The gate lets in what needs a document and can be given one, whatever the order of the file."""

from itertools import permutations

import pytest

from longhop.contexts.gating import GatePlan, gate_seeds
from longhop.contexts.measuring import Measure
from longhop.records.accounts import Reason
from longhop.records.seeds import SeedPair
from tests.fakes import WordTokenizer
from tests.longhop.contexts.seeding import seed

LENGTH = Measure(250, WordTokenizer())
ALL = GatePlan(yes_no=1.0, unanswerable=1.0)
SUMMARY = "The board met twice, sold two boats and kept the third for the pilots of Tolverton."


def gated(*seeds: SeedPair, plan: GatePlan = ALL) -> tuple[list[SeedPair], dict[str, Reason]]:
    kept, rejected = gate_seeds(seeds, plan, LENGTH)
    assert len(kept) + len(rejected) == len(seeds)
    return kept, {each.item: each.reason for each in rejected}


@pytest.mark.parametrize(
    ("question", "answer", "task", "wanted"),
    [
        ("Who repaired the Halden clock?", "Mira Tolle", "", False),
        ("谁修好了哈尔登的大钟？", "米拉", "", False),
        ("من أصلح ساعة هالدن؟", "ميرا", "", False),
        ("Is Bramwick older than Tolverton?", "Yes.", "", False),
        ("Which was built first, Orlin Mill or Ford Mill?", "Ford Mill", "", False),
        ("Who wrote the novel The Salt Ledger?", "Ines Farrow", "", False),
        ("Who buried the keeper of Bramwick Mill?", "unanswerable", "", False),
        ("Summarise the report.", SUMMARY, "", True),
        ("Summarize the whole meeting.", SUMMARY, "qmsum", True),
        ("请总结这篇报告。", "理事会开会两次。", "", True),
        ("what metric is used?", "F1", "qasper", True),
        ("Give three tips for a good night's rest.", "Walk.", "", Reason.NEEDS_NO_DOCUMENT),
        ("Give three tips for a good night's rest.", "Walk.", "a", Reason.NEEDS_NO_DOCUMENT),
        ("写一首关于春天的诗。", "春风。", "", Reason.NEEDS_NO_DOCUMENT),
        ("what metric is used?", "F1", "", Reason.SEED_NOT_SPECIFIC),
        ("is this metric good?", "yes", "qasper", Reason.SEED_NOT_SPECIFIC),
        ("When did it open?", "1871", "a", Reason.NOT_SELF_CONTAINED),
        ("Was the prize of Orlin the Ouselet Prize?", "Ouselet Prize", "", Reason.ANSWER_LEAK),
        ("Who founded Orlin?", "x" * 100_000, "", Reason.TOO_LONG),
        ("Who founded Orlin?", "word " * 130, "", Reason.TOO_LONG),
        ("Who founded Orlin? " * 200, "Brisa", "", Reason.BAD_LENGTH),
    ],
)
def test_what_becomes_of_a_pair(question: str, answer: str, task: str, wanted: bool | Reason):
    """Kept, with or without an anchor, or refused with its reason."""
    kept, reasons = gated(seed(question, answer, task=task))

    if isinstance(wanted, Reason):
        assert list(reasons.values()) == [wanted]
    else:
        assert [each.anchored for each in kept] == [wanted]


def test_question_and_answer_stay_as_they_are_to_the_byte():
    odd = seed("Summarise  the report.\r\n\u200b", "  Two\tboats\n\nwere sold.  ")
    (kept,), _ = gated(odd)

    assert (kept.question, kept.answer) == (odd.question, odd.answer)


def test_one_instruction_with_several_answers_is_anchored():
    """Nothing in it says which document is meant."""
    pairs = [seed("Who founded Orlin?", name) for name in ("Brisa Holm", "Ivo Sandar")]
    other = seed("Who founded Tasby?", "Ivo Sandar")
    kept, _ = gated(*pairs, other)

    assert {each.question: each.anchored for each in kept} == {
        "Who founded Orlin?": True,
        "Who founded Tasby?": False,
    }


def test_pairs_that_are_there_twice_are_taken_once():
    first = seed("Who repaired the old Halden clock in the tower?", "Mira Tolle")
    same = seed("who repaired the old Halden clock in the tower", "Mira Tolle.")
    near = seed("Who repaired the old Halden clock in the tower then?", "Mira Tolle")
    other = seed("Who repaired the old Corfe clock in the tower?", "Mira Tolle")
    kept, reasons = gated(first, same, near, other)

    assert len(kept) == 2 and other.id in {each.id for each in kept}
    assert sorted(reasons.values()) == [Reason.EXACT_DUPLICATE, Reason.NEAR_DUPLICATE]


def test_long_answers_that_differ_in_a_word_are_one():
    long = " ".join(f"word{n}" for n in range(60))
    near = long.replace("word30", "other")
    pairs = [seed("Summarise the report.", each, id=f"s{n}") for n, each in enumerate((long, near))]
    kept, reasons = gated(*pairs)

    assert len(kept) == 1
    assert list(reasons.values()) == [Reason.NEAR_DUPLICATE]


@pytest.mark.parametrize(
    ("share", "taken"), [(0.0, 0), (0.1, 1), (0.2, 2), (0.5, 9), (0.6, 12), (1.0, 12)]
)
def test_yes_and_no_are_a_share_of_what_is_taken(share: float, taken: int):
    plain = [seed(f"Who founded Town{n} of Orlin?", f"Name{n}") for n in range(9)]
    polar = [seed(f"Is Mill{n} older than Orlin?", "no") for n in range(12)]
    kept, reasons = gated(*plain, *polar, plan=GatePlan(yes_no=share))

    assert sum(each.answer == "no" for each in kept) == taken
    assert taken <= share * len(kept) + 1e-9
    assert list(reasons.values()) == [Reason.SEED_CAP] * (12 - taken)


def test_unanswerable_pairs_are_refused_by_default():
    _, reasons = gated(seed("Who sang in Orlin?", "Unanswerable"), plan=GatePlan())

    assert list(reasons.values()) == [Reason.SEED_CAP]


def test_the_order_of_the_file_changes_nothing():
    pairs = [
        seed("Who founded Orlin?", "Brisa Holm"),
        seed("who founded Orlin", "Brisa Holm."),
        seed("Is Orlin older than Tasby?", "yes"),
        seed("Is Orlin younger than Luvane?", "no"),
        seed("Who sang?", "Bo"),
    ]
    results = {str(gate_seeds(each, GatePlan(yes_no=0.5), LENGTH)) for each in permutations(pairs)}

    assert len(results) == 1


def test_ten_thousand_pairs_are_gated_in_seconds():
    """No step compares all with all."""
    import time

    began = time.monotonic()
    pairs = [seed(f"Is Mill{n} older than Orlin?", "no") for n in range(5000)]
    pairs += [seed("Summarise the report.", words_of(n), id=f"r{n}") for n in range(5000)]
    kept, _ = gated(*pairs)

    assert len(kept) == 10_000
    assert time.monotonic() - began < 30


def words_of(number: int) -> str:
    return " ".join(f"word{number * 7 + n}" for n in range(30))


def test_a_pair_that_has_a_document_is_displaced_by_no_later_twin():
    """Else a document that is paid for would be thrown away, and another one paid for."""
    one = seed("Who repaired the Halden clock?", "Mira Tolle")
    other = seed("who repaired the  Halden clock?", "Mira Tolle")

    for first in (one, other):
        kept, _ = gate_seeds([one, other], ALL, LENGTH, {first.id})
        assert [each.id for each in kept] == [first.id]
