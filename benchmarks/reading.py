"""Reading, cleaning, near-duplicates and chunking: speed a core, memory, and what is found.

    python benchmarks/reading.py path/to/mixed_corpus.jsonl.gz [--copies 20]

The corpus is a JSONL file with `id` and `text`. It is taken once as it is, once with
near-duplicates planted in it, and once 20 times over, each copy reworded so that it is no
duplicate. Each run is a process of its own that goes through the product's stages into an empty
store, outside of Prefect.
The last line is one JSON object:

- mb_per_s_per_core: megabytes of UTF-8 text by second of CPU time, imports and the loading of the
  tokenizer and the language model left out
- loop_s: seconds of CPU time that one fixed loop of Python and a regular expression took just
  before the stages and just after them, which tells how fast the machine was then: on the one that
  RESULTS.md speaks of it takes 0.6 while nothing else runs; where it takes more, so does all else
- stages: seconds of CPU time by stage
- peak_rss_mib, peak_rss_mib_20x: the largest resident memory of the process
- near_duplicate_recall: planted duplicates (upper case; other white space; 5% of the words changed)
  that were grouped with their original
- near_duplicate_precision: of all planted documents that were turned away (the same, and those with
  30% of the words changed) the share that are duplicates
"""

import argparse
import asyncio
import gzip
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_LOOP_TEXT = "The keeper of quay 17 wrote: all lamps were lit by 4 o'clock. " * 500
_PLANTED = 800
_KINDS = ("case", "space", "five", "thirty")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--stages", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stages:
        print(json.dumps(asyncio.run(run_stages(options.corpus, options.stages))))
        return
    if not options.corpus.is_file():
        sys.exit(f"{options.corpus} is not there: give a JSONL file with `id` and `text`")
    rows = read_rows(options.corpus)
    with tempfile.TemporaryDirectory(prefix="longhop-bench-") as folder:
        home = Path(folder)
        once = in_a_process(options.corpus, home / "once")
        planted, truth = plant(rows)
        write_rows(home / "planted.jsonl", planted)
        with_twins = in_a_process(home / "planted.jsonl", home / "twins")
        write_rows(home / "many.jsonl", reworded(rows, options.copies))
        many = in_a_process(home / "many.jsonl", home / "many")
    print(json.dumps(summary(once, with_twins, many, truth)))


def summary(
    once: dict[str, Any], with_twins: dict[str, Any], many: dict[str, Any], truth: dict[str, str]
) -> dict[str, Any]:
    groups, gone = with_twins["groups"], set(with_twins["rejected"])
    twins = [each for each in truth if not each.startswith("thirty")]
    found = [each for each in twins if groups[each] == groups[truth[each]]]
    wrong = [each for each in truth if each.startswith("thirty") and each in gone]
    return {
        "documents": once["documents"],
        "text_mb": once["text_mb"],
        "mb_per_s_per_core": once["mb_per_s_per_core"],
        "mb_per_s_per_core_20x": many["mb_per_s_per_core"],
        "loop_s": once["loop_s"],
        "loop_s_20x": many["loop_s"],
        "stages": once["stages"],
        "stages_20x": many["stages"],
        "peak_rss_mib": once["peak_rss_mib"],
        "peak_rss_mib_20x": many["peak_rss_mib"],
        "documents_20x": many["documents"],
        "near_duplicate_recall": round(len(found) / len(twins), 4),
        "near_duplicate_precision": round(len(found) / (len(found) + len(wrong)), 4),
        "planted": len(truth),
    }


