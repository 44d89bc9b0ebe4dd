"""`longhop demo`: the main job on embedded texts, with nothing but this package."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.running import build_and_tell, console
from flows.stopping import end_with_us
from longhop.errors import ConfigError
from longhop.rehearsal import MODEL
from longhop.rehearsal.demo_corpus import write_demo_inputs
from longhop.spec import DatasetSpec
from longhop.spec.loading import parse_spec


def run_demo(folder: Path, model: str | None) -> None:
    """Write the demo's inputs and build its dataset, from the memo if it was built before."""
    write_demo_inputs(folder)
    os.environ.setdefault("LONGHOP_STORE", str(folder / "store"))
    os.environ.setdefault("PREFECT_HOME", str((folder / "prefect").absolute()))
    if model is not None:
        if not (os.environ.get("OPENAI_API_KEY") or os.environ.get("LONGHOP_API_KEY")):
            raise ConfigError(f"model {model!r} needs OPENAI_API_KEY (and OPENAI_BASE_URL)")
        build_and_tell(demo_spec(folder, model), "latest")
        return
    with rehearsal_process() as url:
        os.environ["LONGHOP_BASE_URL"] = url
        build_and_tell(demo_spec(folder, MODEL), "latest")
        with urllib.request.urlopen(url.removesuffix("/v1") + "/log") as answer:
            log = json.load(answer)
        console.print(f"rehearsal server's own log: {log['requests']} model requests")


def demo_spec(folder: Path, model: str) -> DatasetSpec:
    """The demo's dataset: small contexts, all documents, every method."""
    return parse_spec(
        {
            "name": "almanac-demo",
            "corpus": {"paths": [str(folder / "corpus")], "license": "Apache-2.0"},
            "cleaning": {
                "licenses": ["Apache-2.0", "PSF-2.0"],
                "languages": ["en", "zh"],
                "max_characters": 80_000,
                "personal_data": "reject",
            },
            "models": {"default": {"name": model}},
            "decontamination": {"benchmarks": [str(folder / "benchmark.jsonl")]},
            "splits": {"train": 0.8, "validation": 0.1, "test": 0.1},
            "chunking": {"tokens": 192},
            "selection": {
                "documents": 90,
                "reference": str(folder / "reference.jsonl"),
            },
            "questions": {"groups": 240, "reuse": 6},
            "verification": {"distractor_probes": 0.5, "audit": 30},
            "contexts": {"tokens": [512, 2048, 4096]},
            "seeds": {"path": str(folder / "seeds.jsonl")},
        },
        origin="demo spec",
    )


@contextmanager
def rehearsal_process() -> Iterator[str]:
    """The rehearsal server in a process of its own, on a free port; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.command_line", "rehearse", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
    )
    end_with_us(process)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if "http" not in line:
            raise ConfigError("the rehearsal server did not start")
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait(timeout=10)
