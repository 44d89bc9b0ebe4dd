"""Benchmark items planted in documents in thirteen ways: which of them are found, and at what cost.

    python benchmarks/decontamination.py path/to/data [--items 200]

The folder holds `gsm8k_reference`, `math_reference` and `musique_dev_sample` (the benchmarks; their
questions of 20 words or more are planted) and `mixed_corpus` (the documents), each as `.jsonl.gz`.
All questions and answers of the three are looked for, with the product's own defaults.

Each kind plants each of so many items, drawn by a fixed seed, into a document of its own:

- exact_paragraph, exact_inline: as it is, as a paragraph or between two sentences
- case_space: in other cases, with other white space
- punctuation: with other punctuation and quotes
- unicode_forms: decomposed, in full width, or with signs that nobody sees
- with_answer: followed by its answer
- split_in_two: its halves in two places of the document
- html_quoted: escaped, in tags
- part_60, words_13_18: 60% of its words in a row; 13 to 18 of them
- numbers_changed, names_changed, words_dropped: reported, and no recall is wanted of them

The last line is one JSON object: the share of each kind that is found as this very item;
`false_alarms`, the share of the documents without anything planted that are turned away;
`seconds_per_1000` of these documents (CPU time on one thread). What is turned away there stands in
lines before it.
"""

import argparse
import gzip
import html
import json
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from longhop.publishing.decontaminating import read_benchmarks
from longhop.publishing.decontaminating.finding import touches
from longhop.spec.sections import Decontamination
from longhop.storage.sources import FileSources

_BENCHMARKS = ("gsm8k_reference", "math_reference", "musique_dev_sample")
_LEAST = 20  # words of an item that is planted
_FULL = str.maketrans({chr(each): chr(each + 0xFEE0) for each in range(0x21, 0x7F)})
_UNSEEN = "\u200b\u00ad\u2060\ufeff"

Plant = Callable[[str, str, list[str], random.Random], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--items", type=int, default=200)
    options = parser.parse_args()
    paths = [str(options.data / f"{name}.jsonl.gz") for name in _BENCHMARKS]
    rng = random.Random(7)
    items = [
        (f"{path}:{number}", row["question"], str(row["answer"]))
        for path in paths
        for number, row in enumerate(lines(path), 1)
        if len(row["question"].split()) >= _LEAST
    ]
    items = rng.sample(items, options.items)
    documents = [row["text"] for row in lines(str(options.data / "mixed_corpus.jsonl.gz"))]
    known = read_benchmarks(paths, FileSources(), ngram=Decontamination().ngram)
    print(len(known.items), "items;", len(items), "planted", flush=True)
    found: dict[str, Any] = {}
    for name, plant in PLANTS.items():
        hits = 0
        for place, question, answer in items:
            page = rng.choice(documents)[:20_000].split("\n\n")
            planted = plant(question, answer, page, rng)
            hits += any(each.item.place == place for each in touches(planted, known))
        found[name] = round(hits / len(items), 4)
        print(name, found[name], flush=True)
    began, alarms = time.process_time(), 0
    for number, text in enumerate(documents):
        held = touches(text, known)
        alarms += bool(held)
        if held:
            print("turned away", number, repr(text[:60]), held[0].told, held[0].longest)
    found["false_alarms"] = round(alarms / len(documents), 4)
    found["seconds_per_1000"] = round(1000 * (time.process_time() - began) / len(documents), 2)
    print(json.dumps(found))


def lines(path: str) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def as_paragraph(item: str, page: list[str], rng: random.Random) -> str:
    at = rng.randrange(len(page) + 1)
    return "\n\n".join([*page[:at], item, *page[at:]])


def inline(item: str, page: list[str], rng: random.Random) -> str:
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(page))
    at = rng.randrange(len(sentences) + 1)
    return " ".join([*sentences[:at], item, *sentences[at:]])


