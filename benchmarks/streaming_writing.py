"""Memory and time of what seed pairs go through, from their table to the published version.

    python benchmarks/streaming_writing.py [--pairs 10000 100000] [--tokens 200]

Made-up pairs, one in fifty there in nearly the same words, one in a hundred without a name, one in
fifty of a question that others share. A model in the process writes each document in one request,
and finds the answer in it when it is shown it: but for one in a hundred. The stages run with their
receipts, without a Prefect server, as a flow runs them: gate, share, write, prove, check, clear
origins, compose (each document beside those of other pairs of its task), decontaminate, publish.

Each stage runs in a process of its own, so what it takes is its own. The last line is one JSON
object: the peak of resident memory by stage and size, and how much more the largest size takes than
the one before it, for each stage and at most.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streaming.world import ask, name, open_world, peak

from longhop.contexts.gating import GatePlan
from longhop.contexts.writing import WritePlan
from longhop.identity import keyed_rng
from longhop.operations.preparing import Preparation
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.model import Prompt
from longhop.records.replies import ShortAnswer, WrittenContext, WrittenSection
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.verification.proving import ProvePlan
from tasks.check_rows import check_rows
from tasks.compose_contexts import clear_origins, compose_contexts, decontaminate_rows
from tasks.gate_pairs import gate_pairs
from tasks.prove_questions import prove_questions
from tasks.publish_dataset import publish_dataset
from tasks.shares import AT_ONCE, share_out
from tasks.stage import Share, Stage, at_most
from tasks.versions import Made
from tasks.write_contexts import write_contexts

NAME = "streamed"
TASKS = 7
_TOLD = re.compile(r"The clock of ([^.]+) was repaired by ([^.]+)\.")


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, nargs="+", default=[10_000, 100_000])
    arguments.add_argument("--tokens", type=int, default=200, help="of a document")
    arguments.add_argument("--step", nargs=2, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        step, folder = given.step
        run(step, Path(folder), given.pairs[0], given.tokens)
        return
    found: dict[int, dict[str, dict[str, float]]] = {}
    for pairs in given.pairs:
        with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
            found[pairs] = {}
            for step in ("make", *STEPS):
                told = begin(step, folder, pairs, given.tokens)
                if told:
                    found[pairs][step] = told
                    print(json.dumps({"pairs": pairs, "stage": step, **told}), flush=True)
    sizes = list(found)
    rss = {step: {str(size): found[size][step]["peak_rss_mib"] for size in sizes} for step in STEPS}
    growth = {
        step: round(each[str(sizes[-1])] / each[str(sizes[-2])], 3)
        for step, each in rss.items()
        if len(sizes) > 1
    }
    seconds = {
        str(size): round(sum(each["seconds"] for each in found[size].values())) for size in sizes
    }
    rows = {str(size): found[size]["publish"]["rows"] for size in sizes}
    print(
        json.dumps(
            {
                "tokens": given.tokens,
                "rows": rows,
                "seconds": seconds,
                "peak_rss_mib": rss,
                "growth": growth,
                "most_growth": max(growth.values(), default=None),
            }
        )
    )


def begin(step: str, folder: str, pairs: int, tokens: int) -> dict[str, float]:
    """What a stage says of itself, run by another process."""
    command = [sys.executable, __file__, "--step", step, folder, "--pairs", str(pairs)]
    done = subprocess.run(
        [*command, "--tokens", str(tokens)], check=True, stdout=subprocess.PIPE, text=True
    )
    said = done.stdout.strip()
    return json.loads(said.splitlines()[-1]) if said else {}


def write_pairs(path: Path, count: int) -> None:
    """The table of pairs, and a list of one benchmark's items."""
    with path.open("w") as file:
        for number in range(count):
            place, person = name(number, of=1), name(number, of=2)
            question = f"Who repaired the clock of {place} after the storm?"
            if number % 50 == 7:
                place = name(number - 1, of=1)
                person = name(number - 1, of=2)
                question = f"Who repaired the clock of {place} after the storm then?"
            if number % 50 == 9:
                question = "Who repaired the Halden clock?"
            if number % 100 == 3:
                question = "Who sang?"
            task = f"t{number % TASKS}" if number % 100 != 3 else ""
            told = {"question": question, "answer": person, "task": task}
            file.write(json.dumps(told) + "\n")
    line = json.dumps({"question": "which item of a benchmark is never to be found in any of this"})
    path.with_name("benchmark.jsonl").write_text(line + "\n")


