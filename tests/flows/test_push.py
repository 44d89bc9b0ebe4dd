"""A version arrives at a hub whole or not at all, and takes nothing private along."""

import hashlib
import html
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import markupsafe
import pytest
from pydantic import SecretStr

from flows.pushing import Wanted, push
from longhop.errors import ConfigError, EndpointError, StorageError, TransientError
from longhop.operations.pushing.places import private_places, without_places
from longhop.publishing.describing import cell
from longhop.records.manifest import Manifest, PublishedFile
from longhop.records.release import MeasuredShare, Release
from longhop.resources import entered
from tests.flows.test_build_dataset import build
from tests.hub import TOKEN, StandInHub
from tests.longhop.storage.test_artifacts import manifest
from tests.published import lost, publish, row
from tests.world import WorldResources, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")

REPOSITORY = "us/world"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInHub]:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    unhurried = SimpleNamespace(**{**vars(time), "sleep": lambda _: None})
    monkeypatch.setattr("huggingface_hub.utils._http.time", unhurried)
    with StandInHub() as found:
        yield found


def may_write(live: WorldResources, hub: StandInHub, token: str = TOKEN) -> None:
    update = {"hub": hub.url, "hub_token": SecretStr(token)}
    live.settings = live.settings.model_copy(update=update)


async def sent(live: WorldResources, **wanted: Any) -> list[str]:
    lines: list[str] = []
    with entered(live):
        await push(Wanted("world", REPOSITORY, **wanted), lines.append)
    return lines


def published(folder: Path, code: str = "1", **changes: Any) -> tuple[WorldResources, Manifest]:
    """A version made by hand from a corpus in a folder."""
    live = make_live(folder)
    corpus = str(folder / "c.jsonl")
    contents = {
        "data/train.parquet": b"rows of " + code.encode(),
        "messages/train.jsonl": b"{}\n",
        "rejected.parquet": corpus.encode(),
    }
    files = tuple(
        PublishedFile(path=path, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), rows=1)
        for path, data in contents.items()
    )
    told = {"name": "world", "files": files, "spec": {"corpus": {"paths": [corpus]}}}
    made = manifest(code).model_copy(
        update={**told, "inputs": {corpus: "0" * 64, "s3://ours/x/seeds.jsonl": "1"}, **changes}
    )
    pages = {"README.md": f"---\nlicense: mit\n---\nOf {corpus}\n".encode()}
    live.datasets.publish(made, {**contents, **pages}, hold=bool(changes.get("release")))
    return live, made


async def test_a_version_arrives_byte_for_byte(tmp_path: Path, hub: StandInHub):
    """As a real build publishes it."""
    live = make_live(tmp_path)
    made, _ = await build(live, make_spec(write_corpus(tmp_path / "c.jsonl")))
    may_write(live, hub)
    lines = await sent(live)
    there = hub.files[REPOSITORY]
    folder = live.datasets.folder("world", made.version)

    for each in made.files:
        if each.path.startswith(("data/", "messages/")):
            assert there[each.path] == live.files.read(f"{folder}/{each.path}")
    assert there["README.md"].startswith(b"---\n")
    assert hub.tags[REPOSITORY] == {made.version: hub.commits[REPOSITORY][-1]}
    assert lines[-1].endswith(f"/datasets/{REPOSITORY}, with the tag {made.version}")


async def test_nothing_private_goes_along(tmp_path: Path, hub: StandInHub):
    live, made = published(tmp_path)
    may_write(live, hub)
    lines = await sent(live)
    there = hub.files[REPOSITORY]

    assert str(tmp_path) in json.dumps(made.spec), "the corpus lies in a folder"
    for content in there.values():
        assert str(tmp_path).encode() not in content
        assert TOKEN.encode() not in content
    assert b"s3://ours" not in there["manifest.json"] and b"seeds.jsonl" in there["manifest.json"]
    assert not {"rejected.parquet", "failed.parquet"} & set(there)
    assert any(each.startswith("rejected.parquet stays here") for each in lines)


async def test_the_page_goes_without_what_stays_here(tmp_path: Path, hub: StandInHub):
    """It shows what was turned away, too; its rows and what it loads are those of the version."""
    store = tmp_path / "store"
    made, home = publish(store, [row(at) for at in range(6)], lost(9, more="SECRET"))
    live = make_live(tmp_path)
    may_write(live, hub)
    with entered(live):
        await push(Wanted(made.name, REPOSITORY), [].append)
    there = hub.files[REPOSITORY]

    assert b"SECRET" in (home / "report.html").read_bytes()
    assert b"SECRET" not in there["report.html"] and b"m-0000000000000003" in there["report.html"]
    beside = [each for each in there if each.startswith("report/")]
    assert any(each.endswith("contexts-000.js") for each in beside)
    assert all(there[each] == (home / each).read_bytes() for each in beside)
    with entered(live):
        await push(Wanted(made.name, REPOSITORY, aside=True), [].append)
    assert hub.files[REPOSITORY]["report.html"] == (home / "report.html").read_bytes()


async def test_what_was_turned_away_goes_along_where_it_is_wanted(tmp_path: Path, hub: StandInHub):
    live, made = published(tmp_path)
    may_write(live, hub)
    await sent(live)
    await sent(live, aside=True)

    assert "rejected.parquet" in hub.files[REPOSITORY]
    assert hub.tags[REPOSITORY] == {made.version: hub.commits[REPOSITORY][-1]}


async def test_a_second_push_sends_nothing_and_commits_nothing(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub)
    await sent(live)
    commits, hub.asked = list(hub.commits[REPOSITORY]), []
    await sent(live)

    assert hub.commits[REPOSITORY] == commits
    assert "put" not in hub.asked and "commit" not in hub.asked


