"""Documents that are the same are found, whatever was done to them; and nothing else is."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
import xxhash
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.corpus.deduplicating import group_documents
from longhop.corpus.deduplicating.joining import KeyJoin, pairs_of
from longhop.corpus.deduplicating.sketching import (
    PERMUTATIONS,
    rows_of_band,
    signature_of,
    sketch_documents,
)
from longhop.corpus.shingles import hash_words, shingle_hashes, words_of
from longhop.corpus.splitting import choose_split
from longhop.records.accounts import Reason
from longhop.records.corpus import Document, Membership, Split
from longhop.spec.sections import Deduplication, Splits
from tests.fakes import KeptInMemory, document

PARAGRAPH = " ".join(f"Sentence {n} of this page is about item {n * n}." for n in range(40))
OTHER = " ".join(f"Line {n} of that page tells of ship {n * 7}." for n in range(40))
PLAN = Deduplication()


def sketched(*documents: Document):
    rows = rows_of_band(PLAN.jaccard)
    return sketch_documents(documents, width=PLAN.shingle, rows=rows, memo=KeptInMemory())


def group(*documents: Document, incumbents: dict[str, Membership] | None = None, words=None):
    sketches = sketched(*documents)
    found = list(
        group_documents(
            sketches,
            lambda: documents,
            PLAN,
            Splits(),
            dataset="test",
            incumbents=incumbents or {},
            order=str,
            words=words,
        )
    )
    memberships = {each.document_id: each for each, _ in found}
    return memberships, {each.item: each for _, each in found if each is not None}


def page(seed: int, words: int = 120) -> str:
    """A text of its own: no two seeds share a run of words to speak of."""
    rng = random.Random(seed)
    return " ".join(f"w{rng.randrange(5000)}" for _ in range(words))


def altered(text: str, share: float, seed: int) -> str:
    rng = random.Random(seed)
    words = text.split()
    for at in rng.sample(range(len(words)), round(share * len(words))):
        words[at] = f"other{rng.randrange(5000)}"
    return " ".join(words)


def test_equal_near_and_contained_documents_count_as_one():
    near = PARAGRAPH.replace("item 9.", "thing 9.")
    documents = (
        document("full", PARAGRAPH),
        document("copy", PARAGRAPH.upper()),
        document("near", near),
        document("part", PARAGRAPH[:600]),
        document("other", "Nothing of this stands in any other page, not one word in a row."),
    )
    memberships, rejected = group(*documents)

    reasons = Counter(str(each.reason) for each in rejected.values())
    assert reasons == {"exact_duplicate": 1, "near_duplicate": 1, "contained": 1}
    assert len({memberships[each].group for each in ("full", "copy", "near", "part")}) == 1
    assert memberships["other"].kept


@settings(deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_documents_does_not_matter(order: Sequence[int]):
    pages = [document(f"p{n}", page(n % 5) + f" tail {n}" * (n // 5)) for n in range(12)]

    assert group(*[pages[at] for at in order]) == group(*pages)


@pytest.mark.parametrize("words", [40, 200, 3000])
def test_five_in_a_hundred_words_make_no_new_document_and_thirty_do(words: int):
    originals = [document(f"d{n}", page(n, words)) for n in range(30)]
    few = [document(f"few{n}", altered(page(n, words), 0.05, n)) for n in range(30)]
    many = [document(f"many{n}", altered(page(n, words), 0.3, n)) for n in range(30)]
    memberships, rejected = group(*originals, *few, *many)

    assert all(memberships[f"few{n}"].group == memberships[f"d{n}"].group for n in range(30))
    assert not any(each.startswith("many") for each in rejected)


def test_documents_inside_others_are_found_among_many():
    """Each of the parts must find its own whole, though the parts share their first words."""
    wholes = [document(f"whole{n}", page(n, 900)) for n in range(100)]
    parts = [
        document(f"part{n}", " ".join(page(n, 900).split()[300:360])) for n in range(0, 100, 2)
    ]
    _, rejected = group(*wholes, *parts)

    assert sorted(rejected) == sorted(each.id for each in parts)
    assert all(each.detail.endswith(f"whole{name[4:]}") for name, each in rejected.items())


def test_a_passage_that_two_long_documents_quote_makes_them_one_group_but_drops_neither():
    """They overlap, so one split must hold them; but each has much that the other has not."""
    quoted = page(1, 60)
    one, two = (document(f"long{n}", f"{page(n, 400)} {quoted}") for n in (2, 3))
    memberships, rejected = group(one, two, document("quoted", quoted))

    assert list(rejected) == ["quoted"]
    assert memberships["long2"].group == memberships["long3"].group


def test_a_thousand_copies_cost_no_more_than_their_number():
    pages = [document(f"copy{n}", PARAGRAPH) for n in range(1000)]
    boilerplate = [document(f"b{n}", f"{page(9, 30)} {page(100 + n, 100)}") for n in range(300)]
    _, rejected = group(*pages, *boilerplate)

    assert len(rejected) == 999


def test_a_group_falls_to_one_split():
    """Else a near-copy of a training document would be tested on."""
    pages = [document(f"d{n}", f"{PARAGRAPH} {n}") for n in range(20)]
    memberships, _ = group(*pages)

    assert len({each.split for each in memberships.values()}) == 1


def test_an_incumbent_is_kept_and_keeps_its_split():
    """A longer near-copy that comes tonight must not move last night's rows."""
    old = Membership(document_id="old", group="old", split=Split.TEST, kept=True)
    pages = (document("old", PARAGRAPH), document("new", PARAGRAPH + " And a word more."))
    memberships, rejected = group(*pages, incumbents={"old": old})

    assert memberships["old"] == old
    assert memberships["new"].split is Split.TEST
    assert list(rejected) == ["new"]


