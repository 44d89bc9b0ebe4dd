"""Contexts of questions that people wrote: full, exact, and without a rival of their evidence.

    python benchmarks/context_composition.py path/to/data [--rows 500]

The folder holds `musique_gold_chains`, `musique_single_hop_pool`, `musique_paragraphs`,
`mixed_corpus` and `xquad_zh_sample`, each as `.jsonl.gz`. MuSiQue's chains are composed among its
own paragraphs and among the mixed corpus at 4,096 to 131,072 tokens, XQuAD's Chinese questions
among their own paragraphs at 4,096 and 16,384, with tekken. Of the longest there are fewer rows.

The last line is one JSON object over all rows:

- over_budget: rows whose text, tokenised whole, has more tokens than was wanted
- fit_share: rows that are within 2% below it
- span_exact: rows of which every segment and piece of evidence slices to its text in its document
- evidence_once: rows whose pieces of evidence are there exactly once
- answer_in_distractor: distractors, as far as they stand in a context, that have a hop's answer and
  a name that links the hop (what it asks about; the answer it rests on), both in whole words; where
  no such name is known, the answer
- answer_alone: the share of distractors that have a hop's answer
- depth_p: p of chi-squared that the middle of evidence lies in each tenth of its context, counted
  in tokens, equally often
- rows_per_s, tokens_per_s: CPU time of composing on one thread, with all tokenising
- peak_rss_mib
- same_bytes: contexts of some rows are the same in another order, on several threads, with another
  hash seed of Python
- by: over_budget, fit_share, tokens_per_s and the least fill by corpus and length

Words are told without the product's own code. The first contexts of a corpus measure its documents,
which is part of their time.
"""

import argparse
import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import chisquare

sys.path.insert(0, str(Path(__file__).parent))

from contexts.corpora import Corpus, read_chinese, read_english

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.examples import ComposedContext, Role
from longhop.records.verification import MultiHop
from longhop.spec.sections import Contexts