async def test_the_next_version_takes_the_place_of_the_last(tmp_path: Path, hub: StandInHub):
    live, first = published(tmp_path)
    may_write(live, hub)
    await sent(live)
    hub.files[REPOSITORY]["messages/old.jsonl"] = b"{}"
    _, second = published(tmp_path, code="2")
    lines = await sent(live)

    assert "messages/old.jsonl" not in hub.files[REPOSITORY]
    assert ".gitattributes" in hub.files[REPOSITORY]
    assert set(hub.tags[REPOSITORY]) == {first.version, second.version}
    assert "messages/old.jsonl of an earlier version is no longer there" in lines


async def test_a_dry_run_sends_nothing(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub, token="")
    lines = await sent(live, dry=True)

    assert hub.asked == []
    assert "data/train.parquet" in lines
    assert lines[-1].endswith("nothing was sent")


async def test_a_private_repository_is_made_private(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub)
    await sent(live, private=True)

    assert hub.private[REPOSITORY]


async def test_what_everybody_sees_is_not_sent_as_private(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub)
    await sent(live)
    commits = list(hub.commits[REPOSITORY])

    with pytest.raises(ConfigError, match="everybody can see it"):
        await sent(live, private=True)
    assert hub.commits[REPOSITORY] == commits


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("/home/o'brien & jürgen/kunde/pages.md", "pages.md"),
        ("/home/o'brien & jürgen/kunde", "elsewhere"),
        ("s3://kunde-bucket", "elsewhere"),
        ("s3://kunde-bucket/a/*.jsonl", "*.jsonl"),
        ("../kunde/c.jsonl", "c.jsonl"),
    ],
)
def test_a_place_goes_in_whatever_form_it_is_written(place: str, kept: str):
    told = manifest().model_copy(update={"spec": {"corpus": {"paths": [place]}}})
    forms = [place, html.escape(place), json.dumps(place), markupsafe.escape(place), cell(place)]
    text = without_places("\n".join(map(str, forms)).encode(), private_places(told)).decode()

    assert "kunde" not in text
    assert text.splitlines()[0] == kept


@pytest.mark.parametrize("place", ["https://creativecommons.org/licenses/by/4.0/", "data/c.jsonl"])
def test_what_is_no_place_of_anybodys_stays(place: str):
    told = manifest().model_copy(
        update={"spec": {"corpus": {"license": place, "paths": ["data/c.jsonl"]}}}
    )

    assert without_places(place.encode(), private_places(told)) == place.encode()


@pytest.mark.parametrize("route", ["batch", "put", "commit"])
async def test_a_push_that_was_cut_goes_on_where_it_was(
    tmp_path: Path, hub: StandInHub, route: str
):
    live, made = published(tmp_path)
    may_write(live, hub)
    hub.fail(route, *[0] * 40)
    with pytest.raises(TransientError, match="push again, what was sent is kept"):
        await sent(live)
    assert set(hub.files[REPOSITORY]) == {".gitattributes"}, "half of a version is not seen"
    hub.faults.clear()
    kept = set(hub.large)
    await sent(live)

    assert kept <= set(hub.large)
    assert hub.tags[REPOSITORY] == {made.version: hub.commits[REPOSITORY][-1]}


@pytest.mark.parametrize(
    ("route", "status", "kind", "told"),
    [
        ("create", 401, ConfigError, "does not know HF_TOKEN"),
        ("create", 403, ConfigError, "nobody may write to us/world"),
        ("commit", 403, ConfigError, "nobody may write to us/world"),
        ("commit", 409, EndpointError, r"refuses us/world \(409\)"),
        ("commit", 500, TransientError, "push again"),
        ("refs", 429, TransientError, "push again"),
    ],
)
async def test_what_the_hub_says_is_told_in_one_line(
    tmp_path: Path, hub: StandInHub, route: str, status: int, kind: type, told: str
):
    live, _ = published(tmp_path)
    may_write(live, hub)
    hub.fail(route, *[status] * 40)

    with pytest.raises(kind, match=told) as error:
        await sent(live)
    assert "\n" not in str(error.value)
    assert TOKEN not in str(error.value)


async def test_without_a_token_it_says_so(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub, token="")

    with pytest.raises(ConfigError, match="HF_TOKEN is not set"):
        await sent(live)
    assert hub.asked == []


async def test_a_hub_that_is_not_there_is_named(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub)

    with pytest.raises(TransientError, match=r"hub http://127\.0\.0\.1:9: "):
        await sent(live, endpoint="http://127.0.0.1:9")


async def test_a_name_that_no_hub_takes_is_refused(tmp_path: Path, hub: StandInHub):
    live, _ = published(tmp_path)
    may_write(live, hub)

    with entered(live), pytest.raises(ConfigError, match="repository 'a/b/c'"):
        await push(Wanted("world", "a/b/c"), print)
    assert hub.asked == []


async def test_what_was_held_back_goes_only_where_somebody_insists(tmp_path: Path, hub: StandInHub):
    share = MeasuredShare(
        name="good", count=8, of=10, share=0.8, lower=0.49, basis="audit", demanded=0.85
    )
    live, held = published(tmp_path, release=Release(shares=(share,)))
    version = held.version
    may_write(live, hub)

    with pytest.raises(ConfigError, match=r"misses its release gate.*--anyway"):
        await sent(live, version=version)
    await sent(live, version=version, anyway=True)
    assert version in hub.tags[REPOSITORY]


async def test_a_version_that_is_not_whole_is_not_sent(tmp_path: Path, hub: StandInHub):
    live, made = published(tmp_path)
    may_write(live, hub)
    live.files.write(f"datasets/world/{made.version}/data/train.parquet", b"other")

    with pytest.raises(StorageError, match="is not whole"):
        await sent(live)
    assert hub.asked == []
