"""Adapting: how well documents find the pairs they gave, before and after contrastive training.

    python benchmarks/adapting.py [--seeds 3] [--first-seed 100] [--documents 120] [--again]

All is learnt and judged as the product does it, and judged once more on sources of which nothing
was learnt: each seed parts the sources in two, gives `adapt` documents of the one part as its
warm-up, of which it holds out a fifth itself, and measures what it made on the other part. Data are
of ../shared/data:

- squad: paragraphs of SQuAD, their answerable questions with answers; a source is an article
- musique: paragraphs of MuSiQue's single-hop questions, these with answers; a source is a title

The last line is one JSON object, by data:

- before, after: recall at 10 and mean reciprocal rank of the other part, means over seeds
- gain: of the reciprocal rank, the mean, the lowest and the highest of the seeds
- own_before, own_after: the reciprocal rank of what `adapt` held out, which it decides by
- kept: in how many of the seeds it was kept; trained_on: pairs
- seconds: what a seed took, judging on the other part left out
- same_weights: with --again, whether the first seed gave the same weights when it was done twice
"""

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from longhop.records.adaptation import Adaptation, Retrieval
from longhop.selection.adapting import Pair, adapt
from longhop.selection.adapting.retrieving import find_ranks, measure
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.embedding.weights import hash_of
from longhop.storage.files import LocalFiles
from longhop.storage.memo import Memo

HERE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LONGHOP_DATA", HERE.parent / "shared" / "data"))
_JUDGED_BY = 100  # documents of the other part


class Source(NamedTuple):
    """Documents of one source, each with the pairs it gave and where their evidence is."""

    documents: list[tuple[str, list[tuple[str, int]]]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=100)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--data", choices=READERS, nargs="+", default=list(READERS))
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    if not (DATA / "squad_sample.jsonl.gz").is_file():
        sys.exit(f"{DATA} has no squad_sample.jsonl.gz: name the sample data by LONGHOP_DATA")
    import torch

    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        home = Path(folder)
        base = SentenceEmbedder(PACKAGED, Memo(LocalFiles(home), "vectors", home))
        found = {
            name: measure_all(base, READERS[name](), options, home / name) for name in options.data
        }
    print(json.dumps(found))


def read_lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_squad() -> list[Source]:
    return [
        Source([(each["text"], squad_pairs(each)) for each in article["paragraphs"]])
        for article in read_lines("squad_sample")
    ]


def squad_pairs(paragraph: dict[str, Any]) -> list[tuple[str, int]]:
    return [
        (f"{each['question']}\n{each['answers'][0]}", paragraph["text"].find(each["answers"][0]))
        for each in paragraph["qas"]
        if each["answers"] and not each["is_impossible"]
    ]


def read_musique() -> list[Source]:
    pages: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    for each in read_lines("musique_single_hop_pool"):
        text = each["paragraph"]
        at = max(0, text.find(each["answer"]))
        pages[each["document_title"]][text].append((f"{each['question']}\n{each['answer']}", at))
    return [Source(list(page.items())) for _, page in sorted(pages.items())]


READERS = {"squad": read_squad, "musique": read_musique}


def measure_all(
    base: SentenceEmbedder, sources: list[Source], options: argparse.Namespace, home: Path
) -> dict[str, Any]:
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    runs = [run(base, sources, seed, options.documents, home / str(seed)) for seed in seeds]
    if options.again:
        run(base, sources, seeds[0], options.documents, home / "again")
    gains = [after.reciprocal_rank - before.reciprocal_rank for before, after, *_ in runs]
    told = [each[2] for each in runs]
    return {
        "seeds": [seeds[0], seeds[-1]],
        "before": mean([each[0] for each in runs]),
        "after": mean([each[1] for each in runs]),
        "gain": [round(x, 4) for x in (statistics.mean(gains), min(gains), max(gains))],
        "own_before": [each.before.reciprocal_rank for each in told if each.before],
        "own_after": [each.after.reciprocal_rank for each in told if each.after],
        "kept": sum(each.kept for each in told),
        "trained_on": [each.trained_on for each in told],
        "held_out": [each.held_out for each in told],
        "seconds": round(statistics.median(each[3] for each in runs), 1),
        "same_weights": hash_of(home / "again") == hash_of(home / str(seeds[0]))
        if options.again
        else None,
    }


def run(
    base: SentenceEmbedder, sources: list[Source], seed: int, number: int, folder: Path
) -> tuple[Retrieval, Retrieval, Adaptation, float]:
    rng = random.Random(seed)
    shuffled = rng.sample(sources, len(sources))
    half = len(shuffled) // 2
    ours, others = (flat(part) for part in (shuffled[:half], shuffled[half:]))
    texts, pairs = as_given(rng.sample(ours, min(number, len(ours))))
    begun = time.perf_counter()
    folder.parent.mkdir(exist_ok=True)
    adaptation = adapt(base, texts, pairs, key=f"benchmark {seed}", folder=folder)
    seconds = time.perf_counter() - begun
    judged = as_given(rng.sample(others, min(_JUDGED_BY, len(others))))
    adapted = SentenceEmbedder(str(folder), Memo(LocalFiles(folder), "vectors", folder))
    before, after = (retrieval(each, *judged) for each in (base, adapted))
    print(f"seed {seed}: {before} -> {after}; {adaptation}; {seconds:.0f} s", flush=True)
    return before, after, adaptation, seconds


def flat(sources: list[Source]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [each for source in sources for each in source.documents if each[1]]


def as_given(rows: list[tuple[str, list[tuple[str, int]]]]) -> tuple[list[str], list[Pair]]:
    pairs = [Pair(n, text, at) for n, (_, found) in enumerate(rows) for text, at in found]
    return [text for text, _ in rows], pairs


def retrieval(embedder: SentenceEmbedder, texts: list[str], pairs: list[Pair]) -> Retrieval:
    given_by = [each.document for each in pairs]
    vectors = embedder.embed(texts)
    return measure(
        find_ranks(vectors, embedder.embed([each.text for each in pairs]), given_by), given_by
    )


def mean(found: list[Retrieval]) -> dict[str, float]:
    return {
        name: round(statistics.mean(getattr(each, name) for each in found), 4)
        for name in ("recall_at_10", "reciprocal_rank")
    }


if __name__ == "__main__":
    main()
