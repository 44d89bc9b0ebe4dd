"""Linking at scale: what it takes to link 10,000 and 100,000 questions.

    python benchmarks/linking_scale.py [--sizes 10000 100000]

The questions are made up: of things of whom few are named often and most seldom, so that there are
hubs. Each size has a process of its own on one core. The last line is one JSON object: by size what
`time_linking` tells, and `ratio`, how many times as long the largest takes as the smallest.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from linking_recall import single_hop

from longhop.questions.bridging import BridgeIndex
from longhop.questions.linking import link_questions
from longhop.questions.linking.closeness import VectorCloseness
from longhop.records.questions import AnswerKind, SingleHop
from longhop.selection.vectors import to_steps
from longhop.spec.sections import Questions

_TAILS = 10
# What is asked of the made-up things.
_RELATIONS = {
    AnswerKind.PERSON: "father, mother, teacher, rival, spouse, composer, director, founder, editor"
    ", successor, owner, architect",
    AnswerKind.PLACE: "place of birth, place of death, home town, seat, country, burial place"
    ", county",
    AnswerKind.ORGANISATION: "employer, club, publisher, university, party",
    AnswerKind.WORK: "first book, best-known song, last play",
    AnswerKind.DATE: "date of birth, date of death, year of foundation, publication date"
    ", date of the wedding",
    AnswerKind.NUMBER: "population, length, area, number of members, annual budget",
    AnswerKind.OTHER: "field of work, instrument, nickname",
}
_MONTHS = ("January", "March", "May", "August", "October", "December")
_UNITS = ("", "people", "kilometres", "metres", "million")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--one-size", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    told = time_linking(options.one_size) if options.one_size else measure_scale(options.sizes)
    print(json.dumps(told))


def measure_scale(sizes: Sequence[int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    for size in sizes:
        command = [sys.executable, __file__, "--one-size", str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=alone)
        found[str(size)] = json.loads(done.stdout.splitlines()[-1])
        print(size, found[str(size)])
    first, last = (found[str(each)] for each in (min(sizes), max(sizes)))
    timed = ("cpu_s", "link_seconds")
    return {**found, "ratio": {name: round(last[name] / first[name], 2) for name in timed}}


def time_linking(size: int) -> dict[str, Any]:
    """What it takes to link made-up questions, in seconds of CPU time.

    `build_cpu_s` for the index; `cpu_s` for that and ten tails of each question, of which there are
    `bridges`; `link_seconds` for all of `link_questions` with the plan that is the default:
    `proposed` groups, of which `rejected` fail the checks, and `groups` are taken. Vectors are
    random and short, so that embedding is no part of it. `peak_rss_mib` is after the tails,
    `link_peak_rss_mib` in the end, `before_rss_mib` before the index.
    """
    questions = made_up(size)
    before, began = peak_mib(), time.process_time()
    index = BridgeIndex(questions)
    built = time.process_time()
    bridges = sum(len(index.tails_of(head, _TAILS)) for head in range(size))
    tailed, peak = time.process_time(), peak_mib()
    linked = link_questions(questions, random_closeness(size), index, Questions(), dataset="scale")
    return {
        "build_cpu_s": round(built - began, 2),
        "cpu_s": round(tailed - began, 2),
        "link_seconds": round(time.process_time() - tailed, 2),
        "bridges": bridges,
        "proposed": linked.proposed,
        "rejected": len(linked.rejected),
        "groups": dict(sorted(Counter(str(each.composition) for each in linked.groups).items())),
        "before_rss_mib": before,
        "peak_rss_mib": peak,
        "link_peak_rss_mib": peak_mib(),
    }


def random_closeness(size: int) -> VectorCloseness:
    return VectorCloseness(to_steps(np.random.default_rng(11).normal(size=(size, 8))))


def peak_mib() -> int:
    """The most memory of this process alone; what getrusage tells is its parent's at first."""
    status = Path("/proc/self/status").read_text()
    return round(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024)


def made_up(size: int) -> list[SingleHop]:
    """Questions of things, of whom few are named often and most seldom.

    Each thing has a document of its own, of which the same is asked once.
    """
    rng = random.Random(11)
    names = made_up_names(rng, size // 3)
    weights = list(accumulate(1 / rank for rank in range(1, len(names) + 1)))
    drawn = partial(draw, rng, names, weights)
    relations = [(kind, name) for kind, listed in _RELATIONS.items() for name in listed.split(", ")]
    asked: dict[tuple[str, str], SingleHop] = {}
    while len(asked) < size:
        kind, relation = rng.choice(relations)
        subject = drawn()
        if (subject, relation) not in asked:
            answer = made_up_answer(rng, kind, drawn)
            beside = f", known from {drawn()}," if rng.random() < 0.3 else ""
            asked[subject, relation] = single_hop(
                f"s{len(asked)}",
                f"What is the {relation} of {subject}{beside} as it is told?",
                answer,
                f"about {subject}",
                f"{subject}, {relation} {answer}, met {drawn()}.",
                part=len(asked),
            ).model_copy(
                update={
                    "subject": subject,
                    "subject_kind": "thing",
                    "relation": relation,
                    "kind": kind,
                }
            )
    return list(asked.values())


def made_up_names(rng: random.Random, count: int) -> list[str]:
    syllables = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "el")]
    words = ["".join(rng.choices(syllables, k=3)).capitalize() for _ in range(count)]
    return [f"{rng.choice(words)} {rng.choice(words)}" for _ in range(count)]


def draw(rng: random.Random, names: Sequence[str], weights: Sequence[float]) -> str:
    return rng.choices(names, cum_weights=weights)[0]


def made_up_answer(rng: random.Random, kind: AnswerKind, drawn: Callable[[], str]) -> str:
    if kind is AnswerKind.DATE:
        day = f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} " if rng.random() < 0.6 else ""
        return f"{day}{rng.randint(1500, 2020)}"
    if kind is AnswerKind.NUMBER:
        return f"{round(rng.lognormvariate(7, 2)) + 1:,} {rng.choice(_UNITS)}".strip()
    return drawn()


if __name__ == "__main__":
    main()
