"""Tokens are counted as the tokenizer itself counts them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ConfigError
from longhop.ports import Tokenizer

# What tekken's expression tells apart, and what lies between its kinds.
LETTERS = "a B é ß ǅ ʰ 云 川 の أ ے 한 ½ ² Ⅷ 7 ٣ \u0301 \u200d".split()
SIGNS = "_ - / // . , ' \" ( ) # ` * \\ 。 ， ！ 😀 👩‍🚀 🇩".split()
SPACES = " |  |\t|\n|\n\n|\r|\r\n|\u00a0|\u3000|\x0b|\x1c|\x85|\u2028".split("|")
WORDS = "def f(x):\n    return x|The river|云川位于北方。\n|https://a.b/c\n|I'M|\n- item".split("|")
PIECES = st.sampled_from([*LETTERS, *SIGNS, *SPACES, *WORDS])


def test_tekken_counts_the_whole_text():
    tokenizer = open_tokenizer("tekken")
    text = "Philadelphia is a hub. 云川"

    assert tokenizer.count(text) == len(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="neither tekken"):
        open_tokenizer("no-such-file.json")


def counted(tokenizer: Tokenizer, text: str, start: int, end: int) -> int:
    """The tokens of a slice, of which only what is not settled is encoded."""
    first, last = tokenizer.settled(text, start, end)
    since, upto = tokenizer.boundaries(text).searchsorted((first, last), side="right")
    assert start <= first <= last <= end
    return tokenizer.count(text[start:first]) + int(upto - since) + tokenizer.count(text[last:end])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80), st.data())
def test_what_is_settled_needs_not_be_encoded_again(text: str, data: st.DataObject):
    """Whatever a slice begins and ends with, and whatever stands beside it."""
    tokenizer = open_tokenizer("tekken")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    assert counted(tokenizer, text, start, end) == tokenizer.count(text[start:end])


def test_where_a_long_text_is_cut_without_a_seam_nothing_is_settled():
    """Two windows meet in a run of signs that its own slice does not divide."""
    tokenizer = open_tokenizer("tekken")
    text = "one two " * 15_000 + "of " + "=" * 40_000 + " three four" * 2_000
    cut = 1 << 17

    for reach in (100, 4_000, 12_000, 30_000):
        start, end = cut - reach, cut + reach
        assert counted(tokenizer, text, start, end) == tokenizer.count(text[start:end])


def test_of_a_tokenizer_file_nothing_is_taken_for_sure(tmp_path: Path):
    """It may count the spaces before a word with it, or a sentence as one."""
    import tokenizers
    from tokenizers import models, pre_tokenizers

    model = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    model.pre_tokenizer = pre_tokenizers.Split(". ", "merged_with_previous")
    model.save(str(tmp_path / "tokenizer.json"))
    tokenizer = open_tokenizer(str(tmp_path / "tokenizer.json"))

    assert tokenizer.settled("One mill. Two mills.", 4, 20) == (4, 4)
    assert counted(tokenizer, "One mill. Two mills.", 4, 20) == 2
