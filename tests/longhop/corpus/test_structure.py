"""Blocks: what each form of writing looks like, and what only looks like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.corpus.chunking.cutting import cut_block
from longhop.corpus.chunking.structure import Block, Kind, Structure

LINES = st.sampled_from(
    "# Title|Title|=====|---|```|```py|~~~|- item|  - inner|1. one|a) one|| a | b ||--- | ---"
    "|+--+--+|=== ===|a\tb|    code|\tcode|\\begin{x}|\\end{x}|\\begin{y} \\end{y}|\\section{A}"
    "|.. code::|   set in|Here it is::|> quote|plain words. More|>>> 1|* * *|A | b|。|".split("|")
)
TEXTS = st.lists(LINES, max_size=30).map("\n".join) | st.text()


def blocks(text: str) -> list[tuple[str, str]]:
    found = Structure(text).blocks(0, len(text))
    return [(str(each.kind), text[each.start : each.end].strip("\n")) for each in found]


@given(TEXTS)
def test_blocks_tile_the_text(text: str):
    at = 0
    for block in Structure(text).blocks(0, len(text)):
        assert block.start == at < block.end
        at = block.end
    assert at == len(text)


@given(TEXTS, st.sampled_from(list(Kind)))
def test_the_parts_of_a_block_tile_it(text: str, kind: Kind):
    structure = Structure(text)
    for block in structure.blocks(0, len(text)):
        parts = [
            each
            for each in cut_block(block, structure, "en")
            if each.end > each.start or pytest.fail("an empty part is never done")
        ]
        assert [parts[0].start, *(each.end for each in parts)] == [
            *(each.start for each in parts),
            block.end,
        ]
        assert len(parts) > 1 or parts[0].kind in (Kind.WORDS, Kind.LEAD)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## A title", "heading"),
        ("A title\n=======", "heading"),
        ("*******\nA title\n*******", "heading"),
        ("1. A title\n~~~~~~~~~~", "heading"),
        ("\\subsection{A title}", "heading"),
        ("```py\n# a comment\n\n- no item\n```", "code"),
        ("~~~~\n```\nno end\n~~~~", "code"),
        ("    first = 1\n\n    second = 2", "code"),
        (">>> 1 + 1\n2", "code"),
        (".. code-block:: python\n\n   first = 1\n\n   second = 2", "code"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        ("a | b\n--- | ---\n1 | 2", "table"),
        ("+---+---+\n| a | b |\n+===+===+\n| 1 | 2 |\n+---+---+", "table"),
        ("===== =====\na     b\n===== =====\n1     2\n\n3     4\n===== =====", "table"),
        ("town\triver\nOrlin\tWend", "table"),
        ("- one\n  goes on\n\n  and on\n- two\n  - inner\n\n- three", "list"),
        ("1. one\n2. two\n10) ten", "list"),
        ("a) one\nb) two", "list"),
        ("\\begin{proof}\nIt is.\n\n\\begin{a}\nx\n\\end{a}\n\\end{proof}", "environment"),
        ("Words that are wrapped\nover two lines.", "paragraph"),
        ("    Old documents set all of their\n    many words in by four spaces.", "paragraph"),
        ("# no space, no title".replace("# ", "#"), "paragraph"),
        ("```\na fence that nothing closes", "paragraph"),
        ("\\begin{proof}\nthat nothing ends", "paragraph"),
        ("2015. It was a good year.", "paragraph"),
        ("Here it is:", "lead"),
    ],
)
def test_a_block_is_told_by_its_signs(text: str, kind: str):
    assert blocks(text) == [(kind, text)]


def test_a_page_falls_into_its_blocks():
    text = (
        "# Orlin\nA town.\n\nIt has:\n- a mill\n- a well\n\nAs said::\n\n  mill()\n\n  well()\n"
        "\nThe end.\n---\n"
    )

    assert [kind for kind, _ in blocks(text)] == (
        "heading paragraph lead list lead code heading".split()
    )


def test_what_stands_in_a_fence_is_not_looked_at():
    text = "Words.\n```\n# no title\n\n```\n# Title"

    assert [kind for kind, _ in blocks(text)] == ["paragraph", "code", "heading"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("- one\n  - in\n- two\n", ["- one\n  - in\n", "- two\n"]),
        ("- one\n  - in\n  - in\n", ["- one\n", "  - in\n", "  - in\n"]),
        ("```\na\nb\n\nc\n```\n", ["```\na\nb\n\n", "c\n```\n"]),
        ("```\na\n```\n", ["```\n", "a\n", "```\n"]),
        ("| a |\n| - |\n| 1 |\n", ["| a |\n", "| - |\n", "| 1 |\n"]),
        (
            "+---+\n| a |\n| b |\n+---+\n| c |\n+---+\n",
            ["+---+\n| a |\n| b |\n+---+\n", "| c |\n+---+\n"],
        ),
        ("One. Two.\nThree.", ["One. ", "Two.\n", "Three."]),
        (
            "\\begin{a}\nOne.\n\nTwo.\n\\end{a}\n",
            ["\\begin{a}\n", "One.\n\n", "Two.\n\\end{a}\n"],
        ),
        ("word and word", ["word and word"]),
    ],
)
def test_a_block_is_cut_at_its_own_joints(text: str, parts: list[str]):
    structure = Structure(text)
    (block,) = structure.blocks(0, len(text))

    found = cut_block(block, structure, "en")
    assert [text[each.start : each.end] for each in found] == parts


def test_a_huge_block_is_cut_piece_by_piece():
    """Else its sentences alone would take more memory than the document."""
    text = "A short sentence. " * 10_000
    parts = list(cut_block(Block(Kind.PARAGRAPH, 0, len(text)), Structure(text), "en"))

    assert len(parts) < 5_000
    assert parts[-1].end == len(text)


@pytest.mark.parametrize(
    "sign", [" ", "\t", " \t", "-", "- ", "`", "=", "= ", "== ", "|", ":-|", "+-"]
)
@pytest.mark.parametrize("line", ["{}", "{}x", "x{}", "x\n{}x", "{0}x\n{0}", "\n\n{}\nx"])
def test_a_line_of_signs_is_read_in_good_time(sign: str, line: str):
    """Each pattern goes over it a few times, and none goes over it for each of its characters."""
    text = line.format(sign * (300_000 // len(sign)))
    started = time.process_time()

    assert sum(each.end - each.start for each in Structure(text).blocks(0, len(text))) == len(text)
    assert time.process_time() - started < 2
