"""Linking: how many of the pairs that people composed are found, and how many found are such pairs.

    python benchmarks/linking_recall.py path/to/data [--sizes 10000 100000]

The folder holds the single-hop questions of MuSiQue's development set
(`musique_single_hop_pool.jsonl.gz`), which of them make up its multi-hop questions
(`musique_gold_chains.jsonl.gz`), and SQuAD's (`squad_sample.jsonl.gz`). A pair is right where the
answer of its first question is the entity of the second in a multi-hop question; others may do as
well and count as wrong. Conditions:

- plain: the pool as it is
- noise: the answerable questions of SQuAD are candidates too
- rewritten: the name that links a pair stands in the second question in another form, chosen at
  random among those there are: in lower case, without its article, the surname alone, initial and
  surname, another form of a country's name, without its title

Scorers, each of which puts all candidates of a head in order, ties by a keyed hash:

- random: the keyed hash alone
- similarity: the cosine of question and answer, embedded together by the packaged model
- string: 1 where the head's answer is a substring of the other question, case and all, else 0
- longhop: `BridgeIndex` with those that the link test turns away behind all others
- longhop_sound: without those, as questions are linked

The last line is one JSON object, by condition and scorer:

- recall_at_1, _5, _20: right pairs whose tail is among the first so many of its head
- precision: right ones of the best pairs of all heads of the pool, as many as there are right ones
- mrr: the mean of one over the place of the tail
- direction_errors: right pairs that score no more than the same pair turned round

and further `rewritings`, how many names were rewritten how; `chains`, the share of the chains and
trees of three and four hops that are among the first eight groups from their first question (a
tree: to its last one); `scale`, the seconds of CPU time and the memory that it takes to index so
many made-up questions and to take ten tails of each, with the ratio of the times.
"""

import argparse
import gzip
import heapq
import json
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from longhop.identity import keyed_rng
from longhop.questions.bridging import BridgeIndex
from longhop.records.corpus import Span, Split
from longhop.records.questions import AnswerKind, SingleHop
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import similarities

Pair = tuple[int, int]

