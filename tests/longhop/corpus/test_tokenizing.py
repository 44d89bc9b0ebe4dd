"""Tokens are counted as the tokenizer itself counts them."""

import pytest

from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ConfigError


def test_tekken_counts_the_whole_text():
    tokenizer = open_tokenizer("tekken")
    text = "Philadelphia is a hub. 云川"

    assert tokenizer.count(text) == len(tokenizer.encode(text))
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_an_unknown_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="neither tekken"):
        open_tokenizer("no-such-file.json")
