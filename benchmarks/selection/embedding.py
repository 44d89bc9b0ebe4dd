"""Vectors of the texts of ../shared/data, by the packaged model, remembered between runs.

    python benchmarks/selection/embedding.py

computes them beforehand: twenty minutes on one core the first time, seconds after that.
"""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import SCALE
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CACHE = Path.home() / ".cache" / "longhop" / "benchmarks"


def read_lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def embed(texts: Sequence[str], cache: Path = CACHE) -> NDArray[np.float32]:
    """A unit vector a text, as the product embeds it: all its windows, pooled."""
    cache.mkdir(parents=True, exist_ok=True)
    memo = Memo(LocalFiles(cache), "vectors", cache)
    steps = SentenceEmbedder(PACKAGED, memo).embed(texts)
    memo.flush()
    vectors: NDArray[np.float32] = steps.astype(np.float32) / SCALE
    return vectors


def corpus_texts() -> list[str]:
    return [f"{each['title']}\n{each['text']}" for each in read_lines("mixed_corpus")]


def question_texts() -> dict[str, list[str]]:
    """Questions with their answers, by where they are from; those of SQuAD by article."""
    found = {
        name: [f"{each['question']}\n{each['answer']}" for each in read_lines(f"{name}_reference")]
        for name in ("gsm8k", "code", "math")
    }
    found["musique"] = [
        f"{each['question']}\n{each['answer']}" for each in read_lines("musique_single_hop_pool")
    ]
    for article in read_lines("squad_sample"):
        found[article["title"]] = [
            f"{asked['question']}\n{asked['answers'][0]}"
            for paragraph in article["paragraphs"]
            for asked in paragraph["qas"]
            if asked["answers"] and not asked["is_impossible"]
        ]
    return found


if __name__ == "__main__":
    for name, texts in question_texts().items():
        print(name, embed(texts).shape, flush=True)
    print("documents", embed(corpus_texts()).shape)