_DEPTHS = (1, 5, 20)
_GROUPS = 8
_BEAM = 32
_TAILS = 10
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_COUNTRIES = {
    "United States": "US",
    "United States of America": "USA",
    "America": "the United States",
    "Great Britain": "the UK",
    "United Kingdom": "Britain",
    "Netherlands": "Holland",
    "Soviet Union": "USSR",
    "China": "the People's Republic of China",
    "Germany": "the Federal Republic of Germany",
    "Russia": "the Russian Federation",
    "Philippines": "the Republic of the Philippines",
    "India": "the Republic of India",
    "Brunei": "Brunei Darussalam",
    "Myanmar": "Burma",
}
_TITLES = r"(?:President|Queen|King|king|queen|president|Sir|Saint|Pope|pope|Emperor|Dr\.|General)"
_ASKS_FOR_A_PERSON = re.compile(
    r"\b(?:who|whose|whom|performer|composer|author|producer|director|creator|spouse|child|father"
    r"|mother|sibling|cast member|singer|actor|artist|founder|illustrator|named after)\b",
    re.IGNORECASE,
)
_NO_PERSON = frozenset(
    (
        "of",
        "the",
        "and",
        "for",
        "in",
        "company",
        "records",
        "university",
        "party",
        "church",
        "league",
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_size:
        print(json.dumps(time_index(options.one_size)))
        return
    if not (options.data / "musique_single_hop_pool.jsonl.gz").is_file():
        sys.exit(f"{options.data} does not hold musique_single_hop_pool.jsonl.gz")
    found = measure_linking(options.data)
    found["scale"] = measure_scale(options.sizes)
    print(json.dumps(found))


# Pairs


def measure_linking(data: Path) -> dict[str, Any]:
    pool, chains = read_pool(data), read_chains(data)
    place = {each.id: at for at, each in enumerate(pool)}
    right = {(place[head], place[tail]) for chain in chains for head, tail in chain["edges"]}
    rewritten, kinds = rewrite(pool, right)
    embedder = SentenceEmbedder(PACKAGED, Kept())
    found: dict[str, Any] = {}
    conditions = {"plain": pool, "noise": [*pool, *read_squad(data)], "rewritten": rewritten}
    for condition, questions in conditions.items():
        vectors = embedder.embed([f"{each.question} {each.answer}" for each in questions])
        found[condition] = {
            name: measure(score, right, len(pool), tie_breaks(questions, len(pool)))
            for name, score in scores(questions, vectors, len(pool))
        }
        print(condition, json.dumps(found[condition]))
        if condition == "plain":
            found["chains"] = measure_chains(BridgeIndex(questions, vectors), chains, place)
    return {**found, "right_pairs": len(right), "rewritings": kinds}


def scores(
    questions: Sequence[SingleHop], vectors: Any, heads: int
) -> Iterator[tuple[str, np.ndarray]]:
    """What each scorer says of each pair of a head of the pool and any question."""
    shape = (heads, len(questions))
    yield "random", np.zeros(shape)
    yield "similarity", similarities(vectors[:heads], vectors).astype(float)
    yield (
        "string",
        np.array(
            [
                [float(head.answer in tail.question) for tail in questions]
                for head in questions[:heads]
            ]
        ),
    )
    index = BridgeIndex(questions, vectors)
    for name, doubtful in (("longhop", True), ("longhop_sound", False)):
        score = np.zeros(shape)
        for head in range(heads):
            for bridge in index.tails_of(head, len(questions), doubtful=doubtful):
                score[head, bridge.tail] = bridge.score
        yield name, score


def measure(score: np.ndarray, right: set[Pair], heads: int, ties: np.ndarray) -> dict[str, float]:
    score = score.copy()
    score[np.arange(heads), np.arange(heads)] = -np.inf
    places = [place_of(score[head], ties[head], tail) for head, tail in right]
    best = np.lexsort((ties.ravel(), -score.ravel()))[: len(right)]
    pairs = {(int(each) // score.shape[1], int(each) % score.shape[1]) for each in best}
    turned = sum(score[tail, head] >= score[head, tail] for head, tail in right)
    return {
        **{f"recall_at_{depth}": share(place <= depth for place in places) for depth in _DEPTHS},
        "precision": round(len(pairs & right) / len(right), 4),
        "mrr": round(sum(1 / place for place in places) / len(right), 4),
        "direction_errors": round(float(turned) / len(right), 4),
    }


def place_of(row: np.ndarray, ties: np.ndarray, tail: int) -> int:
    before = (row > row[tail]) | ((row == row[tail]) & (ties < ties[tail]))
    return int(before.sum()) + 1


def tie_breaks(questions: Sequence[SingleHop], heads: int) -> np.ndarray:
    """A number for each pair that depends on its two ids alone."""
    return np.array(
        [
            [xxhash.xxh3_64_intdigest(f"{head.id}|{tail.id}".encode()) for tail in questions]
            for head in questions[:heads]
        ],
        np.uint64,
    )


# Other forms of names


def rewrite(pool: Sequence[SingleHop], right: set[Pair]) -> tuple[list[SingleHop], dict[str, int]]:
    """The pool with the names by which its pairs are linked in another form, and how many how."""
    texts = [each.question for each in pool]
    kinds: Counter[str] = Counter()
    done = set()
    for head, tail in sorted(right, key=lambda pair: (pool[pair[0]].id, pool[pair[1]].id)):
        name = pool[head].answer
        if (name, tail) in done or name not in texts[tail]:
            continue
        done.add((name, tail))
        ways = dict(other_forms(name, texts[tail], pool[head].question))
        if not ways:
            kinds["none"] += 1
            continue
        kind = keyed_rng("rewrite", pool[tail].id, name).choice(sorted(ways))
        texts[tail] = ways[kind]
        kinds[kind] += 1
    rewritten = [
        each.model_copy(update={"question": text}) for each, text in zip(pool, texts, strict=True)
    ]
    return rewritten, dict(sorted(kinds.items()))


def other_forms(name: str, text: str, asked: str) -> Iterator[tuple[str, str]]:
    """The ways that a text can name something else than as it does, each with the text."""
    bare = re.sub(r"^(?:the|an?)\s+", "", name, flags=re.IGNORECASE)
    if name.lower() != name:
        yield "lower case", text.replace(name, name.lower(), 1)
    without = re.sub(rf"\b(?:the|an?)\s+(?={re.escape(bare)})", "", text, flags=re.IGNORECASE)
    if without != text:
        yield "without its article", without
    if _COUNTRIES.get(bare):
        other = _COUNTRIES[bare]
        yield "a country's other name", text.replace(bare, other, 1)
    untitled = re.sub(rf"\b{_TITLES}\s+(?={re.escape(name)})", "", text)
    if untitled != text:
        yield "without its title", untitled
    words = name.split()
    if 2 <= len(words) <= 3 and is_person(words) and _ASKS_FOR_A_PERSON.search(asked):
        yield "the surname alone", text.replace(name, words[-1], 1)
        yield "initial and surname", text.replace(name, f"{words[0][0]}. {words[-1]}", 1)


def is_person(words: Sequence[str]) -> bool:
    return (
        all(
            word.replace(".", "").isalpha() and word[0].isupper() and word.lower() not in _NO_PERSON
            for word in words
        )
        and not words[-1].isupper()
    )


# Chains and trees


def measure_chains(
    index: BridgeIndex, chains: Sequence[dict[str, Any]], place: dict[str, int]
) -> dict[str, dict[str, float]]:
    """How many of three and four hops are found whole, by structure."""
    found: dict[str, list[bool]] = {}
    for chain in chains:
        steps = [place[each] for each in chain["steps"]]
        edges = frozenset((place[head], place[tail]) for head, tail in chain["edges"])
        if len(steps) > 2:
            is_path = len({head for head, _ in edges}) == len({tail for _, tail in edges})
            groups = (
                paths(index, steps[0], len(edges))
                if is_path
                else trees(index, steps[-1], len(edges))
            )
            found.setdefault(chain["structure"], []).append(edges in groups)
    return {
        name: {"chains": len(each), "whole": share(each)} for name, each in sorted(found.items())
    }


def paths(index: BridgeIndex, start: int, length: int) -> list[frozenset[Pair]]:
    """The best chains of so many bridges from a question."""
    beam: list[tuple[float, tuple[int, ...]]] = [(1.0, (start,))]
    for _ in range(length):
        longer = [
            (score * bridge.score, (*steps, bridge.tail))
            for score, steps in beam
            for bridge in index.tails_of(steps[-1], _BEAM)
            if bridge.tail not in steps
        ]
        beam = heapq.nlargest(_BEAM, longer)
    return [frozenset(pairwise(steps)) for _, steps in beam[:_GROUPS]]


def trees(index: BridgeIndex, end: int, edges: int) -> list[frozenset[Pair]]:
    """The best trees with two questions that lead to the last, and perhaps one to one of those."""
    beam = [
        (one.score * other.score, frozenset([(one.head, end), (other.head, end)]))
        for one, other in combinations(index.heads_of(end, _BEAM), 2)
        if one.head != other.head and (one.end <= other.start or other.end <= one.start)
    ]
    if edges > 2:
        beam = [
            (score * bridge.score, tree | {(bridge.head, head)})
            for score, tree in heapq.nlargest(_BEAM, beam, key=by_score)
            for head, _ in sorted(tree)
            for bridge in index.heads_of(head, _BEAM)
            if bridge.head != end
        ]
    return [tree for _, tree in heapq.nlargest(_GROUPS, beam, key=by_score)]


def by_score(found: tuple[float, frozenset[Pair]]) -> tuple[float, list[Pair]]:
    return found[0], sorted(found[1])


# Scale


def measure_scale(sizes: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for size in sizes:
        command = [sys.executable, __file__, ".", "--one-size", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found[str(size)] = json.loads(done.stdout.splitlines()[-1])
        print(size, found[str(size)])
    first, last = (found[str(each)]["cpu_s"] for each in (min(sizes), max(sizes)))
    return {**found, "ratio": round(last / first, 2)}


def time_index(size: int) -> dict[str, float]:
    """What it takes to index made-up questions and to take the tails of each."""
    questions = made_up(size)
    before = peak_mib()
    began, began_wall = time.process_time(), time.perf_counter()
    index = BridgeIndex(questions)
    built = time.process_time()
    bridges = sum(len(index.tails_of(head, _TAILS)) for head in range(size))
    return {
        "build_cpu_s": round(built - began, 2),
        "cpu_s": round(time.process_time() - began, 2),
        "wall_s": round(time.perf_counter() - began_wall, 2),
        "bridges": bridges,
        "before_rss_mib": before,
        "peak_rss_mib": peak_mib(),
    }


def peak_mib() -> int:
    """The most memory of this process alone; what getrusage tells is its parent's at first."""
    status = Path("/proc/self/status").read_text()
    return round(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)


def made_up(size: int) -> list[SingleHop]:
    """Questions about people and towns, of whom few are named often and most seldom."""
    rng = random.Random(11)
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el")]
    words = ["".join(rng.choices(syllables, k=3)).capitalize() for _ in range(size // 4)]
    names = [f"{rng.choice(words)} {rng.choice(words)}" for _ in range(size // 3)]
    weights = [1 / rank for rank in range(1, len(names) + 1)]
    drawn = iter(rng.choices(names, weights, k=2 * size))
    asks = ("Who taught", "Who was the mother of", "Where did", "What did the rival of")
    return [
        single_hop(
            f"s{at}",
            f"{rng.choice(asks)} {next(drawn)} {rng.choice(words).lower()} in the end?",
            next(drawn),
            f"document {at % (size // 2)}",
            f"{rng.choice(words)} met {rng.choice(words)} and stayed.",
        )
        for at in range(size)
    ]


# Data


class Kept(dict[str, Any]):
    """A memo for as long as the process lives."""

    def put(self, key: str, value: Any) -> None:
        self[key] = value


def read_pool(data: Path) -> list[SingleHop]:
    return [
        single_hop(
            row["id"],
            row["question"],
            row["answer"],
            row["document_title"],
            sentence_with(row["answer"], row["paragraph"]),
        )
        for row in read_rows(data / "musique_single_hop_pool.jsonl.gz")
    ]


def read_chains(data: Path) -> list[dict[str, Any]]:
    return list(read_rows(data / "musique_gold_chains.jsonl.gz"))


def read_squad(data: Path) -> list[SingleHop]:
    return [
        single_hop(
            asked["id"],
            asked["question"],
            asked["answers"][0],
            article["title"],
            sentence_with(asked["answers"][0], paragraph["text"]),
        )
        for article in read_rows(data / "squad_sample.jsonl.gz")
        for paragraph in article["paragraphs"]
        for asked in paragraph["qas"]
        if not asked["is_impossible"]
    ]


def single_hop(id: str, question: str, answer: str, title: str, quote: str) -> SingleHop:
    return SingleHop(
        id=id,
        question=question,
        answer=answer,
        evidence=(Span(chunk_id=title, start=0, end=len(quote)),),
        quote=quote,
        subject="",
        relation="",
        kind=AnswerKind.OTHER,
        document_id=title,
        license="CC BY 4.0",
        language="en",
        split=Split.TRAIN,
    )


def sentence_with(answer: str, paragraph: str) -> str:
    """The sentence that states an answer, or all of the paragraph."""
    sentences = _SENTENCE.split(paragraph)
    return next((each for each in sentences if answer.lower() in each.lower()), paragraph)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") as file:
        for line in file:
            row = json.loads(line)
            row.pop("source_id", None)  # gives the pairs away
            yield row


def share(found: Iterable[bool]) -> float:
    each = list(found)
    return round(sum(each) / len(each), 4)


if __name__ == "__main__":
    main()
