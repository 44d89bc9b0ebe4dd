"""Linking: how many of the pairs that people composed are found, and how many found are such pairs.

    python benchmarks/linking_recall.py path/to/data

The folder holds the single-hop questions of MuSiQue's development set
(`musique_single_hop_pool.jsonl.gz`), which of them make up its multi-hop questions
(`musique_gold_chains.jsonl.gz`), SQuAD's questions (`squad_sample.jsonl.gz`) and multi-hop
questions of 2WikiMultihopQA with their evidence (`twowiki_sample.jsonl.gz`). A pair is right where
the answer of its first question is the entity of the second in a multi-hop question; others may do
as well and count as wrong. Conditions:

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

and further

- rewritings: how many names were rewritten how
- chains: by structure, and over all of three and four hops, how many there are (`chains`) and the
  share of which the group is among those that are proposed for merging (`whole`): the same
  questions, linked in the same way; `proposed`: how many groups of so many hops are proposed
- comparisons: questions made of the evidence of 2WikiMultihopQA, of which pairs are right that one
  of its questions compares; see `measure_comparisons`
"""

import argparse
import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from longhop.identity import keyed_rng
from longhop.questions.bridging import BridgeIndex
from longhop.questions.linking.bridges import BridgeTrees, Tree, find_heads
from longhop.questions.linking.closeness import VectorCloseness, nearest
from longhop.questions.linking.comparisons import find_pairs
from longhop.records.corpus import Span, Split
from longhop.records.questions import AnswerKind, SingleHop
from longhop.rehearsal import kinds
from longhop.selection.embedding import PACKAGED, SentenceEmbedder
from longhop.selection.vectors import similarities
from longhop.values import comparable_value

Pair = tuple[int, int]

_DEPTHS = (1, 5, 20)
_PARTNER_DEPTHS = (1, 3, 5, 20)
_PARTNERS = 3  # neighbours of a question that the product weighs it against
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
_IS_A_PERSON = re.compile(
    r"director|father|mother|performer|composer|spouse|sibling|child|founded by|author|producer"
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
    options = parser.parse_args()
    if not (options.data / "musique_single_hop_pool.jsonl.gz").is_file():
        sys.exit(f"{options.data} does not hold musique_single_hop_pool.jsonl.gz")
    embedder = SentenceEmbedder(PACKAGED, Kept())
    found = measure_linking(options.data, embedder)
    found["comparisons"] = measure_comparisons(options.data, embedder)
    print("comparisons", json.dumps(found["comparisons"]))
    print(json.dumps(found))


# Pairs


def measure_linking(data: Path, embedder: SentenceEmbedder) -> dict[str, Any]:
    pool, chains = read_pool(data), read_chains(data)
    place = {each.id: at for at, each in enumerate(pool)}
    right = {(place[head], place[tail]) for chain in chains for head, tail in chain["edges"]}
    rewritten, kinds = rewrite(pool, right)
    found: dict[str, Any] = {}
    conditions = {"plain": pool, "noise": [*pool, *read_squad(data)], "rewritten": rewritten}
    for condition, questions in conditions.items():
        vectors = embedder.embed(texts_of(questions))
        found[condition] = {
            name: measure(score, right, len(pool), tie_breaks(questions, len(pool)))
            for name, score in scores(questions, vectors, len(pool))
        }
        print(condition, json.dumps(found[condition]))
        if condition == "plain":
            found["chains"] = measure_chains(questions, vectors, chains, place)
            print("chains", json.dumps(found["chains"]))
    return {**found, "right_pairs": len(right), "rewritings": kinds}


def texts_of(questions: Sequence[SingleHop]) -> list[str]:
    """What of each question is embedded, as the product does it."""
    return [f"{each.question}\n{each.answer}" for each in questions]


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
        [[pair_hash(head, tail) for tail in questions] for head in questions[:heads]],
        np.uint64,
    )


