"""A build from an empty store on real documents, and the same build again.

    python benchmarks/first_build.py [CORPUS.jsonl.gz] [--keep FOLDER]

Without an argument it takes `musique_paragraphs.jsonl.gz` from the folder in LONGHOP_DATA, or
beside the checkout; where that is absent it builds from the demo's corpus and says so. The
rehearsal model plays the model. The last line is one JSON object; `peak_rss_mib` is that of the
largest process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from flows.demonstrating import rehearsal_process
from longhop.rehearsal.demo_corpus import write_demo_inputs
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles

HERE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LONGHOP_DATA", HERE.parent / "shared" / "data"))


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("corpus", nargs="?")
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps(measure(folder, find_corpus(given.corpus, folder))))


def find_corpus(given: str | None, folder: Path) -> Path:
    corpus = Path(given) if given else DATA / "musique_paragraphs.jsonl.gz"
    if corpus.is_file():
        return corpus.resolve()
    print(f"{corpus} is not here: building from the demo's corpus")
    write_demo_inputs(folder)
    return (folder / "corpus" / "almanac.jsonl").resolve()


def measure(folder: Path, corpus: Path) -> dict[str, object]:
    spec = folder / "spec.yaml"
    spec.write_text(
        f"name: first-build\ncorpus: {{paths: ['{corpus}']}}\n"
        "models: {default: {name: rehearsal-1}}\n"
    )
    environment = {
        **os.environ,
        "LONGHOP_STORE": str(folder / "store"),
        "PREFECT_HOME": str(folder / "prefect"),
    }
    with rehearsal_process() as url:
        environment["LONGHOP_BASE_URL"] = url
        wall = build(spec, environment)
        requests = asked(url)
        rerun_wall = build(spec, environment)
        rerun_requests = asked(url) - requests
    store = DatasetStore(LocalFiles(folder / "store"))
    manifest = store.resolve("first-build", "latest")
    assert manifest is not None
    return {
        "documents": next(each.taken for each in manifest.balances if each.stage == "read"),
        "examples": sum(manifest.rows.values()),
        "model_requests": requests,
        "wall_s": round(wall, 1),
        "peak_rss_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "rerun_wall_s": round(rerun_wall, 1),
        "rerun_model_requests": rerun_requests,
    }


def build(spec: Path, environment: dict[str, str]) -> float:
    began = time.monotonic()
    command = [sys.executable, "-m", "flows.command_line", "build", str(spec)]
    subprocess.run(command, env=environment, check=True, cwd=HERE)
    return time.monotonic() - began


def asked(url: str) -> int:
    with urllib.request.urlopen(url.removesuffix("/v1") + "/log") as answer:
        return int(json.load(answer)["requests"])


if __name__ == "__main__":
    main()
