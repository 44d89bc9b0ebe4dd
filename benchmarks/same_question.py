"""Which questions ask the same: how well `same_question` tells paraphrases from other questions.

    python benchmarks/same_question.py path/to/data

The pairs are all questions of people with one answer in one paragraph: of MuSiQue's single-hop
questions (`musique_single_hop_pool.jsonl.gz`) and of SQuAD's (`squad_sample.jsonl.gz`). Which of
them ask the same was decided by one reader of them all (`labels/same_question.json`, by id). The
threshold was chosen on SQuAD's pairs; the list of relations was written by somebody who had read
both, so the precision with it is no forecast for questions in other words.

The last line is one JSON object. For each of both sets: how many `pairs` there are, how many of
them ask the `same`, and by `cosine` alone and by `longhop`, for each threshold, what share of the
pairs that it takes for the same are (`precision`), and what share of those that are it takes
(`recall`). `chosen` is the threshold of the product.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from linking_recall import Kept, read_rows, single_hop, texts_of

from longhop.matching import normalise
from longhop.questions.gathering import ALIKE, same_question
from longhop.records.questions import SingleHop
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import SCALE, similarities

Pair = tuple[SingleHop, SingleHop, float]

_THRESHOLDS = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
_LABELS = Path(__file__).parent / "labels" / "same_question.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    if not (options.data / "musique_single_hop_pool.jsonl.gz").is_file():
        sys.exit(f"{options.data} does not hold musique_single_hop_pool.jsonl.gz")
    labels = json.loads(_LABELS.read_text())["same"]
    same = {frozenset(each) for each in labels}
    embedder = SentenceEmbedder(PACKAGED, Kept())
    found: dict[str, Any] = {
        name: measure(list(pairs_of(questions, embedder)), same)
        for name, questions in (
            ("squad", list(read_squad(options.data))),
            ("musique", list(read_musique(options.data))),
        )
    }
    print(json.dumps(found | {"chosen": ALIKE}))


def measure(pairs: Sequence[Pair], same: set[frozenset[str]]) -> dict[str, Any]:
    """How right each way is at each threshold."""
    are = [frozenset((one.id, other.id)) in same for one, other, _ in pairs]
    found: dict[str, Any] = {"pairs": len(pairs), "same": sum(are), "cosine": {}, "longhop": {}}
    for threshold in _THRESHOLDS:
        near = [cosine >= threshold for _, _, cosine in pairs]
        # At a cosine of 1 only the rules are left.
        ruled = [
            each and same_question(one, other, 1.0)
            for each, (one, other, _) in zip(near, pairs, strict=True)
        ]
        for name, taken in (("cosine", near), ("longhop", ruled)):
            right = sum(a and b for a, b in zip(taken, are, strict=True))
            found[name][str(threshold)] = {
                "precision": round(right / max(1, sum(taken)), 3),
                "recall": round(right / sum(are), 3),
            }
    return found


def pairs_of(questions: Sequence[SingleHop], embedder: SentenceEmbedder) -> Iterator[Pair]:
    """The questions of one chunk with one answer, two by two, and how near they are."""
    together: dict[tuple[object, ...], list[SingleHop]] = defaultdict(list)
    for each in questions:
        together[each.chunk_id, normalise(each.answer)].append(each)
    for members in together.values():
        if len(members) > 1:
            rows = embedder.embed(texts_of(members))
            near = similarities(rows, rows) / SCALE**2
            for one, other in combinations(range(len(members)), 2):
                yield members[one], members[other], float(near[one, other])


def read_musique(data: Path) -> Iterator[SingleHop]:
    for each in read_rows(data / "musique_single_hop_pool.jsonl.gz"):
        title = each["document_title"]
        yield single_hop(each["id"], each["question"], each["answer"], title, each["paragraph"])


def read_squad(data: Path) -> Iterator[SingleHop]:
    """The answerable questions, one of each wording in a paragraph."""
    for article in read_rows(data / "squad_sample.jsonl.gz"):
        for part, paragraph in enumerate(article["paragraphs"]):
            asked = {}
            for each in paragraph["qas"]:
                if not each["is_impossible"]:
                    asked.setdefault(each["question"].strip(), each)
            for question, each in asked.items():
                answer = each["answers"][0]
                text = answer if isinstance(answer, str) else answer["text"]
                yield single_hop(each["id"], question, text, article["title"], text, part)


if __name__ == "__main__":
    main()
