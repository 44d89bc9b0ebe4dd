"""Benchmarks are found in whatever form they stand in a text, and little else is."""

import json
from pathlib import Path

import pytest

from longhop.publishing.decontaminating import find_contaminations, read_benchmarks, to_rejection
from longhop.publishing.decontaminating.finding import touches
from longhop.publishing.decontaminating.plain import plain
from longhop.records.accounts import Reason
from longhop.storage.sources import FileSources

ITEM = (
    "Paulo bought six red lanterns for 1,200 crowns in Orlin and didn't tell his brother Ivo, who"
    " had sold him two others; how many crowns did each lantern cost?"
)
SHORT = "Who founded Orlin in spring?"
AROUND = "The town lies by a lake. Nobody goes there in winter.", "Its mill is old. It burnt twice."


@pytest.fixture
def known(tmp_path: Path):
    path = tmp_path / "benchmark.jsonl"
    rows = [{"question": ITEM, "answer": "200"}, {"question": SHORT}, {"nested": [{"q": ITEM}]}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_benchmarks([str(path)], FileSources(), ngram=13)


def planted(text: str) -> str:
    return f"{AROUND[0]} {text} {AROUND[1]}"


@pytest.mark.parametrize(
    "text",
    [
        ITEM,
        ITEM.upper(),
        ITEM.replace(" ", "\n  "),
        ITEM.replace(";", " – ").replace("'", "’").replace(",", ""),
        ITEM.translate({each: each + 0xFEE0 for each in range(0x21, 0x7F)}),
        ITEM.replace("o", "o\u200b"),
        f"<p>{ITEM.replace('red', '<em>red</em>').replace(chr(39), '&#39;')}</p>",
        " ".join(ITEM.split()[5:19]),
        ITEM.replace("brother Ivo,", f"brother Ivo. {AROUND[0] * 3} And"),
        SHORT,
    ],
)
def test_an_item_is_found_in_any_form(text: str, known):
    assert touches(planted(text), known)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Who founded Orlin in winter?",
        "Paulo bought six red lanterns for his sister.",
        "How many crowns did each lantern cost?",
    ],
)
def test_a_part_that_others_may_say_is_no_item(text: str, known):
    assert touches(planted(text), known) == []


def test_the_rejection_names_the_item(known):
    met = find_contaminations("decontaminate", "d", planted(ITEM), known)
    found = to_rejection(met, planted(ITEM))

    assert found.reason is Reason.CONTAMINATED
    assert found.detail.startswith("29 of 29 words of ")
    assert found.detail.endswith("benchmark.jsonl:1")


def test_what_all_items_begin_with_is_none_of_them(tmp_path: Path):
    """A template of a benchmark stands in texts that have nothing to do with it."""
    path = tmp_path / "templates.jsonl"
    frame = "Read the following passage with care and then choose the one right answer"
    rows = [{"q": f"{frame} w{n}a w{n}b w{n}c w{n}d w{n}e w{n}f w{n}g"} for n in range(40)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    known = read_benchmarks([str(path)], FileSources(), ngram=13)

    assert touches(planted(frame), known) == []
    assert touches(planted(f"{frame} w7a w7b w7c w7d w7e w7f w7g"), known)


def test_items_that_share_most_of_their_words_are_each_found(tmp_path: Path):
    """The words that tell them apart propose them, and the shared ones count then."""
    path = tmp_path / "frames.jsonl"
    names = [f"{first} {last}" for first in "Ada Ben Cleo Dora Ezra".split() for last in "HIJKLMNO"]
    asked = [f"Who is the mother of the director of film {name}?" for name in names]
    path.write_text("".join(json.dumps({"q": each}) + "\n" for each in asked))
    known = read_benchmarks([str(path)], FileSources(), ngram=13)

    for number, each in enumerate(asked, 1):
        assert str(touches(planted(each), known)[0].item.place).endswith(f":{number}")
    assert not touches(planted("Who is the mother of the director of film?"), known)


def test_an_item_all_of_whose_runs_are_shared_is_found_as_a_whole(tmp_path: Path):
    """As where every other item has one more word before or behind it."""
    path = tmp_path / "inner.jsonl"
    inner = "one two three four five six seven eight nine ten eleven twelve"
    rows = [f"w{n} {inner} v{n}" for n in range(30)] + [inner]
    path.write_text("".join(json.dumps({"q": each}) + "\n" for each in rows))
    known = read_benchmarks([str(path)], FileSources(), ngram=13)

    assert touches(planted(inner), known)


def test_chinese_items_are_told_by_twice_as_many_characters(tmp_path: Path):
    path = tmp_path / "zh.jsonl"
    item = "请问哈尔登钟楼是由哪一位工匠在一六四零年春天修复完成的并且花费了多少银币"
    path.write_text(json.dumps({"question": item}, ensure_ascii=False))
    known = read_benchmarks([str(path)], FileSources(), ngram=13)

    assert touches(f"有人说过：{item}。后来忘了。", known)
    assert not touches("请问哈尔登钟楼是由哪一位工匠设计的", known)


def test_numbers_and_apostrophes_have_one_form():
    assert plain("don't pay 1,200") == plain("don’t pay 1200") == "dont pay 1200"


def test_two_benchmarks_may_hold_the_same_items(tmp_path: Path):
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(json.dumps({"text": ITEM}) + "\n")
    paths = [str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl")]

    assert len(read_benchmarks(paths, FileSources(), ngram=13).items) == 1