def test_a_document_that_overlaps_two_splits_is_turned_away():
    """It would pull documents of one split into the other, where rows already rest on them."""
    incumbents = {
        name: Membership(document_id=name, group=name, split=split, kept=True)
        for name, split in (("a", Split.TRAIN), ("b", Split.TEST))
    }
    pages = (document("a", PARAGRAPH), document("b", OTHER), document("c", PARAGRAPH + OTHER))
    memberships, rejected = group(*pages, incumbents=incumbents)

    assert {each: memberships[each] for each in "ab"} == incumbents
    assert not memberships["c"].kept
    assert "several splits" in rejected["c"].detail


def test_a_document_that_was_turned_away_stays_out_the_night_after():
    """Else it would be let in as soon as anything else in the corpus changes."""
    before = {
        name: Membership(document_id=name, group=name, split=split, kept=kept)
        for name, split, kept in (
            ("a", Split.TRAIN, True),
            ("b", Split.TEST, True),
            ("c", Split.TRAIN, False),
        )
    }
    pages = (document("a", PARAGRAPH), document("b", OTHER), document("c", PARAGRAPH + OTHER))
    memberships, rejected = group(*pages, document("d", page(5)), incumbents=before)

    assert [each for each in memberships if memberships[each].kept] == ["a", "b", "d"]
    assert "several splits" in rejected["c"].detail


def test_what_overlaps_two_splits_pulls_nobody_else_away():
    before = {
        name: Membership(document_id=name, group=name, split=split, kept=True)
        for name, split in (("a", Split.TRAIN), ("b", Split.TEST))
    }
    beside = document("e", f"{page(8, 400)} {PARAGRAPH[:700]}")
    pages = (document("a", PARAGRAPH), document("b", OTHER), document("c", PARAGRAPH + OTHER))
    memberships, rejected = group(*pages, beside, incumbents=before)

    assert memberships["e"].kept
    assert list(rejected) == ["c"]


def test_an_incumbent_that_reads_otherwise_now_is_no_incumbent():
    """It may have become a copy of a document of another split."""
    old = {
        name: Membership(document_id=name, group=name, split=split, kept=True)
        for name, split in (("a", Split.TRAIN), ("b", Split.TEST))
    }
    first = (document("a", PARAGRAPH), document("b", OTHER))
    words = {each.document_id: each.words for each in sketched(*first)}
    now = (document("a", OTHER), document("b", OTHER))
    memberships, rejected = group(*now, incumbents=old, words=words)

    assert list(rejected) == ["a"]
    assert memberships["b"] == old["b"]
    alone, _ = group(document("a", page(3)), document("b", OTHER), incumbents=old, words=words)
    assert alone["a"] == old["a"], "one that changed and is like no other keeps its split"


