"""Documents leave a dataset, and stay away."""

import asyncio
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from flows.build_dataset import build_dataset
from flows.diffing import tell_diff
from flows.select_documents import select_documents
from flows.taking_down import Wanted, take_documents_down
from longhop.errors import ConfigError, TakenDown
from longhop.records.accounts import TurnedAway
from longhop.records.artifacts import parts_of
from longhop.records.changes import RowChange, What, Why
from longhop.records.corpus import Document
from longhop.records.examples import Example, Role
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair
from longhop.records.questions import HopGroup
from longhop.records.takedowns import mark_of
from longhop.records.verification import MultiHop
from longhop.resources import entered
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.storage.columns import from_parquet
from longhop.storage.files import LocalFiles
from tests.flows import test_synthesize_contexts as synthesis
from tests.flows import test_writing as writing
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


async def build(live: WorldResources, spec: DatasetSpec, kind: str = "") -> Manifest:
    live.model.asked.clear()
    with entered(live):
        if kind == "pairs":
            await select_documents(**form_of(spec, kind))
        else:
            await build_dataset(**form_of(spec))
    manifest = live.datasets.resolve("world", "latest")
    assert manifest is not None and live.datasets.is_whole(manifest)
    return manifest


async def take(live: WorldResources, *ids: str, **wanted: Any) -> tuple[Manifest, list[str]]:
    """The latest version once documents were taken down, and what was said of it."""
    told: list[str] = []
    live.model.asked.clear()
    with entered(live):
        await take_documents_down("world", Wanted(ids, **wanted), told.append, lambda _: True)
    manifest = live.datasets.resolve("world", "latest")
    assert manifest is not None and live.datasets.is_whole(manifest)
    return manifest, told


def read(live: WorldResources, manifest: Manifest, path: str, kind: Any) -> list[Any]:
    folder = live.datasets.folder(manifest.name, manifest.version)
    return from_parquet(live.files.read(f"{folder}/{path}"), kind)


def rests(row: Example) -> set[str]:
    return {hop.document_id for hop in row.hops}


def beside(row: Example) -> set[str]:
    return {each.document_id for each in row.segments if each.role is not Role.SUPPORTING}


def by_id(rows: list[Example]) -> Mapping[str, Example]:
    return {each.id: each for each in rows}