class ScriptedModel:
    """A model that writes a document around each answer, and reads what it is shown."""

    status = None

    def __init__(self, tokens: int) -> None:
        self._sentences = tokens // 13

    async def ask(
        self, prompt: Prompt, _language: str, values: Mapping[str, Any], _reply: type
    ) -> Any:
        await asyncio.sleep(0)
        if prompt.name == "context":
            return self._write(values["question"], values["answer"])
        texts = "\n".join(values.get("documents", ()))
        found = _TOLD.search(texts)
        if found is None or sum(texts.encode()) % 100 == 0:
            return ShortAnswer(rationale="", answerable=False, answer="")
        return ShortAnswer(rationale="", answerable=True, answer=found[2])

    def _write(self, question: str, answer: str) -> WrittenContext:
        asked = re.search(r"clock of (\w+ \w+)", question)
        place = asked[1] if asked else "Halden"
        rng = keyed_rng("filler", question, answer)
        told = f"The clock of {place} was repaired by {answer}."
        sentences = [self._filler(rng) for _ in range(self._sentences)]
        sentences[rng.randrange(len(sentences))] += f" {told}"
        half = len(sentences) // 2
        sections = tuple(
            WrittenSection(heading=head, text=" ".join(part))
            for head, part in (("Before", sentences[:half]), ("Later", sentences[half:]))
        )
        return WrittenContext(title=f"Notes on {place}", sections=sections, evidence=(told,))

    def _filler(self, rng: Any) -> str:
        number = rng.randrange(300_000)
        who, where = name(number, of=0), name(rng.randrange(300_000), of=3)
        return f"In {1500 + number % 400} {who} walked to {where}."


# The stages, each of which is given what those before it have made.


class Work:
    """The references that the stages hand on, kept beside the store."""

    def __init__(self, folder: Path, tokens: int) -> None:
        self.folder = folder
        self.made: dict[str, list[Artifact]] = {}
        self._path = folder / "made.json"
        if self._path.exists():
            told = json.loads(self._path.read_text())
            self.made = {key: [Artifact(**each) for each in parts] for key, parts in told.items()}
        self.balances = folder / "balances.json"
        self.benchmarks = {str(folder / "benchmark.jsonl"): ""}
        self.spec = DatasetSpec.model_validate(
            {
                "name": NAME,
                "models": {"default": {"name": "made-up"}},
                "seeds": {"path": str(folder / "pairs.jsonl"), "tokens": tokens},
                "contexts": {"tokens": [2 * tokens], "same_cluster": 0.0, "synthetic": 1.0},
            }
        )
        self.tokens = tokens

    async def all(self, stage: Stage, asked: list[dict[str, Any]]) -> list[Outcome]:
        """The outcomes of shares, as few of them at once as in a flow."""
        shares = [Share(f"{at}/{len(asked)}", each) for at, each in enumerate(asked, 1)]
        with at_most(AT_ONCE):
            return await stage.here(shares)

    def keep(self, **made: list[Artifact]) -> None:
        self.made |= made
        told = {key: [each.model_dump() for each in parts] for key, parts in self.made.items()}
        self._path.write_text(json.dumps(told))


async def gate(work: Work) -> int:
    (done,) = await work.all(
        gate_pairs,
        [
            {
                "path": str(work.folder / "pairs.jsonl"), "hashed": "", "license": "CC0-1.0",
                "plan": GatePlan(), "target": work.tokens, "in_tokens": True,
                "tokenizer": "tekken", "vocabulary": "", "benchmarks": work.benchmarks,
                "ngram": 13, "base": [],
            }
        ],
    )  # fmt: skip
    work.keep(seeds=[done["seeds"]], rejected=[done["rejected"]])
    return done["seeds"].rows


async def share(work: Work) -> int:
    (seeds,) = work.made["seeds"]
    (done,) = await work.all(share_out, [{"items": seeds, "first": 0, "last": seeds.rows}])
    work.keep(shares=list(done.artifacts.values()))
    return len(done.artifacts)