def test_of_equal_texts_the_one_that_is_described_stays():
    """Its licence and title would be lost with it."""
    bare = Document(id="d-0", title="", text=PARAGRAPH, license="unknown", language="en")
    memberships, _ = group(bare, document("zz", PARAGRAPH, title="A page"))

    assert memberships["zz"].kept and not memberships["d-0"].kept


def test_documents_without_words_are_told_apart():
    _, rejected = group(document("a", "☀☀☀☀"), document("b", "☂☂☂☂"), document("c", "☀☀☀☀"))

    assert len(rejected) == 1


def test_no_document_and_one_document():
    assert group() == ({}, {})
    memberships, rejected = group(document("a", "One."))
    assert (list(memberships), rejected) == (["a"], {})


def test_a_sketch_is_made_once():
    memo = KeptInMemory()
    pages = [document("a", PARAGRAPH), document("b", OTHER)]
    first = list(sketch_documents(pages, width=3, rows=4, memo=memo))
    held = dict(memo)
    again = list(sketch_documents(pages[::-1], width=3, rows=4, memo=memo))

    assert memo == held and len(held) == 2
    assert again[::-1] == first


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.65, 0.8, 0.95])
def test_bands_miss_next_to_no_pair_as_alike_as_the_threshold(threshold: float):
    rows = rows_of_band(threshold)

    assert (1 - threshold**rows) ** (PERMUTATIONS // rows) <= 0.001


@given(st.text() | st.text(st.sampled_from("aB7_ é云川ßſ\u212a.,\n\u0301½")))
def test_words_are_told_apart_in_bytes_as_in_text(text: str):
    """The hashes go over bytes, since that is faster; the words are those of the expression."""
    words = words_of(text) or [text.strip()]

    assert hash_words(text).tolist() == [xxhash.xxh3_64_intdigest(each.encode()) for each in words]


@settings(deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=3000))
def test_a_signature_is_that_of_the_library(shingles: list[int]):
    """Sketches that were made with it are remembered, and must go on being alike."""
    known = MinHash(PERMUTATIONS, seed=1, hashfunc=int, scheme="affine32")
    known.update_batch([each >> 32 for each in shingles])

    found = signature_of(np.array(shingles, np.uint64))
    assert found.tolist() == known.hashvalues.tolist()


@given(st.text(), st.integers(1, 6))
def test_shingles_are_distinct_and_never_none(text: str, width: int):
    hashes = shingle_hashes(text, width)

    assert len(hashes) >= 1
    assert (np.diff(hashes) > 0).all()


@given(st.lists(st.lists(st.integers(0, 20), max_size=6, unique=True), max_size=12))
def test_a_join_finds_all_who_share_a_key(held: list[list[int]]):
    spread = np.uint64(0x9E3779B97F4A7C15)
    found = set()
    with KeyJoin() as join:
        for at, keys in enumerate(held):
            join.add(at, np.array(keys, np.uint64) * spread, asks=99)
        for entries in join.parts(np.arange(len(held), dtype=np.int32)):
            found |= set(zip(*(each.tolist() for each in pairs_of(entries, most=64)), strict=True))

    ids = range(len(held))
    assert found == {(a, b) for a in ids for b in ids if a != b and set(held[a]) & set(held[b])}


def test_splits_come_near_their_shares():
    counts = Counter(choose_split(f"g{n}", Splits(), "test") for n in range(4000))

    assert 0.03 < counts[Split.TEST] / 4000 < 0.07
    assert 0.87 < counts[Split.TRAIN] / 4000 < 0.93


def test_reasons_name_the_twin_and_how_alike_it_is():
    near = altered(PARAGRAPH, 0.03, 1)
    _, rejected = group(document("a", PARAGRAPH), document("b", near))
    (rejection,) = rejected.values()

    assert rejection.reason is Reason.NEAR_DUPLICATE
    assert rejection.detail.startswith("0.") and " of " in rejection.detail