def pair_hash(head: SingleHop, tail: SingleHop) -> int:
    return xxhash.xxh3_64_intdigest(f"{head.id}|{tail.id}".encode())


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
    pool: Sequence[SingleHop],
    vectors: Any,
    chains: Sequence[dict[str, Any]],
    place: dict[str, int],
) -> dict[str, Any]:
    """How many of the groups that people composed are proposed as they are, by structure."""
    index = BridgeIndex(pool, vectors)
    grown = BridgeTrees(pool, index, find_heads(pool, index))
    groups = {hops: {edges_of(tree) for tree in grown.trees(hops)} for hops in (2, 3, 4)}
    found: dict[str, list[bool]] = defaultdict(list)
    for chain in chains:
        edges = frozenset((place[head], place[tail]) for head, tail in chain["edges"])
        found[chain["structure"]].append(edges in groups[len(chain["steps"])])
    longer = [each for name, wholes in found.items() if name != "2hop" for each in wholes]
    return {
        **{name: counted(wholes) for name, wholes in sorted(found.items())},
        "all_3_and_4": counted(longer),
        "proposed": {str(hops): len(each) for hops, each in groups.items()},
    }


def edges_of(tree: Tree) -> frozenset[Pair]:
    return frozenset((each.head, each.tail) for each in tree.bridges)


def counted(wholes: Sequence[bool]) -> dict[str, float]:
    return {"chains": len(wholes), "whole": share(wholes)}


# Comparisons


def measure_comparisons(data: Path, embedder: SentenceEmbedder) -> dict[str, Any]:
    """How near to each other the two things are that a question of 2WikiMultihopQA compares.

    Each triple of its evidence makes a question; the pool is that of all questions of the file. A
    pair is right where a question compares the two (in `of_comparison` alone, in
    `of_bridge_comparison` after finding what they are of), and counts where it can be weighed at
    all; `not_weighed` says how many cannot, and why. The candidates of a question are the others
    of its relation and kind, on the mean `candidates`.

    - recall_at_1, _3, _5, _20: right partners among the first so many of either question, by
      `random` (a keyed hash), by `longhop` (its closeness), and by `chance` (what a hash would
      give on the mean of all hashes)
    - accepted: right pairs that can be compared by the rules, however far apart they are
    - proposed: right pairs that `find_pairs` proposes, where each question has three partners, and
      what share that would be by chance
    """
    rows = list(read_rows(data / "twowiki_sample.jsonl.gz"))
    pool = read_triples(rows)
    place = {each.id: at for at, each in enumerate(pool)}
    closeness = VectorCloseness(embedder.embed(texts_of(pool)))
    proposed = set(find_pairs(pool, closeness, low=0.0, high=1.0))
    sound = set(find_pairs(pool, closeness, low=0.0, high=1.0, partners=len(pool)))
    found: dict[str, Any] = {"questions": len(pool), "pairs_proposed": len(proposed)}
    for kind in ("comparison", "bridge_comparison"):
        pairs = [pair for row in rows if row["type"] == kind for pair in compared(row, place)]
        doubts = [why_not_weighed(pool[one], pool[other]) for one, other in pairs]
        right = [pair for pair, doubt in zip(pairs, doubts, strict=True) if not doubt]
        found[f"of_{kind}"] = {
            "right_pairs": len(right),
            "not_weighed": dict(sorted(Counter(filter(None, doubts)).items())),
            **measure_partners(pool, right, closeness, proposed),
            "accepted": share(bool({pair, pair[::-1]} & sound) for pair in right),
        }
    return found


def measure_partners(
    pool: Sequence[SingleHop],
    right: Sequence[Pair],
    closeness: VectorCloseness,
    proposed: set[Pair],
) -> dict[str, Any]:
    """Where the right partner of each question is among those of its relation."""
    places: dict[str, list[int]] = defaultdict(list)
    counts = []
    for one, other in [*right, *(pair[::-1] for pair in right)]:
        others = partners_of(pool, one)
        counts.append(len(others))
        for name, order in partner_orders(pool, one, others, closeness):
            places[name].append(order.index(other) + 1)
    ways = {name: recalls(found) for name, found in places.items()}
    ways["chance"] = {
        f"recall_at_{depth}": mean(min(1.0, depth / count) for count in counts)
        for depth in _PARTNER_DEPTHS
    }
    by_chance = (1 - (1 - min(1.0, _PARTNERS / each)) ** 2 for each in counts)
    is_proposed = ({pair, pair[::-1]} & proposed for pair in right)
    return {
        "candidates": mean(counts),
        **ways,
        "proposed": {"longhop": share(map(bool, is_proposed)), "chance": mean(by_chance)},
    }


