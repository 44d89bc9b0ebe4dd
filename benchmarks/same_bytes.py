"""The published bytes of one spec from three empty stores: slow, fast, and killed half-way.

    python benchmarks/same_bytes.py [CORPUS.jsonl.gz] [--documents 300]

The corpus is found as in `first_build.py`. The killed build is ended by SIGKILL once half of the
requests of a whole build were asked, then built again. The last line is one JSON object;
`asked_twice` counts requests that the killed and resumed build paid for and the others did not.
"""

import argparse
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from first_build import HERE, asked, find_corpus

from flows.demonstrating import rehearsal_process


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("corpus", nargs="?")
    arguments.add_argument("--documents", type=int, default=300)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        corpus = head(find_corpus(given.corpus, folder), folder / "head.jsonl", given.documents)
        print(json.dumps(measure(folder, corpus)))


def head(corpus: Path, into: Path, documents: int) -> Path:
    opened = gzip.open(corpus, "rt") if corpus.suffix == ".gz" else corpus.open()
    with opened as file, into.open("w") as out:
        for _, line in zip(range(documents), file, strict=False):
            out.write(line)
    return into


def measure(folder: Path, corpus: Path) -> dict[str, object]:
    spec = folder / "spec.yaml"
    spec.write_text(
        f"name: same-bytes\ncorpus: {{paths: ['{corpus}']}}\n"
        "models: {default: {name: rehearsal-1}}\ncontexts: {tokens: [2048]}\n"
    )
    with rehearsal_process() as url:
        start(spec, folder / "slow", url, concurrency=3).wait()
        whole = asked(url)
        start(spec, folder / "fast", url, concurrency=64).wait()
        before = asked(url)
        killed_at = kill_half_way(spec, folder / "killed", url, before, whole)
        start(spec, folder / "killed", url, concurrency=64).wait()
        resumed = asked(url) - before
    slow, fast, killed = (published(folder / name) for name in ("slow", "fast", "killed"))
    manifest = json.loads((folder / "slow" / "manifest.json").read_text())
    return {
        "documents": sum(1 for _ in corpus.open()),
        "rows": sum(manifest["rows"].values()),
        "files": len(slow),
        "identical": slow == fast == killed,
        "requests": whole,
        "killed_at": killed_at,
        "asked_twice": resumed - whole,
    }


def start(spec: Path, store: Path, url: str, *, concurrency: int) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "LONGHOP_STORE": str(store),
        "LONGHOP_BASE_URL": url,
        "LONGHOP_CONCURRENCY": str(concurrency),
        "PREFECT_HOME": str(store.parent / "prefect"),
    }
    command = [sys.executable, "-m", "flows.command_line", "build", str(spec)]
    return subprocess.Popen(command, env=environment, cwd=HERE, start_new_session=True)


def kill_half_way(spec: Path, store: Path, url: str, before: int, whole: int) -> int:
    build = start(spec, store, url, concurrency=64)
    while asked(url) - before < whole // 2:
        if build.poll() is not None:
            raise SystemExit("the build ended before it could be killed")
        time.sleep(0.002)
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    return asked(url) - before


def published(store: Path) -> dict[str, str]:
    """The hash of every file of the version, its manifest laid beside the store for the figures."""
    latest = json.loads((store / "datasets/same-bytes/latest.json").read_text())["version"]
    folder = store / "datasets/same-bytes" / latest
    (store / "manifest.json").write_bytes((folder / "manifest.json").read_bytes())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    main()
