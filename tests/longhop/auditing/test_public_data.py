"""Public data sets in their own layouts: figures agree with a count that is done another way."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from longhop.auditing.plan import AuditPlan
from longhop.records.audit import Audit
from tests.longhop.publishing.test_audit import write

DATA = Path(__file__).parents[4] / "shared" / "data"


def rows_of(name: str) -> list[dict[str, Any]]:
    path = DATA / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def audit_of(name: str, folder: Path) -> Audit:
    return write(AuditPlan(paths=(str(DATA / f"{name}.jsonl.gz"),)), folder)


def count_words(text: str, answer: str) -> int:
    """How often an answer's words stand in a text, by an expression that spells them out."""
    words = [each for each in re.findall(r"\w+", answer.lower()) if each not in ("a", "an", "the")]
    between = r"(?:[\W_]+(?:(?:a|an|the)[\W_]+)*)"
    wanted = between.join(map(re.escape, words))
    return len(re.findall(rf"(?<!\w){wanted}(?!\w)", text.lower())) if words else 0


def test_musique_among_all_of_its_paragraphs(tmp_path: Path):
    rows = rows_of("musique_train_full_sample")
    told = audit_of("musique_train_full_sample", tmp_path)
    tenths: Counter[int] = Counter()
    hops: Counter[tuple[str, str]] = Counter()
    stands = repeated = 0
    for row in rows:
        texts = [f"{each['title']}\n{each['text']}" for each in row["paragraphs"]]
        context = "\n\n".join(texts)
        supporting = [each for each in row["paragraphs"] if each["is_supporting"]]
        for each in supporting:
            at = context.index(f"{each['title']}\n{each['text']}") + len(each["title"]) + 1
            tenths[int(10 * (at + len(each["text"]) / 2) / len(context))] += 1
        hops[str(row["hops"]), str(len({each["text"] for each in supporting}))] += 1
        answers = [row["answer"], *row["answer_aliases"]]
        stands += any(count_words(context, each) for each in answers)
        words = [" ".join(re.findall(r"\w+", each["text"].lower())) for each in row["paragraphs"]]
        repeated += len(set(words)) < len(words)

    assert told.questions == told.contexts == len(rows) == 60
    assert told.depth["stated"]["tenths"] == [tenths[at] for at in range(10)]
    assert {
        tuple(each["of"]): each["rows"] for each in told.hops["declared_and_supporting"]
    } == hops
    assert told.answers["name_by_words"] + told.answers.get("text_by_words", 0) == stands
    assert told.duplicates["contexts_with_repeated_documents"] == repeated
    assert told.lengths["documents"]["sum"] == sum(len(each["paragraphs"]) for each in rows)


def test_squad_with_its_unanswerable_questions(tmp_path: Path):
    """The only answer that does not stand as words in its paragraph is "four", of "fourth"."""
    articles = rows_of("squad_sample")
    told = audit_of("squad_sample", tmp_path)
    paragraphs = [each for article in articles for each in article["paragraphs"]]
    asked = [qa for each in paragraphs for qa in each["qas"]]
    words = Counter(" ".join(re.findall(r"\w+", each["question"].lower())) for each in asked)

    assert (told.questions, told.contexts) == (len(asked), len(paragraphs)) == (6510, 887)
    assert told.answers["none"] == sum(each["is_impossible"] for each in asked) == 2181
    assert told.duplicates["same_questions"] == len(asked) - len(words)
    missing = [
        qa["answers"][0]
        for each in paragraphs
        for qa in each["qas"]
        if qa["answers"] and not any(count_words(each["text"], given) for given in qa["answers"])
    ]
    assert missing == ["four"] and told.flags["answer_missing"] == 1
    lengths = [len(each["text"]) for each in paragraphs]
    assert told.lengths["context_tokens"]["sum"] < sum(lengths) < 6 * 887 * 170 * 2


def test_loogle_with_its_quotes(tmp_path: Path):
    """An article comes twice; a quote whose words are not in it is lost."""
    rows = rows_of("longcontext_sample")
    told = audit_of("longcontext_sample", tmp_path)
    found = lost = 0
    for row in rows:
        context = " ".join(re.findall(r"\w+", row["context"].lower()))
        for qa in row["qas"]:
            quotes = qa["evidence"] if isinstance(qa["evidence"], list) else [qa["evidence"]]
            for quote in quotes:
                words = " ".join(re.findall(r"\w+", quote.lower()))
                found += f" {words} " in f" {context} "
                lost += f" {words} " not in f" {context} "

    assert (told.contexts, told.duplicates["same_contexts"]) == (3, 1)
    assert told.questions == sum(len(each["qas"]) for each in rows)
    assert (told.depth["stated"]["pieces"], told.depth["lost_evidence"]) == (found, lost)


@pytest.mark.parametrize("name", ["hotpotqa_sample", "twowiki_sample"])
def test_supporting_sentences_are_found_in_their_paragraphs(name: str, tmp_path: Path):
    rows = rows_of(name)
    told = audit_of(name, tmp_path)
    there = sum(
        any(
            each["title"] == fact["title"] and fact["sentence"] < len(each["sentences"])
            for each in row["paragraphs"]
        )
        for row in rows
        for fact in row["supporting_facts"]
    )
    named = sum(len(each["supporting_facts"]) for each in rows)

    assert (told.depth["stated"]["pieces"], told.depth["lost_evidence"]) == (there, named - there)