async def write(work: Work) -> int:
    plan = WritePlan(prompt=ask("context"), words=250, tokens=work.tokens, form="report")
    asked = {
        "plan": plan, "splits": work.spec.splits, "dataset": NAME, "tokenizer": "tekken",
        "vocabulary": "",
    }  # fmt: skip
    done = await work.all(
        write_contexts, [{"items": each, **asked} for each in work.made["shares"]]
    )
    names = {"kept": "candidates", "documents": "written", "chunks": "chunks", "origins": "origins"}
    work.keep(**{to: [each[key] for each in done] for key, to in names.items()})
    return sum(each["kept"].rows for each in done)


async def prove(work: Work) -> int:
    plan = ProvePlan(answer=ask("answer"), closed_book=ask("closed_book"), compare=ask("compare"))
    made = zip(work.made["candidates"], work.made["chunks"], strict=True)
    done = await work.all(
        prove_questions,
        [{"candidates": [rows], "chunks": [chunks], "plan": plan} for rows, chunks in made],
    )
    work.keep(proved=[each["kept"] for each in done])
    return sum(each["kept"].rows for each in done)


async def check(work: Work) -> int:
    asked = {"rows": work.made["proved"], "chunks": work.made["chunks"], "base": None}
    (done,) = await work.all(check_rows, [asked])
    work.keep(checked=[done["kept"]])
    return done["kept"].rows


async def clear(work: Work) -> int:
    asked = {key: work.made[key] for key in ("origins", "written")}
    (done,) = await work.all(clear_origins, [{**asked, "benchmarks": work.benchmarks, "ngram": 13}])
    work.keep(siblings=[done["origins"]])
    return done["origins"].rows


async def compose(work: Work) -> int:
    (done,) = await work.all(
        compose_contexts,
        [
            {
                "rows": work.made["checked"], "documents": work.made["written"],
                "chunks": work.made["chunks"], "memberships": [], "placements": None,
                "origins": work.made["siblings"], "plan": work.spec.contexts, "vocabulary": "",
                "dataset": NAME, "base": None,
            }
        ],
    )  # fmt: skip
    work.keep(rows=[done["rows"]], contexts=[done["contexts"]])
    return done["rows"].rows


async def decontaminate(work: Work) -> int:
    (rows,), (contexts,) = work.made["rows"], work.made["contexts"]
    (done,) = await work.all(
        decontaminate_rows,
        [
            {
                "rows": rows, "contexts": contexts, "written": work.made["written"],
                "benchmarks": work.benchmarks, "ngram": 13,
            }
        ],
    )  # fmt: skip
    work.keep(rows=[done["rows"]], contexts=[done["contexts"]])
    return done["rows"].rows


async def publish(work: Work) -> int:
    made = Made(
        balances=(), usage={}, sources=(), failed=(), cleaning={}, notes=(),
        artifacts={
            "rows": work.made["rows"][0],
            "contexts": work.made["contexts"][0],
            "siblings": work.made["siblings"][0],
        },
        documents=tuple(work.made["written"]),
        rejected=tuple(work.made["rejected"]),
    )  # fmt: skip
    start = Preparation(
        corpus={}, benchmarks={}, reference={}, seeds={}, prompts={}, weights="", vocabulary="",
        prices=None, base=None,
    )  # fmt: skip
    done = publish_dataset.fn(work.spec, start, made=made, kind="contexts")
    if not done.new:
        raise SystemExit(f"published nothing: {done}")
    return done.rows


STEPS = {
    "gate": gate,
    "share": share,
    "write": write,
    "prove": prove,
    "check": check,
    "clear": clear,
    "compose": compose,
    "decontaminate": decontaminate,
    "publish": publish,
}


def run(step: str, folder: Path, pairs: int, tokens: int) -> None:
    """One stage, or the making of its table."""
    if step == "make":
        write_pairs(folder / "pairs.jsonl", pairs)
        return
    start = time.monotonic()
    with entered(open_world(folder, ScriptedModel(tokens))):
        rows = asyncio.run(STEPS[step](Work(folder, tokens)))
    seconds = round(time.monotonic() - start, 1)
    print(json.dumps({"rows": rows, "peak_rss_mib": peak(), "seconds": seconds}))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