@pytest.fixture
async def world(tmp_path: Path) -> tuple[WorldResources, DatasetSpec, Manifest]:
    """A dataset of several rows, some of whose probes were of their distractors."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=20)
    spec = make_spec(corpus, verification={"distractor_probes": 1.0, "audit": 2})
    return live, spec, await build(live, spec)


World = tuple[WorldResources, DatasetSpec, Manifest]


async def test_rows_on_a_document_go_and_nothing_else_changes(world: World):
    """No model is asked, and what is not concerned stays to the byte."""
    live, _, before = world
    rows = by_id(rows_of(live, before))
    document = sorted(rests(min(rows.values(), key=lambda each: each.id)))[0]
    after, told = await take(live, document)
    left = by_id(rows_of(live, after))

    gone = {each for each, row in rows.items() if document in rests(row)}
    assert gone and left.keys() == rows.keys() - gone
    assert live.model.asked == []
    assert all(f"           {each}" in told for each in gone)
    untouched = [each for each in left if document not in beside(rows[each])]
    assert all(left[each] == rows[each] for each in untouched)
    assert all(document not in rests(row) | beside(row) for row in left.values())
    assert after.base == before.version and after.takedowns == (mark_of(document),)
    changes = read(live, after, "changes.parquet", RowChange)
    assert {(each.row_id, each.why) for each in changes if each.what is What.REMOVED} == {
        (each, Why.TAKEN_DOWN) for each in gone
    }
    lost = read(live, after, "rejected.parquet", TurnedAway)
    assert gone <= {each.item for each in lost if each.reason == "taken_down"}
    (balance,) = [each for each in after.balances if each.stage == "take_down"]
    assert balance.rejected == {"taken_down": len(gone)}


async def test_a_second_takedown_is_counted_with_the_first(world: World):
    live, _, before = world
    documents = sorted(set().union(*map(rests, rows_of(live, before))))
    await take(live, documents[0])
    after, _ = await take(live, documents[-1])
    (balance,) = (each for each in after.balances if each.stage == "take_down")

    assert balance.taken == sum(before.rows.values())
    assert balance.accepted == sum(after.rows.values())


async def test_contexts_that_held_it_are_composed_anew_in_the_same_layout(world: World):
    """What their distractors were asked is of another context now, and says so."""
    live, _, before = world
    rows = by_id(rows_of(live, before))
    held = {each for row in rows.values() for each in beside(row) if each.startswith("f")}
    document = min(held)
    holding = {each for each, row in rows.items() if document in beside(row)}
    after, _ = await take(live, document)
    left = by_id(rows_of(live, after))

    assert left.keys() == rows.keys()
    for each in holding:
        assert document not in beside(left[each])
        assert left[each].layout == rows[each].layout
        assert left[each].probes == rows[each].probes
        assert left[each].stale == ("distractors",)
    assert all(left[each] == rows[each] for each in left.keys() - holding)
    assert after.probes["distractors_stale"] == len(holding)
    changes = read(live, after, "changes.parquet", RowChange)
    assert {each.row_id for each in changes} == holding
    assert {each.why for each in changes} == {Why.CONTEXT}
    assert after.changes["changed"] == len(holding) and after.changes["removed"] == 0


async def test_later_nights_leave_it_out_and_ask_stale_rows_anew(world: World):
    """Also under another id; and the night after that publishes nothing."""
    live, spec, _ = world
    corpus = Path(spec.corpus.paths[0])
    await take(live, "f0", "p0")
    lines = corpus.read_text().splitlines(keepends=True)
    again = json.loads(next(each for each in lines if json.loads(each)["id"] == "f0"))
    corpus.write_text("".join(lines) + json.dumps({**again, "id": "other"}) + "\n")
    night = await build(live, spec)
    rows = rows_of(live, night)
    still = await build(live, spec)

    assert still.version == night.version
    assert not any({"f0", "p0", "other"} & (rests(each) | beside(each)) for each in rows)
    (reading,) = [each for each in night.balances if each.stage == "read"]
    assert reading.rejected == {"taken_down": 3}
    lost = read(live, night, "rejected.parquet", TurnedAway)
    assert {(each.item, each.raw) for each in lost if each.reason == "taken_down"} == {
        (mark_of(each), "") for each in ("f0", "p0", "other")
    }
    assert all(each.stale == () for each in rows)
    assert night.takedowns == tuple(sorted(map(mark_of, ("f0", "p0"))))
    assert "ask" not in {name for name, _ in live.model.asked}, "shards without it are not redone"


async def test_what_is_in_no_row_is_remembered_all_the_same(world: World):
    live, spec, before = world
    after, told = await take(live, "never-seen")

    assert after.version == before.version
    assert any("never-seen: not in this version" in each for each in told)
    assert live.datasets.takedowns("world").marks == (mark_of("never-seen"),)
    assert (await build(live, spec)).takedowns in ((), (mark_of("never-seen"),))


async def test_killed_at_any_write_the_older_version_stays_and_again_finishes_it(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Of all the places where it can be cut off, `latest` points to a whole version at each."""
    live, _, before = world

    class Killed(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    def counted(kept: int) -> Any:
        left = [kept]

        def cut(self: LocalFiles, path: str, data: Any, real: Any) -> None:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            real(self, path, data)

        return cut

    writes = {name: getattr(LocalFiles, name) for name in ("write", "adopt")}
    cuts = 0
    for kept in range(100):
        cut = counted(kept)
        for name, real in writes.items():
            monkeypatch.setattr(
                LocalFiles, name, lambda *given, real=real, cut=cut: cut(*given, real)
            )
        try:
            after, _ = await take(live, "p0", "f3")
        except Killed:
            cuts += 1
            for name, real in writes.items():
                monkeypatch.setattr(LocalFiles, name, real)
            assert live.datasets.latest("world") == before.version
            assert live.datasets.is_whole(before)
        else:
            break
    assert cuts > 5
    assert not any({"p0", "f3"} & (rests(each) | beside(each)) for each in rows_of(live, after))


async def test_a_build_that_runs_meanwhile_is_not_published(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """It read the document before it was taken down."""
    live, spec, before = world
    write_corpus(Path(spec.corpus.paths[0]), fillers=21)
    real = live.datasets.publish

    async def meanwhile() -> None:
        monkeypatch.setattr(live.datasets, "publish", real)
        await take(live, "p0")

    def publish(*given: Any, **more: Any) -> Any:
        thread = threading.Thread(target=lambda: asyncio.run(meanwhile()))
        thread.start()
        thread.join()
        return real(*given, **more)

    monkeypatch.setattr(live.datasets, "publish", publish)
    with pytest.raises(TakenDown, match="build again"):
        await build(live, spec)

    now = live.datasets.resolve("world", "latest")
    assert now is not None and now.base == before.version
    assert not any("p0" in rests(each) | beside(each) for each in rows_of(live, now))
    again = await build(live, spec)
    assert not any("p0" in rests(each) | beside(each) for each in rows_of(live, again))


async def test_written_documents_can_be_taken_down(tmp_path: Path):
    """The seed is not lost: its document is written as ever, and withheld; siblings change."""
    live = synthesis.make_live(tmp_path)
    spec = synthesis.spec_of(tmp_path)
    before = await synthesis.synthesize(live, spec)
    rows = by_id(rows_of(live, before))
    first = min(rows)
    (written,) = rests(rows[first])
    holding = {each for each, row in rows.items() if written in beside(row)}
    after, _ = await take(live, written)
    night = await synthesis.synthesize(live, spec)

    assert holding
    for each in (after, night):
        left = rows_of(live, each)
        assert by_id(left).keys() == rows.keys() - {first}
        assert not any(written in rests(one) | beside(one) for one in left)
    assert night.base == after.version
    (withheld,) = [each for each in night.balances if each.stage == "withhold"]
    assert withheld.rejected == {"taken_down": 1}


async def test_what_was_written_for_rows_on_it_goes_with_it(tmp_path: Path):
    """It states the same facts in other words, and nothing but the row's group says of whom."""
    live = make_live(tmp_path)
    spec = writing.spec_of(tmp_path, rows=1.0)
    before = await build(live, spec)
    groups = {each.id: each for each in live.store.read(before.artifacts["groups"], HopGroup)}
    rewritten = live.store.read(before.artifacts["rows"], MultiHop)
    row = next(each for each in rewritten if each.hops[0].document_id.startswith("s-"))
    document, written = groups[row.group_id].hops[0].document_id, row.hops[0].document_id
    after, _ = await take(live, document)
    left = rows_of(live, after)

    assert row.id not in by_id(left)
    assert not any({document, written} & (rests(each) | beside(each)) for each in left)
    kept = [
        each.id
        for part in parts_of(after.artifacts, "written")
        for each in live.store.read(part, Document)
    ]
    assert written not in kept


async def test_pairs_lose_those_of_the_document(tmp_path: Path):
    live = make_live(tmp_path)
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    before = await build(live, spec, "pairs")
    pairs = read(live, before, "data/train.parquet", Pair)
    document = pairs[0].document_id
    after, _ = await take(live, document)

    left = read(live, after, "data/train.parquet", Pair)
    assert left == [each for each in pairs if each.document_id != document]
    assert len(left) < len(pairs)
    night = await build(live, spec, "pairs")
    assert read(live, night, "data/train.parquet", Pair) == left


async def test_the_difference_of_two_versions_is_told_with_its_reasons(world: World):
    live, spec, before = world
    corpus = Path(spec.corpus.paths[0])
    rows = rows_of(live, before)
    gone = sorted(rests(rows[0]))[0]
    lines = corpus.read_text().splitlines(keepends=True)
    corpus.write_text("".join(each for each in lines if json.loads(each)["id"] != gone))
    after = await build(live, spec)
    told: list[str] = []
    with entered(live):
        await tell_diff("world", "latest", None, -1, told.append)

    removed = after.reasons["removed"]
    assert removed == {"document_gone": sum(gone in rests(each) for each in rows)}
    assert f"removed  document_gone {removed['document_gone']}" in told
    assert f"         {rows[0].id}  {gone}" in told
    total = sum(sum(each.values()) for each in after.reasons.values())
    assert total == len(read(live, after, "changes.parquet", RowChange))
    counts = {what: sum(after.reasons.get(what, {}).values()) for what in map(str, What)}
    assert counts == {what: after.changes[what] for what in map(str, What)}
    with pytest.raises(ConfigError, match="built from scratch"), entered(live):
        await tell_diff("world", before.version, None, 3, told.append)