def in_a_process(corpus: Path, store: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, str(corpus), "--stages", str(store)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(corpus.name, {name: found[name] for name in found if name not in ("groups", "rejected")})
    return found


class Watch:
    """What each stage takes of the processor, from `begin` on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.began = self.since = 0.0

    def begin(self) -> None:
        self.began = self.since = time.process_time()

    def stage_done(self, stage: str, *_: str, reused: bool) -> None:
        assert not reused
        now = time.process_time()
        self.seconds[stage] += now - self.since
        self.since = now


async def run_stages(corpus: Path, store: Path) -> dict[str, Any]:
    """The documents' stages, outside of Prefect, and what they took and gave."""
    from flows.building import Build
    from flows.order import prepare_documents
    from longhop.corpus.languages.identifying import identify_language
    from longhop.corpus.tokenizing import open_tokenizer
    from longhop.resources import Resources, entered
    from longhop.settings import Settings
    from longhop.spec import DatasetSpec
    from longhop.storage.files import LocalFiles

    spec = DatasetSpec.model_validate(
        {
            "name": "reading",
            "corpus": {"paths": [str(corpus)]},
            "models": {"default": {"name": "none"}},
        }
    )
    open_tokenizer(spec.contexts.tokenizer).count("loaded")
    identify_language("chargé avant que le temps ne compte")
    watch = Watch()
    live = Resources(Settings(store=str(store)), LocalFiles(store), watch)
    with entered(live):
        loop_before = time_loop()
        watch.begin()
        build = Build(spec, look_at(corpus, live, spec.contexts.tokenizer), here=True)
        await prepare_documents(build)
        spent = time.process_time() - watch.began
        loop_after = time_loop()
        found = what_came(build, live)
        await live.close()
    return {
        "mb_per_s_per_core": round(found["text_mb"] / spent, 2),
        "loop_s": [round(each, 3) for each in (loop_before, loop_after)],
        "stages": {name: round(value, 2) for name, value in watch.seconds.items()},
        **found,
    }


def look_at(corpus: Path, live: Any, tokenizer: str) -> Any:
    """What a build of the corpus starts from, and of nothing else."""
    from longhop.corpus.reading import fingerprint_files
    from longhop.corpus.tokenizing import vocabulary_of
    from longhop.operations.preparing import Preparation

    return Preparation(
        corpus=fingerprint_files((str(corpus),), live.sources, what="corpus"),
        benchmarks={},
        reference={},
        seeds={},
        prompts={},
        weights="",
        vocabulary=vocabulary_of(tokenizer),
        prices=None,
        base=None,
    )


def what_came(build: Any, live: Any) -> dict[str, Any]:
    """What the stages handed on and turned away, and the most memory they took for it."""
    from longhop.records.accounts import Rejection
    from longhop.records.artifacts import parts_of
    from longhop.records.corpus import Document, Membership

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text = sum(
        len(each.text.encode())
        for part in build.documents
        for each in live.store.iterate(part, Document)
    )
    memberships = live.store.read_all(parts_of(build.book.artifacts, "memberships"), Membership)
    gone = live.store.read_all(build.book.rejected, Rejection)
    return {
        "documents": len(memberships),
        "text_mb": round(text / 1e6, 2),
        "peak_rss_mib": round(peak),
        "groups": {each.document_id: each.group for each in memberships},
        "rejected": [each.item for each in gone if each.stage == "deduplicate"],
    }


def time_loop() -> float:
    """What the machine takes for work that is always the same."""
    began = time.process_time()
    words = re.compile(r"[^\W\d_]+|\d+")
    lengths: dict[int, int] = defaultdict(int)
    for _ in range(400):
        for word in words.findall(_LOOP_TEXT):
            lengths[len(word)] += 1
    return time.process_time() - began


def read_rows(path: Path) -> list[dict[str, Any]]:
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open()
    with opened as file:
        return [{key: json.loads(line)[key] for key in ("id", "text")} for line in file]


def write_rows(path: Path, rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    with path.open("w") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def plant(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The corpus with altered copies in it, and the original of each by its id."""
    rng = random.Random(7)
    words = vocabulary(rows)
    planted, truth = list(rows), {}
    for at, row in enumerate(rng.sample(rows, _PLANTED)):
        kind = _KINDS[at % len(_KINDS)]
        name = f"{kind}-{row['id']}"
        planted.append({"id": name, "text": alter(row["text"], kind, rng, words)})
        truth[name] = row["id"]
    rng.shuffle(planted)
    return planted, truth


def alter(text: str, kind: str, rng: random.Random, words: list[str]) -> str:
    if kind == "case":
        return text.upper()
    if kind == "space":
        return re.sub(r"\s+", lambda _: rng.choice(("  ", "\n", " \t")), text)
    return reword(text, 0.05 if kind == "five" else 0.3, rng, words)


def reworded(rows: list[dict[str, Any]], copies: int) -> Iterator[dict[str, Any]]:
    """Every document `copies` times, each time with 40% other words."""
    words = vocabulary(rows)
    for copy in range(copies):
        rng = random.Random(copy)
        for row in rows:
            yield {"id": f"{copy}-{row['id']}", "text": reword(row["text"], 0.4, rng, words)}


def reword(text: str, share: float, rng: random.Random, words: list[str]) -> str:
    parts = re.split(r"(\s+)", text)
    places = [at for at, part in enumerate(parts) if part.strip()]
    for at in rng.sample(places, round(share * len(places))):
        parts[at] = rng.choice(words)
    return "".join(parts)


def vocabulary(rows: list[dict[str, Any]]) -> list[str]:
    return sorted({word for row in rows for word in row["text"].split() if word.isalpha()})


if __name__ == "__main__":
    main()