_LENGTHS = {4096: 1.0, 16384: 1.0, 65536: 0.3, 131072: 0.2}
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:[.,]\d+)*")
_ARTICLES = {"a", "an", "the"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--hashes", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hashes:
        print(json.dumps(hashes(options.data, 1, 7)))
        return
    found = Tally()
    for corpus, lengths in corpora(options.data, options.rows):
        for length in lengths:
            measure(corpus, length, round(len(corpus.rows) * _LENGTHS[length]), found)
    result = found.summary()
    result["same_bytes"] = same_bytes(options.data)
    result["peak_rss_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result))


def corpora(data: Path, rows: int) -> Iterator[tuple[Corpus, Sequence[int]]]:
    for name in ("musique_paragraphs", "mixed_corpus"):
        yield read_english(data, name, rows), tuple(_LENGTHS)
    yield read_chinese(data, rows), (4096, 16384)


class Tally:
    """What was counted so far."""

    def __init__(self) -> None:
        self.rows = self.over = self.fit = self.exact = self.once = 0
        self.rivals = self.alone = self.distractors = self.tokens = 0
        self.seconds = 0.0
        self.depths: Counter[int] = Counter()
        self.by: dict[str, dict[str, Any]] = {}

    def summary(self) -> dict[str, Any]:
        """The figures over all rows."""
        observed = [self.depths[each] for each in range(10)]
        return {
            "rows": self.rows,
            "over_budget": self.over,
            "fit_share": round(self.fit / self.rows, 4),
            "span_exact": round(self.exact / self.rows, 4),
            "evidence_once": round(self.once / self.rows, 4),
            "answer_in_distractor": self.rivals,
            "answer_alone": round(self.alone / self.distractors, 4),
            "depth_p": round(float(chisquare(observed).pvalue), 4),
            "depths": observed,
            "rows_per_s": round(self.rows / self.seconds, 1),
            "tokens_per_s": round(self.tokens / self.seconds),
            "by": self.by,
        }


def measure(corpus: Corpus, length: int, number: int, tally: Tally) -> None:
    """Compose rows at one length and count what is true of them."""
    composer = Composer(corpus.library, open_tokenizer("tekken"))
    plan = Contexts(tokens=(length,), same_cluster=0.0, retrieved=0.3)
    rows = corpus.rows[:number]
    began, fills, over = time.process_time(), [], 0
    contexts = [
        composer.compose(row, corpus.chunks, lay_out(row, plan, dataset=corpus.name))
        for row in rows
    ]
    seconds = time.process_time() - began
    for row, context in zip(rows, contexts, strict=True):
        text = composer.text_of(context)
        tokens = composer.tokenizer.count(text)
        fills.append(tokens / length)
        over += tokens > length
        tally.exact += is_exact(row, context, text, corpus)
        tally.once += all(text.count(each.text) == 1 for each in context.evidence)
        look_at_distractors(row, context, text, tally)
        note_depths(context, text, composer, tally)
    fit = sum(0.98 <= each <= 1 for each in fills)
    tokens = sum(each.tokens for each in contexts)
    tally.rows += len(rows)
    tally.over += over
    tally.fit += fit
    tally.tokens += tokens
    tally.seconds += seconds
    shown = {
        "rows": len(rows),
        "over_budget": over,
        "fit_share": round(fit / len(rows), 4),
        "least_fill": round(min(fills), 4),
        "tokens_per_s": round(tokens / seconds),
    }
    tally.by[f"{corpus.name} {length}"] = shown
    print(corpus.name, length, json.dumps(shown), flush=True)


def is_exact(row: MultiHop, context: ComposedContext, text: str, corpus: Corpus) -> bool:
    """Whether all places of a context slice to what they stand for."""
    for each in context.segments:
        body = corpus.library.documents[each.document_id].text[each.start : each.end]
        if text[each.context_start : each.context_end] != body:
            return False
    quotes = {hop.quote for hop in row.hops}
    sliced = {text[each.start : each.end] for each in context.evidence}
    return sliced == quotes and context.tokens == open_tokenizer("tekken").count(text)


def look_at_distractors(row: MultiHop, context: ComposedContext, text: str, tally: Tally) -> None:
    """Count distractors that tell an answer, and those that tell it with a linking name."""
    hops = []
    for place, hop in enumerate(row.hops):
        links = [row.hops[each.head].answer for each in row.links if each.tail == place]
        hops.append((words(hop.answer), [words(each) for each in (hop.subject, *links) if each]))
    for each in context.segments:
        if each.role is Role.SUPPORTING:
            continue
        tally.distractors += 1
        there = words(text[each.context_start : each.context_end])
        told = [(answer, names) for answer, names in hops if answer in there]
        tally.alone += bool(told)
        tally.rivals += any(not names or any(name in there for name in names) for _, names in told)


def note_depths(context: ComposedContext, text: str, composer: Composer, tally: Tally) -> None:
    """Count in which tenth of the context, in tokens, the evidence of each hop lies."""
    ends = composer.tokenizer.boundaries(text)
    for each in context.evidence:
        at = int(np.searchsorted(ends, (each.start + each.end) // 2, side="right"))
        tally.depths[min(9, 10 * at // len(ends))] += 1


def words(text: str) -> str:
    """The words of a text between spaces, in one form of Unicode, without case and articles."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(each for each in found if each not in _ARTICLES)} "


def same_bytes(data: Path) -> bool:
    """Whether another order, more threads and other hash seeds change nothing."""
    wanted = hashes(data, 1, 0)
    if hashes(data, 8, 3) != wanted:
        return False
    for seed in ("1", "2"):
        command = [sys.executable, __file__, str(data), "--hashes"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        made = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=600
        )
        if json.loads(made.stdout.splitlines()[-1]) != wanted:
            return False
    return True


def hashes(data: Path, threads: int, shuffled: int) -> dict[str, str]:
    """The hash of every context of some rows, composed in some order on some threads."""
    corpus = read_english(data, "musique_paragraphs", 60)
    composer = Composer(corpus.library, open_tokenizer("tekken"))
    plan = Contexts(tokens=(4096, 16384), same_cluster=0.0, retrieved=0.3)
    rows = list(corpus.rows)
    random.Random(shuffled).shuffle(rows)

    def compose(row: MultiHop) -> tuple[str, str]:
        layout = lay_out(row, plan, dataset="hashes")
        made = composer.compose(row, corpus.chunks, layout)
        return row.id, hashlib.sha256(made.model_dump_json().encode()).hexdigest()

    with ThreadPoolExecutor(threads) as pool:
        return dict(sorted(pool.map(compose, rows)))


if __name__ == "__main__":
    main()
