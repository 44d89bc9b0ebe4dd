"""What Prefect adds to a build, and what a night costs that finds one document in a hundred new.

    python benchmarks/orchestration.py [CORPUS.jsonl.gz] [--database URL] [--latency SECONDS]

The corpus is a JSONL file with `id` and `text`; without one it takes `musique_paragraphs.jsonl.gz`
from the folder in LONGHOP_DATA, or beside the checkout. The rehearsal model plays the model; each
of its answers takes a while, so that a build takes minutes. Builds of all but one document in a
hundred, each into an empty store and in a process of its own: as a bare loop over the library; as
the flow on threads, at a Prefect server that is already there, on SQLite; the next night of that,
which finds all documents; and with `--database` (postgresql+asyncpg://…) the flow at a server on
that one. The last line is one JSON object:

- bare_s, threads_s, threads_database_s: seconds of the whole process, libraries loaded and dataset
  published
- overhead_share, overhead_share_database: what the flow takes more, as a share of the bare loop
- task_runs: those of the flow
- increment_request_share, increment_wall_share: the night's requests and seconds by those of the
  build before it
- rows_kept_share: of the rows before it, all of which rest on documents that are still there as
  they were, those that are in the new version with the same context
"""

import argparse
import asyncio
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles

HERE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LONGHOP_DATA", HERE.parent / "shared" / "data"))
PORT = 4477


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?", default=DATA / "musique_paragraphs.jsonl.gz")
    parser.add_argument("--database", default="")
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--run", choices=("bare", "flow"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        asyncio.run(bare(options.corpus) if options.run == "bare" else flow(options.corpus))
        return
    if not Path(options.corpus).is_file():
        sys.exit(f"{options.corpus} is not there: give a JSONL file with `id` and `text`")
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        print(json.dumps(measure(Path(folder), options)))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    whole, part = folder / "corpus.jsonl", folder / "part.jsonl"
    opened = gzip.open if str(options.corpus).endswith(".gz") else open
    with opened(options.corpus, "rt") as file:
        lines = file.readlines()
    whole.write_text("".join(lines))
    part.write_text("".join(line for n, line in enumerate(lines) if n % 100 != 50))
    conduct = folder / "conduct.yaml"
    conduct.write_text(f"latency_s: {options.latency}\n")
    environment = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "OPENAI_API_KEY": "none",
    }
    found: dict[str, Any] = {}
    with rehearsing(conduct) as url:
        environment["OPENAI_BASE_URL"] = url
        corpus = folder / "corpus"
        corpus.symlink_to(part)
        bare_s, asked = timed("bare", corpus, folder / "bare", environment, url)
        with serving(environment) as api:
            there = {**environment, "PREFECT_API_URL": api}
            threads_s, of_flow = timed("flow", corpus, folder / "threads", there, url)
            runs = task_runs(api)
            corpus.unlink()
            corpus.symlink_to(whole)
            night_s, of_night = timed("flow", corpus, folder / "threads", there, url)
        if options.database:
            corpus.unlink()
            corpus.symlink_to(part)
            environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = options.database
            with serving(environment) as api:
                there = {**environment, "PREFECT_API_URL": api}
                took, again = timed("flow", corpus, folder / "database", there, url)
            assert again == asked, (again, asked)
            found["threads_database_s"] = round(took, 1)
            found["overhead_share_database"] = round(took / bare_s - 1, 3)
    assert asked == of_flow, (asked, of_flow)
    store = DatasetStore(LocalFiles(folder / "threads"))
    now = store.resolve("orchestration", "latest")
    assert now is not None
    before = store.resolve("orchestration", now.base)
    assert before is not None
    rows = sum(before.rows.values())
    return {
        "documents": len(lines),
        "requests": asked,
        "rows": rows,
        "bare_s": round(bare_s, 1),
        "threads_s": round(threads_s, 1),
        "overhead_share": round(threads_s / bare_s - 1, 3),
        "task_runs": runs,
        "increment_request_share": round(of_night / of_flow, 4),
        "increment_wall_share": round(night_s / threads_s, 3),
        "rows_kept_share": round(now.changes["kept"] / rows, 4),
        **found,
    }


def timed(
    how: str, corpus: Path, store: Path, environment: dict[str, str], url: str
) -> tuple[float, int]:
    """How long a build took, and how many requests it made."""
    before, began = asked_of(url), time.monotonic()
    subprocess.run(
        [sys.executable, __file__, str(corpus), "--run", how],
        check=True,
        env={**environment, "LONGHOP_STORE": str(store)},
        cwd=HERE,
        stdout=subprocess.DEVNULL,
    )
    took, asked = time.monotonic() - began, asked_of(url) - before
    print(how, store.name, round(took, 1), "s", asked, "requests", flush=True)
    return took, asked


async def bare(corpus: Path) -> None:
    """The stages one after the other, outside of any flow."""
    from flows.building import Build
    from flows.order import find_rows, prepare_documents, publish
    from longhop.operations.preparing import prepare
    from longhop.resources import open_resources
    from longhop.spec.form import spec_of

    spec = spec_of(form(corpus), {})
    async with open_resources() as live:
        build = Build(spec, await prepare(spec, "latest", live), here=True)
        await prepare_documents(build)
        await publish(build, await find_rows(build))


async def flow(corpus: Path) -> None:
    """The flow, as a worker's process runs it."""
    from flows.build_dataset import build_dataset

    await build_dataset(**form(corpus))


def form(corpus: Path) -> dict[str, Any]:
    return {"name": "orchestration", "corpus": [str(corpus)], "model": "rehearsal-1"}


def asked_of(url: str) -> int:
    with urllib.request.urlopen(url.removesuffix("/v1") + "/log") as answer:
        return int(json.load(answer)["requests"])


def task_runs(api: str) -> int:
    request = urllib.request.Request(
        f"{api}/task_runs/count", b"{}", {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return int(answer.read())


@contextmanager
def rehearsing(conduct: Path) -> Iterator[str]:
    command = ["-m", "flows.command_line", "rehearse", "--port", "0", "--conduct", str(conduct)]
    with ended(
        subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, cwd=HERE)
    ) as it:
        assert it.stdout is not None
        yield it.stdout.readline().decode().split()[-1]


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    api = f"http://127.0.0.1:{PORT}/api"
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(PORT)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ended(subprocess.Popen([sys.executable, *command], env=environment, **quiet)):
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{api}/health").close()
            except OSError:
                time.sleep(0.5)
            else:
                yield api
                return
        sys.exit("the Prefect server did not come up")


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator["subprocess.Popen[bytes]"]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
