"""The template composer on questions that people took apart: does it hide, answer and rest rightly.

    python benchmarks/template_composer.py path/to/data

The folder holds multi-hop questions of MuSiQue with their steps: `musique_dev_sample.jsonl.gz` and
`musique_train_full_sample.jsonl.gz`. Each step becomes a single-hop question (its question filled
in, its answer, its paragraph as the chunk), each dependency a link whose mention is what stands
where the step's template has "#n". Of these the composer makes one question again.

The last line is one JSON object, by structure and over `all`:

- questions: how many were composed
- bridge_leaks: those that name an answer which a later step asks about, or what stands for it there
- unmerged_leaks: the same of the steps' questions put one behind the other, which is what the
  measure finds where nothing is hidden
- gold_answer: the share of which the composed answer is the given one, or another name of it
- evidence: the share of which the chunks of the hops are the paragraphs that are marked as support

and `turned_away`, how many the product's own check turns away, by reason: it also knows a name by a
part of it, and looks at the evidence. Before it, each question that misses something or is turned
away has a line with its id, what is wrong and why. A name may stand in the own words of a step,
where the step does not ask about it: whoever took the question apart left it there, and no composer
that keeps the words of a step can hide it.

A leak is judged without the product's own code: the words of a name, in a row and whole, without
case, accents, articles, signs and the s of possessives.
"""

import argparse
import gzip
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longhop.questions.templates import compose_question
from longhop.records.corpus import Span, Split
from longhop.records.questions import AnswerKind, Composition, HopLink, SingleHop
from longhop.verification.checks import check_merged

Row = dict[str, Any]

_FILES = ("musique_dev_sample.jsonl.gz", "musique_train_full_sample.jsonl.gz")
_SLOT = re.compile(r"#(\d+)")
_RELATION = re.compile(r"(?P<subject>.*?)\s*>>\s*(?P<relation>.*)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ARTICLES = frozenset(("a", "an", "the"))


@dataclass
class Judged:
    """What one composed question misses, if anything: each with its cause."""

    leaks: list[str]
    leaks_unmerged: bool
    answer: str
    evidence: str
    turned_away: tuple[str, str]

    def misses(self) -> Iterator[str]:
        yield from self.leaks
        yield from filter(None, (self.answer, self.evidence))
        if any(self.turned_away):
            yield "turned away: {}, {}".format(*self.turned_away)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    data = parser.parse_args().data
    if missing := [name for name in _FILES if not (data / name).is_file()]:
        sys.exit(f"{data} does not hold {missing[0]}")
    found: dict[str, list[Judged]] = defaultdict(list)
    for row in (row for name in _FILES for row in read_rows(data / name)):
        judged = judge(row)
        found[row["structure"]].append(judged)
        for miss in judged.misses():
            print(f"{row['id']}: {miss}")
    everything = [each for judged in found.values() for each in judged]
    reasons = Counter(each.turned_away[0] for each in everything if any(each.turned_away))
    sums = {name: counted(judged) for name, judged in sorted(found.items())}
    print(json.dumps({**sums, "all": counted(everything), "turned_away": reasons}))


def counted(judged: Sequence[Judged]) -> dict[str, float]:
    return {
        "questions": len(judged),
        "bridge_leaks": sum(bool(each.leaks) for each in judged),
        "unmerged_leaks": sum(each.leaks_unmerged for each in judged),
        "gold_answer": share(not each.answer for each in judged),
        "evidence": share(not each.evidence for each in judged),
    }


# Judging


def judge(row: Row) -> Judged:
    """What the question that is composed of a row's steps misses."""
    hops, links = hops_of(row), links_of(row)
    question, answer = compose_question(Composition.BRIDGE, hops, links)
    finding = check_merged(question, answer, Composition.BRIDGE, hops, links)
    unmerged = " ".join(hop.question for hop in hops)
    return Judged(
        leaks=list(leaks(question, hops, links)),
        leaks_unmerged=any(leaks(unmerged, hops, links)),
        answer=answer_missed(answer, row),
        evidence=evidence_missed(hops, row),
        turned_away=(str(finding[0]), finding[1]) if finding else ("", ""),
    )


def leaks(question: str, hops: Sequence[SingleHop], links: Sequence[HopLink]) -> Iterator[str]:
    """The names that a question says although it should describe them, and where they come from."""
    names = {name: link.head for link in links for name in (hops[link.head].answer, link.mention)}
    for name, head in names.items():
        if names_it(question, name):
            told = [
                at + 1 for at, text in enumerate(own_words(hops, links)) if names_it(text, name)
            ]
            cause = f"the own words of step {told[0]}" if told else "the composer"
            yield f"names {name!r}, the answer of step {head + 1}, by {cause}: {question}"


def own_words(hops: Sequence[SingleHop], links: Sequence[HopLink]) -> list[str]:
    """The questions without what they ask about, as it stands in them; a bar holds its place."""
    texts = [hop.question for hop in hops]
    for link in links:
        pattern = rf"(?<!\w){re.escape(link.mention)}(?!\w)"
        texts[link.tail] = re.sub(pattern, " | ", texts[link.tail])
    return texts


def names_it(text: str, name: str) -> bool:
    """Whether the words of a name stand in a text, whole and in a row."""
    wanted, said = plain_words(name), plain_words(text)
    return bool(wanted) and f" {' '.join(wanted)} " in f" {' '.join(said)} "


def plain_words(text: str) -> list[str]:
    """The words of a text without case, accents, articles, signs and the s of possessives."""
    spelt = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each for each in spelt if not unicodedata.combining(each))
    words = re.findall(r"\w+|\|", re.sub(r"['’]s\b", "", bare))
    return [word for word in words if word not in _ARTICLES]