def case_space(item: str, rng: random.Random) -> str:
    cased = rng.choice([str.upper, str.lower, str.title, str.swapcase])(item)
    return "".join(
        rng.choice([" ", "  ", "\n", "\t", "\u00a0"]) if each.isspace() else each for each in cased
    )


def punctuated(item: str, rng: random.Random) -> str:
    """Signs between words, not within numbers or formulae, become others or fall; quotes, too."""
    item = item.replace("'", rng.choice(["’", "‘", "'"])).replace('"', rng.choice(["“", "»", "'"]))
    item = re.sub(r"[.,;:!?](?=\s|$)", lambda _: rng.choice(["", ";", " –", "…", "!"]), item)
    words = item.split(" ")
    for at in rng.sample(range(len(words)), len(words) // 8):
        words[at] = rng.choice(["“{}”", "({})", "{},", "*{}*"]).format(words[at])
    return " ".join(words)


def unicode_forms(item: str, rng: random.Random) -> str:
    form = rng.randrange(3)
    if form == 0:
        return unicodedata.normalize("NFD", item.replace("fi", "\ufb01"))
    if form == 1:
        return item.translate(_FULL)
    return "".join(each + (rng.choice(_UNSEEN) if rng.random() < 0.1 else "") for each in item)


def in_html(item: str, rng: random.Random) -> str:
    words = html.escape(item).split(" ")
    for at in rng.sample(range(len(words)), len(words) // 8):
        words[at] = rng.choice(
            ['<em class="q">{}</em>', "<b>{}</b>", "{}&nbsp;", "<br/>{}"]
        ).format(words[at])
    return f"<blockquote><p>{' '.join(words)}</p></blockquote>"


def part(item: str, number: int, rng: random.Random) -> str:
    words = item.split()
    at = rng.randrange(max(1, len(words) - number + 1))
    return " ".join(words[at : at + number])


def split_in_two(item: str, page: list[str], rng: random.Random) -> str:
    words = item.split()
    first = as_paragraph(" ".join(words[: len(words) // 2]), page, rng).split("\n\n")
    return as_paragraph(" ".join(words[len(words) // 2 :]), first, rng)


def numbers_changed(item: str, rng: random.Random) -> str:
    return re.sub(r"\d", lambda _: str(rng.randrange(10)), item)


def names_changed(item: str, rng: random.Random) -> str:
    names = ["Orlin", "Brisa", "Tasby", "Luvane", "Holm"]
    return re.sub(r"(?<=\s)[A-Z][a-z]+", lambda _: rng.choice(names), item)


def words_dropped(item: str, rng: random.Random) -> str:
    return " ".join(each for each in item.split() if rng.random() > 0.1)


PLANTS: dict[str, Plant] = {
    "exact_paragraph": lambda item, _, page, rng: as_paragraph(item, page, rng),
    "exact_inline": lambda item, _, page, rng: inline(item, page, rng),
    "case_space": lambda item, _, page, rng: inline(case_space(item, rng), page, rng),
    "punctuation": lambda item, _, page, rng: inline(punctuated(item, rng), page, rng),
    "unicode_forms": lambda item, _, page, rng: inline(unicode_forms(item, rng), page, rng),
    "with_answer": lambda item, answer, page, rng: inline(f"{item} {answer}", page, rng),
    "split_in_two": lambda item, _, page, rng: split_in_two(item, page, rng),
    "html_quoted": lambda item, _, page, rng: inline(in_html(item, rng), page, rng),
    "part_60": lambda item, _, page, rng: inline(
        part(item, -(-6 * len(item.split()) // 10), rng), page, rng
    ),
    "words_13_18": lambda item, _, page, rng: inline(
        part(item, rng.randint(13, 18), rng), page, rng
    ),
    "numbers_changed": lambda item, _, page, rng: inline(numbers_changed(item, rng), page, rng),
    "names_changed": lambda item, _, page, rng: inline(names_changed(item, rng), page, rng),
    "words_dropped": lambda item, _, page, rng: inline(words_dropped(item, rng), page, rng),
}


if __name__ == "__main__":
    sys.exit(main())
