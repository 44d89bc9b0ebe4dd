"""Cleaning, sentences, chunks, duplicates and splits."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.chunking import chunk_document
from longhop.corpus.cleaning import clean_document, clean_text
from longhop.corpus.deduplicating import group_documents
from longhop.corpus.language import detect_language, split_sentences
from longhop.corpus.splitting import choose_split
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ConfigError
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document, Membership, Split
from longhop.spec.sections import Deduplication, Splits
from tests.fakes import WordTokenizer, document

PARAGRAPH = " ".join(f"Sentence {n} of this page is about item {n * n}." for n in range(40))


def test_cleaning_changes_only_what_nobody_reads():
    assert clean_text("\ufeffA  line\r\nwith\x00 tabs\tand\n\n\n\nspace ") == (
        "A line\nwith tabs and\n\nspace"
    )


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str):
    assert clean_text(clean_text(text)) == clean_text(text)


def test_a_short_document_is_turned_away():
    rejection = clean_document(document("a", "short"), min_characters=80)

    assert isinstance(rejection, Rejection)
    assert rejection.reason is Reason.TOO_SHORT


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Dr. Ada Holm met Mr. Roke. They left at 5 p.m. and slept.", "en", 2),
        ("It costs 3.50 in the U.S. today. Who knows?", "en", 2),
        ("云川位于北方。首府是云禾！谁不知道？", "zh", 3),
        ("“他说：走吧。”她走了。", "zh", 2),
        ("A title\n\nA paragraph without a stop", "en", 2),
    ],
)
def test_sentences_end_where_they_end(text: str, language: str, count: int):
    assert len(split_sentences(text, language)) == count


@given(st.text(), st.sampled_from(["en", "zh"]))
def test_sentences_tile_the_text(text: str, language: str):
    """No text is lost between two sentences."""
    assert "".join(text[start:end] for start, end in split_sentences(text, language)) == text


@given(st.text(min_size=1, max_size=400), st.integers(1, 60))
def test_chunks_tile_the_document(text: str, limit: int):
    """Equal chunks share one id, so each text may stand for several places."""
    chunks = chunk_document(
        document("a", text), Split.TRAIN, tokenizer=WordTokenizer(), limit=limit
    )

    assert all(text[each.start : each.end] == each.text for each in chunks)
    assert all(each.tokens <= limit for each in chunks)
    texts = {each.text for each in chunks}
    at = 0
    while at < len(text):
        at += max(len(each) for each in texts if text.startswith(each, at))
    assert at == len(text)


def test_a_chunk_is_named_by_its_document_and_text():
    one, other = (
        chunk_document(document(name, "Same."), Split.TRAIN, tokenizer=WordTokenizer(), limit=99)
        for name in "ab"
    )

    assert one[0].id != other[0].id


def group(*documents: Document, incumbents: dict[str, Membership] | None = None):
    memberships, rejected = group_documents(
        documents, Deduplication(), Splits(), dataset="test", incumbents=incumbents or {}
    )
    return {each.document_id: each for each in memberships}, {each.item: each for each in rejected}


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
    assert group(*documents[::-1])[0] == memberships, "the order of documents must not matter"


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
    other = " ".join(f"Line {n} of that page tells of ship {n * 7}." for n in range(40))
    incumbents = {
        name: Membership(document_id=name, group=name, split=split, kept=True)
        for name, split in (("a", Split.TRAIN), ("b", Split.TEST))
    }
    pages = (document("a", PARAGRAPH), document("b", other), document("c", PARAGRAPH + other))
    memberships, rejected = group(*pages, incumbents=incumbents)

    assert {each: memberships[each] for each in "ab"} == incumbents
    assert not memberships["c"].kept
    assert "several splits" in rejected["c"].detail


def test_documents_without_words_are_told_apart():
    _, rejected = group(document("a", "☀☀☀☀"), document("b", "☂☂☂☂"), document("c", "☀☀☀☀"))

    assert len(rejected) == 1


def test_splits_come_near_their_shares():
    counts = Counter(choose_split(f"g{n}", Splits(), "test") for n in range(4000))

    assert 0.03 < counts[Split.TEST] / 4000 < 0.07
    assert 0.87 < counts[Split.TRAIN] / 4000 < 0.93


def test_languages_are_told_by_script():
    assert detect_language("鹭澜江发源于墨屏山。") == "zh"
    assert detect_language("The river, 江, rises in the hills of the north.") == "en"
    assert detect_language("123") == "en"


def test_tekken_counts_the_whole_text():
    tokenizer = open_tokenizer("tekken")
    text = "Philadelphia is a hub. 云川"

    assert tokenizer.count(text) == len(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="neither tekken"):
        open_tokenizer("no-such-file.json")
