"""Corpora with every fault there is: how a build of each ends, how long it takes, in what memory.

    python benchmarks/hostile.py [--only NAME ...]

Each corpus of tests/hostile.py is made on the spot and built by the command line, in a process and
a store of its own, with the rehearsal model. What can be built from has to end with status 0, its
lines counted; what cannot, with status 1 and one message; nothing with a traceback. The last line
is one JSON object: the corpora, how many ended as they should, the longest time and the largest
resident memory of `longhop check` (the stages that read) and of the whole build.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from flows.demonstrating import rehearsal_process
from tests.hostile import CORPORA, Mess


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=list(CORPORA))
    names = parser.parse_args().only
    found = {}
    with rehearsal_process() as url:
        for name in names:
            with tempfile.TemporaryDirectory(prefix="longhop-hostile-") as folder:
                found[name] = run(CORPORA[name], Path(folder), url)
            print(name, found[name], flush=True)
    runs = [each[command] for each in found.values() for command in ("check", "build")]
    print(
        json.dumps(
            {
                "corpora": len(found),
                "ended_as_they_should": sum(bool(each["as_it_should"]) for each in found.values()),
                "not": [name for name, each in found.items() if not each["as_it_should"]],
                "longest_s": max(each["wall_s"] for each in runs),
                "check_peak_rss_mib": max(each["check"]["rss_mib"] for each in found.values()),
                "build_peak_rss_mib": max(each["build"]["rss_mib"] for each in found.values()),
            }
        )
    )


def run(mess: Mess, folder: Path, url: str) -> dict[str, object]:
    """Check and build one corpus."""
    mess.write(folder)
    spec = {
        "name": "hostile",
        "corpus": {"paths": ["corpus"]},
        "models": {"default": {"name": "rehearsal-1"}},
        "contexts": {"tokens": [1024]},
        **mess.spec,
    }
    (folder / "spec.yaml").write_text(json.dumps(spec))
    check, build = (command(each, folder, url) for each in ("check", "build"))
    wanted = 1 if mess.refused else 0
    outputs = (check.pop("output"), build.pop("output"))
    as_it_should = (
        check["status"] == build["status"] == wanted
        and not any("Traceback" in each for each in outputs)
        and all(mess.refused in each for each in outputs)
    )
    if not as_it_should:
        print("\n".join(str(each)[-2000:] for each in outputs))
    return {"as_it_should": as_it_should, "check": check, "build": build}


def command(name: str, folder: Path, url: str) -> dict[str, object]:
    """One command on the spec of the folder: how it ended, in what time and memory."""
    began = time.monotonic()
    output = (folder / f"{name}.txt").open("w+")
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.command_line", name, "spec.yaml"],
        cwd=folder,
        stdout=output,
        stderr=subprocess.STDOUT,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "LONGHOP_STORE": str(folder / "store"),
            "LONGHOP_BASE_URL": url,
            "PREFECT_HOME": str(folder / "prefect"),
            "COLUMNS": "1000",
        },
    )
    _, status, usage = os.wait4(process.pid, 0)
    output.seek(0)
    return {
        "status": os.waitstatus_to_exitcode(status),
        "wall_s": round(time.monotonic() - began, 1),
        "rss_mib": round(peak(usage)),
        "output": " ".join(output.read().split()),
    }


def peak(usage: resource.struct_rusage) -> float:
    """The largest resident memory of a process that has ended."""
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