def partners_of(pool: Sequence[SingleHop], place: int) -> list[int]:
    """The others of which the same is asked."""
    sought = pool[place]
    return [
        at
        for at, each in enumerate(pool)
        if at != place and (each.relation, each.kind) == (sought.relation, sought.kind)
    ]


def partner_orders(
    pool: Sequence[SingleHop], place: int, others: Sequence[int], closeness: VectorCloseness
) -> Iterator[tuple[str, list[int]]]:
    """The partners of a question by a hash and by the product's closeness, the nearest first."""
    keys = {each: pair_hash(pool[place], pool[each]) for each in others}
    yield "random", sorted(others, key=keys.__getitem__)
    ids = [each.id for each in pool]
    found = nearest(closeness, [place, *others], ids, most=len(others))
    yield "longhop", [other for one, other, _ in found if one == place]


def recalls(places: Sequence[int]) -> dict[str, float]:
    return {f"recall_at_{d}": share(place <= d for place in places) for d in _PARTNER_DEPTHS}


def compared(row: dict[str, Any], place: dict[str, int]) -> Iterator[Pair]:
    """The two triples that a question weighs: the last two of which the same is asked."""
    *_, first, last = row["evidences"]
    if first["relation"] == last["relation"]:
        yield place[triple_id(first)], place[triple_id(last)]


def why_not_weighed(one: SingleHop, other: SingleHop) -> str:
    """Why nothing orders two answers; empty where something does."""
    if one.kind not in (AnswerKind.DATE, AnswerKind.NUMBER):
        return f"{one.relation} is no date or number"
    values = [
        comparable_value(each.answer, is_date=each.kind is AnswerKind.DATE) for each in (one, other)
    ]
    if None in values:
        return "not read as a date or number"
    first, second = (value[0][: 1 if one.kind is AnswerKind.DATE else None] for value in values)
    return "the same year or number" if first == second else ""


def read_triples(rows: Sequence[dict[str, Any]]) -> list[SingleHop]:
    """A question for each triple, of the document that is named like its subject.

    What sort of thing the subject is, is what the rehearsal model reads in that document.
    """
    triples = {triple_id(each): each for row in rows for each in row["evidences"]}
    texts = {
        each["title"]: " ".join(each["sentences"]) for row in rows for each in row["paragraphs"]
    }
    return [
        single_hop(
            name,
            f"What is the {each['relation']} of {each['subject']}?",
            each["object"],
            each["subject"],
            f"{each['subject']}: {each['relation']} {each['object']}",
        ).model_copy(
            update={
                "subject": each["subject"],
                "subject_kind": sort_of(each["relation"], each["subject"], texts),
                "relation": each["relation"],
                "kind": kind_of(each["relation"], each["object"]),
            }
        )
        for name, each in triples.items()
    ]


def triple_id(triple: dict[str, str]) -> str:
    return "|".join((triple["subject"], triple["relation"], triple["object"]))


def sort_of(relation: str, subject: str, texts: dict[str, str]) -> str:
    text = texts.get(subject, "")
    short = re.sub(r" \([^()]*\)$", "", subject)
    return kinds.kind_of(relation, subject, text, "en") or kinds.kind_of(
        relation, short, text, "en"
    )


def kind_of(relation: str, answer: str) -> AnswerKind:
    """What an answer is, as far as its relation and its form tell."""
    if "date" in relation.split():
        return AnswerKind.DATE
    if re.fullmatch(r"[\d.,]+", answer):
        return AnswerKind.NUMBER
    if {"country", "place"} & set(relation.split()):
        return AnswerKind.PLACE
    if _IS_A_PERSON.fullmatch(relation):
        return AnswerKind.PERSON
    return AnswerKind.OTHER


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


def single_hop(
    id: str, question: str, answer: str, title: str, quote: str, part: int = 0
) -> SingleHop:
    return SingleHop(
        id=id,
        question=question,
        answer=answer,
        evidence=(Span(chunk_id=f"{title}#{part}", start=0, end=len(quote)),),
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
    return mean(map(float, found))


def mean(found: Iterable[float]) -> float:
    each = list(found)
    return round(sum(each) / len(each), 4)


if __name__ == "__main__":
    main()