def answer_missed(answer: str, row: Row) -> str:
    accepted = (row["answer"], *row["answer_aliases"])
    return "" if answer in accepted else f"answers {answer!r} instead of {row['answer']!r}"


def evidence_missed(hops: Sequence[SingleHop], row: Row) -> str:
    rests_on = {span.chunk_id for hop in hops for span in hop.evidence}
    marked = {chunk_id(row, each["idx"]) for each in row["paragraphs"] if each["is_supporting"]}
    if rests_on == marked:
        return ""
    return f"rests on {sorted(rests_on)}, while {sorted(marked)} are marked as support"


# Data


def hops_of(row: Row) -> list[SingleHop]:
    texts = {each["idx"]: each["text"] for each in row["paragraphs"]}
    return [hop_of(row, step, texts[step["paragraph_idx"]]) for step in row["decomposition"]]


def hop_of(row: Row, step: Row, paragraph: str) -> SingleHop:
    quote = sentence_with(step["answer"], paragraph)
    start, chunk = paragraph.index(quote), chunk_id(row, step["paragraph_idx"])
    return SingleHop(
        id=f"{row['id']}/{step['step']}",
        question=step["question"],
        answer=step["answer"],
        evidence=(Span(chunk_id=chunk, start=start, end=start + len(quote)),),
        quote=quote,
        subject="",
        relation="",
        kind=AnswerKind.OTHER,
        document_id=step["document_title"],
        license="CC BY 4.0",
        language="en",
        split=Split.TRAIN,
        aliases=tuple(row["answer_aliases"]) if step is row["decomposition"][-1] else (),
    )


def chunk_id(row: Row, paragraph: int) -> str:
    return f"{row['id']}#{paragraph}"


def links_of(row: Row) -> list[HopLink]:
    """A link for each place of a template where the answer of another step stands."""
    answers = {step["step"]: step["answer"] for step in row["decomposition"]}
    return [
        HopLink(head=number - 1, tail=step["step"] - 1, mention=step["question"][start:end])
        for step in row["decomposition"]
        for number, start, end in slots(step, answers)
    ]


def slots(step: Row, answers: dict[int, str]) -> Iterator[tuple[int, int, int]]:
    """Where the answers of other steps stand in a question: (step, start, end).

    A template and its question must be the same but for them, and tell of the same steps.
    """
    template = in_words(step["question_template"])
    filled, rest, found = "", 0, []
    for slot in _SLOT.finditer(template):
        number = int(slot.group(1))
        filled += template[rest : slot.start()]
        found.append((number, len(filled), len(filled) + len(answers[number])))
        filled += answers[number]
        rest = slot.end()
    numbers = {number for number, _, _ in found}
    if filled + template[rest:] != step["question"] or numbers != set(step["depends_on"]):
        raise ValueError(f"{template!r} does not make {step['question']!r}")
    yield from found


def in_words(template: str) -> str:
    """A template in words, where it is a subject and a relation."""
    parts = _RELATION.fullmatch(template)
    return f"What is the {parts['relation']} of {parts['subject']}?" if parts else template


def sentence_with(answer: str, paragraph: str) -> str:
    """The sentence that states an answer, or all of the paragraph."""
    sentences = _SENTENCE.split(paragraph)
    return next((each for each in sentences if answer.lower() in each.lower()), paragraph)


def read_rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt") as file:
        yield from map(json.loads, file)


def share(found: Iterable[bool]) -> float:
    each = list(found)
    return round(sum(each) / len(each), 4)


if __name__ == "__main__":
    main()
