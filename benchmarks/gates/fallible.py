"""The whole way from documents to rows with a model that errs, and what each gate does for it.

The worlds have the rates of plain Self-Instruct, the judge calls 8 of 10 good rows good and 1 of 10
others, the solver fails with the evidence one time in 10 and guesses right without it 15 times in
100. The judge is one that counts a row as good only if it needs its hops: "every step is needed" is
among the criteria of its prompt. Merging and asking make the faults that checks are there for, 5 in
100 each. These rates were set before anything was measured.

The product is set up in one way: the judge is asked twice, its threshold is calibrated to a
precision of 0.85 on 1,000 labelled rows of another world, the solver is asked once for each probe,
a group is worded at most twice, a question stands in one group. The second of two answers to one
prompt has an error of its own, as if nothing of it lay in the question.

Truth is looked up for the labels of that other world, and in the end.
"""

import asyncio
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from gates.calibrated import calibrate
from gates.in_process import InProcess
from gates.meaning import compare_embedders
from gates.pipeline import GATES, PROMPTS, Built, Choices, build_rows, chunks_of
from gates.tokens import measure_cost
from gates.truth import Truth, measured, truths_of

from longhop.questions.asking import AskPlan, ask_chunks
from longhop.rehearsal.fallible import FallibleModel, Faults, Judge, Solver, World
from longhop.rehearsal.fallible.items import LENGTHS

ITEMS = 3000
LABELLED_WORLD, COMPARED_WORLD, FIRST_WORLD, ABLATED_WORLD = 1, 2, 1000, 2000
LABELLED, WANTED, FEWEST_ROWS = 1000, 0.85, 2000
_COMPARED = 250  # items whose questions are embedded by the packaged model, too


def measure_fallible(_data: Path) -> dict[str, Any]:
    """Worlds one after another until there are enough rows, and what these cost."""
    calls = InProcess(model_of(World(1)))
    built = Built()
    truths: list[Truth] = []
    seed = FIRST_WORLD
    while len(truths) < FEWEST_ROWS:
        world = World(ITEMS, seed=seed)
        model = InProcess(model_of(world), calls.calls, calls.kept)
        part = asyncio.run(build_rows(world, choices(), model))
        truths += truths_of(part.rows, world)
        built.documents += part.documents
        built.groups += part.groups
        built.rejected += part.rejected
        seed += 1
    return {
        **measured(truths),
        "worlds": seed - FIRST_WORLD,
        "documents": built.documents,
        "groups": built.groups,
        "yield": round(len(truths) / built.groups, 4),
        "thresholds": _thresholds(),
        "cost": measure_cost(calls, len(truths)),
        "rejected": dict(built.rejected.most_common()),
        "embedders": asyncio.run(_compare()),
    }


def measure_ablation(_data: Path) -> dict[str, Any]:
    """One world with all gates, and without each of them."""
    return {gate or "none": without(gate) for gate in ("", *GATES)}


def without(gate: str) -> dict[str, Any]:
    world = World(ITEMS, seed=ABLATED_WORLD)
    model = InProcess(model_of(world))
    chosen = replace(choices(), off=frozenset({gate}) - {""})
    built = asyncio.run(build_rows(world, chosen, model))
    found = measured(truths_of(built.rows, world))
    rows = len(built.rows)
    return {
        **found,
        "calls_per_row": round(model.calls.total() / rows, 2) if rows else None,
        "yield": round(rows / built.groups, 4),
        "rows_per_document": round(rows / built.documents, 4),
    }


@cache
def choices() -> Choices:
    """The one way in which the product is set up, its judge calibrated."""
    chosen = Choices(samples=2, probes=1, attempts=2)
    world = World(ITEMS, seed=LABELLED_WORLD)
    model = InProcess(model_of(world))
    found = asyncio.run(calibrate(world, model, chosen, rows=LABELLED, wanted=WANTED))
    return replace(chosen, calibration=found)


def model_of(world: World) -> FallibleModel:
    """The model with its rates, the same for each length of a document."""
    return FallibleModel(
        world,
        Judge(dict.fromkeys(LENGTHS, 0.8), dict.fromkeys(LENGTHS, 0.1), needs_hops=True),
        Solver(fails=0.1, guesses=0.15),
        Faults(names_bridge=0.05, names_answer=0.05, pronoun=0.05, ungrounded=0.05),
    )


def _thresholds() -> dict[str, float | None]:
    calibration = choices().calibration
    cells = calibration.cells if calibration else ()
    return {each.language: each.threshold for each in cells}


async def _compare() -> dict[str, object]:
    world = World(_COMPARED, seed=COMPARED_WORLD)
    plan = AskPlan(prompt=PROMPTS["ask"], find=PROMPTS["find"], limit=3)
    chunks = list(chunks_of(world).values())
    asked = await ask_chunks(chunks, plan, model=InProcess(model_of(world)))
    return compare_embedders(asked.questions, world)
