"""Sentences, chunks, duplicates and splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.chunking import chunk_document
from longhop.corpus.languages.sentences import split_sentences
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ConfigError
from longhop.records.corpus import Split
from tests.fakes import WordTokenizer, document

PARAGRAPH = " ".join(f"Sentence {n} of this page is about item {n * n}." for n in range(40))


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


def test_tekken_counts_the_whole_text():
    tokenizer = open_tokenizer("tekken")
    text = "Philadelphia is a hub. 云川"

    assert tokenizer.count(text) == len(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="neither tekken"):
        open_tokenizer("no-such-file.json")
