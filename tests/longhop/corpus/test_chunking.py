"""Chunks: they tile the document, stay within the limit, and are cut where it reads well."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.chunking import chunk_document
from longhop.corpus.tokenizing import open_tokenizer
from longhop.ports import Tokenizer
from longhop.records.corpus import Chunk, Split
from tests.fakes import WordTokenizer, document
from tests.longhop.corpus.test_structure import TEXTS

TEKKEN = open_tokenizer("tekken")
WORDS = "the of a town river mill Orlin was built in by near Ada Holm and".split()


def chunks(text: str, limit: int, tokenizer: Tokenizer | None = None) -> list[Chunk]:
    return chunk_document(
        document("a", text), Split.TRAIN, tokenizer=tokenizer or WordTokenizer(), limit=limit
    )


def texts(text: str, limit: int) -> list[str]:
    return [each.text.strip("\n") for each in chunks(text, limit)]


def assert_tiles(text: str, found: list[Chunk]) -> None:
    assert "".join(each.text for each in found) == text
    assert [each.start for each in found] == [0, *(each.end for each in found)][: len(found)]
    assert all(text[each.start : each.end] == each.text for each in found)
    assert len({each.id for each in found}) == len(found)


@given(TEXTS, st.integers(1, 60))
def test_chunks_tile_the_document(text: str, limit: int):
    found = chunks(text, limit)

    assert_tiles(text, found)
    assert all(each.tokens == len(each.text) <= limit for each in found)


@given(TEXTS | st.text(st.sampled_from("😀👩‍\u0301🇩云。 a\n")), st.integers(1, 30))
def test_no_chunk_exceeds_its_limit_in_real_tokens(text: str, limit: int):
    """The counts of parts do not add up, so each chunk is counted when it is done."""
    found = chunks(text, limit, TEKKEN)

    assert_tiles(text, found)
    for each in found:
        assert each.tokens == TEKKEN.count(each.text)
        assert each.tokens <= limit or len(each.text) == 1


def test_an_empty_document_has_no_chunks():
    assert chunks("", 10) == []
    assert [each.text for each in chunks(" \n ", 10)] == [" \n "]


def test_a_text_that_comes_again_has_a_chunk_of_its_own():
    """Its evidence may stand at the second place too; the first keeps its plain name."""
    once = chunks("Same.\n\n", 7)
    found = chunks("Same.\n\n" * 3, 7)

    assert [each.text for each in found] == ["Same.\n\n"] * 3
    assert [each.start for each in found] == [0, 7, 14]
    assert len({each.id for each in found}) == 3
    assert found[0].id == once[0].id


def test_a_chunk_is_named_by_its_document_and_text():
    one, other = (
        chunk_document(document(name, "Same."), Split.TRAIN, tokenizer=WordTokenizer(), limit=99)
        for name in "ab"
    )

    assert one[0].id != other[0].id


def test_a_paragraph_above_the_limit_is_cut_at_its_sentences():
    assert texts("One is here. Two is here. Three is here.", 27) == [
        "One is here. Two is here. ",
        "Three is here.",
    ]


@pytest.mark.parametrize(
    "block",
    ["```\nfirst\n\nlast\n```", "| a | b |\n| 1 | 2 |", "- one item\n- two items", "1. a\n\n2. b"],
)
def test_what_fits_a_chunk_is_never_cut(block: str):
    before = "A paragraph of some forty characters here."

    assert texts(f"{before}\n\n{block}\n\n{before}", 46) == [before, block, before]


def test_code_above_the_limit_is_cut_at_its_blank_lines():
    assert texts("```\none()\ntwo()\n\nthree()\n```\n", 24) == ["```\none()\ntwo()", "three()\n```"]


def test_a_heading_goes_with_what_follows():
    text = "A paragraph that takes up most of it.\n\n# Title\n\nThe words below that title."

    assert texts(text, 50) == [text[:37], text[39:]]


def test_a_lead_in_goes_with_its_list():
    text = "A paragraph that takes up most.\n\nIt has:\n\n- a mill\n- a well"

    assert texts(text, 50) == [text[:31], text[33:]]


def test_a_heading_starts_a_chunk_where_the_one_before_is_half_full():
    long, short = "Half of all that fits in here.", "Few."
    rest = "Words below the title of it all."

    assert texts(f"{long}\n\n# Title\n\n{rest}", 55)[1].startswith("# Title")
    assert "# Title" in texts(f"{short}\n\n# Title\n\n{rest}", 55)[0]


def test_the_last_chunk_is_not_a_scrap():
    found = texts("One is here. Two is here. Three is here. Four.", 42)

    assert found == ["One is here. Two is here. ", "Three is here. Four."]


def test_a_word_that_no_vocabulary_knows_makes_no_endless_chunk():
    class Unknowing(WordTokenizer):
        """Any text is one token, as a word of many letters is for some vocabularies."""

        def count(self, text: str) -> int:
            return 1

        def boundaries(self, text: str):
            return super().boundaries(text)[-1:]

    found = chunks("a" * 1000, 4, Unknowing())

    assert max(len(each.text) for each in found) <= 4 * 32


@pytest.mark.parametrize("run", ["a" * 200_000, "。" * 200_000, "😀" * 200_000, " " * 300_000])
def test_a_run_without_an_end_is_cut_in_good_time(run: str):
    """A megabyte of base64 in a page is no reason to wait, and three hundred blanks none to die."""
    text = f"{' '.join(WORDS * 20)}. {run} {' '.join(WORDS * 20)}."
    started = time.process_time()
    found = chunks(text, 320, TEKKEN)

    assert time.process_time() - started < 5
    assert_tiles(text, found)
    assert all(each.tokens <= 320 for each in found)
    assert sum(each.tokens for each in found) / len(found) > 120


def test_tekken_asks_its_inner_encoding_for_the_same_tokens():
    import mistral_common.tokens.tokenizers.tekken as tekken

    wrapper = TEKKEN._model  # type: ignore[attr-defined]
    assert isinstance(wrapper, tekken.Tekkenizer)
    for text in ("", "Philadelphia is <s>[INST] a hub</s>. 云川 😀\n\n  x", "أين عاشت؟ 1833"):
        assert TEKKEN.encode(text) == wrapper.encode(text, bos=False, eos=False)
        assert TEKKEN.decode(TEKKEN.encode(text)) == text


def test_a_long_text_is_encoded_in_parts_as_if_it_were_whole():
    text = " ".join(WORDS * 3000) + ".\n\n" + "云川位于北方。 It is " * 3000
    inner = TEKKEN._inner  # type: ignore[attr-defined]

    assert TEKKEN.count(text) == len(inner.encode_ordinary(text))
    assert TEKKEN.boundaries(text)[-1] == len(text)


def test_a_blank_run_that_overflows_the_expression_is_encoded():
    assert TEKKEN.count(" " * 1_500_000 + "x") > 0


@given(st.text())
def test_tokens_end_where_the_text_ends(text: str):
    ends = TEKKEN.boundaries(text).tolist()

    assert len(ends) == TEKKEN.count(text)
    assert ends == sorted(ends)
    assert (ends[-1] if ends else 0) == len(text)


def test_a_tokenizer_file_counts_beyond_the_length_it_cuts_at(tmp_path):
    """Files of embedding models say that texts are cut at 128 tokens and filled up to it."""
    import tokenizers
    from tokenizers import models, pre_tokenizers

    model = tokenizers.Tokenizer(models.WordLevel({"[UNK]": 0, "mill": 1}, unk_token="[UNK]"))
    model.pre_tokenizer = pre_tokenizers.Whitespace()
    model.enable_truncation(128)
    model.enable_padding(length=128)
    path = tmp_path / "tokenizer.json"
    model.save(str(path))
    tokenizer = open_tokenizer(str(path))

    assert tokenizer.count("mill " * 300) == 300
    assert tokenizer.count("mill") == 1
    assert tokenizer.boundaries("a mill").tolist() == [1, 6]
    assert_tiles("mill " * 300, found := chunks("mill " * 300, 100, tokenizer))
    assert max(each.tokens for each in found) <= 100
