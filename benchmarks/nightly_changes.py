"""A dataset published twice, with ten documents added and five removed: what moved, and was told.

    python benchmarks/nightly_changes.py [CORPUS.jsonl.gz] [--keep FOLDER] [--documents N]

The corpus is found as in `first_build.py`. Of the five documents that leave, three are evidence of
rows and two are not; the ten that come stood back from the first night. What `changes.parquet` says
is compared with a comparison of the two versions' files made here, with pandas, row by row. The
rehearsal model plays the model. The last line is one JSON object.
"""

import argparse
import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from first_build import asked, build, find_corpus

from flows.demonstrating import rehearsal_process
from longhop.identity import keyed_order
from longhop.records.manifest import Manifest
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles

NAME = "nights"
ADDED, REMOVED, OF_ROWS = 10, 5, 3


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("corpus", nargs="?")
    arguments.add_argument("--keep", type=Path)
    arguments.add_argument("--documents", type=int)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        pages = read_pages(find_corpus(given.corpus, folder))[: given.documents]
        print(json.dumps(measure(folder, pages)))


def read_pages(corpus: Path) -> list[dict[str, str]]:
    opened = gzip.open if corpus.suffix == ".gz" else Path.open
    with opened(corpus, "rt", encoding="utf-8") as file:
        return sorted(map(json.loads, file), key=lambda each: keyed_order("night", each["id"]))


def measure(folder: Path, pages: list[dict[str, str]]) -> dict[str, object]:
    corpus, spec = folder / "corpus.jsonl", folder / "spec.yaml"
    spec.write_text(
        f"name: {NAME}\ncorpus: {{paths: ['{corpus}']}}\n"
        "models: {default: {name: rehearsal-1}}\n"
    )
    environment = {
        **os.environ,
        "LONGHOP_STORE": str(folder / "store"),
        "PREFECT_HOME": str(folder / "prefect"),
    }
    new, old = pages[:ADDED], pages[ADDED:]
    with rehearsal_process() as url:
        environment["LONGHOP_BASE_URL"] = url
        write(corpus, old)
        build(spec, environment)
        before = Version(folder)
        first = asked(url)
        gone = leaving(before, [each["id"] for each in old])
        write(corpus, new + [each for each in old if each["id"] not in gone])
        build(spec, environment)
        second = asked(url) - first
    return compare(before, Version(folder), gone, {each["id"] for each in new}) | {
        "documents": len(old),
        "requests": first,
        "requests_second": second,
    }


def write(corpus: Path, pages: list[dict[str, str]]) -> None:
    corpus.write_text("".join(json.dumps(each) + "\n" for each in pages), encoding="utf-8")


class Version:
    """The latest version as its files say it, read without the product's own code."""

    def __init__(self, folder: Path) -> None:
        store = DatasetStore(LocalFiles(folder / "store"))
        found = store.resolve(NAME, "latest")
        assert found is not None
        self.manifest: Manifest = found
        self.folder = folder / "store" / "datasets" / NAME / found.version
        parts = [pd.read_parquet(each) for each in sorted((self.folder / "data").iterdir())]
        self.rows = pd.concat(parts).set_index("id")

    @property
    def whole(self) -> dict[str, str]:
        """Each row by a hash of all of its columns."""
        return {key: _hash(row.to_dict()) for key, row in self.rows.iterrows()}

    @property
    def asked(self) -> dict[str, str]:
        """Each row by a hash of its question, answer and hops."""
        columns = ["question", "answer", "composition", "hops"]
        return {key: _hash(row.to_dict()) for key, row in self.rows[columns].iterrows()}

    def evidence(self) -> dict[str, set[str]]:
        """The documents that each row rests on."""
        return {
            key: {each["document_id"] for each in hops} for key, hops in self.rows["hops"].items()
        }

    def held(self) -> dict[str, set[str]]:
        """The documents that each row's context has parts of."""
        segments = self.rows["segments"].items()
        return {key: {each["document_id"] for each in some} for key, some in segments}

    def told(self) -> dict[str, str]:
        """What `changes.parquet` says of each row."""
        path = self.folder / "changes.parquet"
        told = pd.read_parquet(path) if path.exists() else pd.DataFrame(columns=["row_id", "what"])
        assert told["row_id"].is_unique
        return dict(zip(told["row_id"], told["what"], strict=True))


def _hash(row: dict[str, object]) -> str:
    def plain(value: object) -> object:
        tolist: Callable[[], object] | None = getattr(value, "tolist", None)
        return tolist() if tolist else str(value)

    return hashlib.sha256(json.dumps(row, default=plain, sort_keys=True).encode()).hexdigest()


def leaving(version: Version, ids: list[str]) -> set[str]:
    """Documents that rows rest on, and as many others as are wanted."""
    resting = set().union(*version.evidence().values())
    some = sorted(resting, key=lambda each: keyed_order("leaves", each))[:OF_ROWS]
    others = [each for each in ids if each not in resting]
    return {*some, *others[: REMOVED - len(some)]}


def compare(before: Version, after: Version, gone: set[str], new: set[str]) -> dict[str, object]:
    was, now = before.whole, after.whole
    counted = {
        **dict.fromkeys(was.keys() - now.keys(), "removed"),
        **dict.fromkeys(now.keys() - was.keys(), "added"),
        **{key: "changed" for key in was.keys() & now.keys() if was[key] != now[key]},
    }
    rests, holds = before.evidence(), before.held()
    standing = {key for key in was if not rests[key] & gone}
    apart = {key for key in standing if not holds[key] & gone}
    words, words_now = before.asked, after.asked
    changes = after.manifest.changes
    return {
        "rows": len(was),
        "rows_second": len(now),
        "added": changes["added"],
        "removed": changes["removed"],
        "changed": changes["changed"],
        "kept": changes["kept"],
        "diff_exact": counted == after.told()
        and changes["kept"] == len(was.keys() & now.keys()) - changes["changed"]
        and sorted(counted.values()).count("added") == changes["added"],
        "resting_on_removed": sum(bool(each & gone) for each in after.evidence().values()),
        "holding_removed": sum(bool(each & gone) for each in after.held().values()),
        "resting_on_new": sum(bool(each & new) for each in after.evidence().values()),
        "untouched": len(standing),
        "untouched_asked_alike": _share(standing, words, words_now),
        "untouched_to_the_byte": _share(standing, was, now),
        "holding_none_removed": len(apart),
        "holding_none_to_the_byte": _share(apart, was, now),
    }


def _share(keys: set[str], was: dict[str, str], now: dict[str, str]) -> float:
    return round(sum(was[key] == now.get(key) for key in keys) / len(keys), 4)


if __name__ == "__main__":
    main()
