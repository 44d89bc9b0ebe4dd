"""Sentences of any language, and where words may be cut."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.languages.sentences import cut_line, split_sentences

LANGUAGES = ("en", "zh", "ar", "hi", "ja", "de", "")


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Dr. Ada Holm met Mr. Roke. They left at 5 p.m. and slept.", "en", 2),
        ("It costs 3.50 in the U.S. today. Who knows?", "en", 2),
        ("1. Open the gate. 2. Close it.", "en", 2),
        ("It was built in 1833. It burned down.", "en", 2),
        ("**It ended.** She (like all) left.) Then!", "en", 3),
        ("A title\n\nA paragraph without a stop", "en", 2),
        ("云川位于北方。首府是云禾！谁不知道？", "zh", 3),
        ("“他说：走吧。”她走了。", "zh", 2),
        ("彼は来た。彼女は行った！", "ja", 2),
        ("ولدت في أورلين. أين عاشت؟ لا أحد يعلم.", "ar", 3),
        ("वह यहाँ रहती थी। वह चली गई।", "hi", 2),
        ("Она родилась в Орлине. Потом уехала… А. Холм умерла!", "ru", 3),
        ("Am 3. Januar kam sie. Dann ging sie.", "de", 2),
        ("यह ३. खंड है। फिर?", "", 2),
    ],
)
def test_sentences_end_where_they_end(text: str, language: str, count: int):
    assert len(split_sentences(text, language)) == count, sentences(text, language)


def test_a_wrapped_line_ends_no_sentence():
    text = "Lines of old documents\nend where the page ends. A stop\nends the sentence."

    assert len(split_sentences(text, "en")) == 2


@given(st.text(st.sampled_from("ab1 .!。\n\n\"')")) | st.text(), st.sampled_from(LANGUAGES))
def test_sentences_tile_the_text(text: str, language: str):
    """No text is lost between two sentences."""
    assert "".join(sentences(text, language)) == text
    assert all(sentences(text, language))


@given(st.text(min_size=2), st.data())
def test_a_cut_always_takes_something(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 2))
    most = data.draw(st.integers(start + 1, len(text) - 1))

    assert start < cut_line(text, start, most) <= most


@pytest.mark.parametrize(
    ("text", "most", "first"),
    [
        ("one two three", 11, "one two "),
        ("one two three", 8, "one two "),
        ("[123456,654321]", 9, "[123456,"),
        ("abcdefgh", 5, "abcde"),
        ("abcde\u0301fgh", 5, "abcd"),
        ("👩‍👩‍👧👩‍👩‍👧", 7, "👩‍👩‍👧"),
        ("🇩🇪🇫🇷🇮🇹", 3, "🇩🇪"),
        ("👍🏽👍🏽", 3, "👍🏽"),
    ],
)
def test_a_cut_is_made_where_it_harms_least(text: str, most: int, first: str):
    assert text[: cut_line(text, 0, most)] == first


@pytest.mark.parametrize("run", [".", "!)", "。", "\n", " ", ". "])
def test_a_run_of_stops_is_read_in_good_time(run: str):
    started = time.process_time()
    split_sentences(f"{run * 300_000}x", "en")

    assert time.process_time() - started < 2
