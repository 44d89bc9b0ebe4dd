"""Finished rows go through the last stages as streams, and come out as they did from memory."""

from pathlib import Path

import pytest

from flows.build_dataset import build_dataset
from longhop.operations import preparing
from longhop.publishing import drafting
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Chunk, Document
from longhop.records.examples import ComposedContext, Role, Segment
from longhop.records.manifest import Manifest
from longhop.records.replies import ShortAnswer
from longhop.records.verification import MultiHop
from longhop.resources import entered
from longhop.spec.form import form_of
from longhop.storage import artifacts, row_groups, spools
from longhop.verification.distracting import DistractPlan
from longhop.verification.proving import ProvePlan
from tasks.check_rows import check_rows
from tasks.probe_rows import probe_rows
from tests.fakes import BORN, FOUNDED, ScriptedModel, document, multi_hop, prompt
from tests.longhop.contexts import test_composing as composing
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server")


async def build(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """A version and, on its base, one of a corpus with a page more; the rows of both."""

    async def nothing(*_: object) -> None:
        return None

    folder.mkdir()
    monkeypatch.setattr(preparing, "check_models", nothing)
    monkeypatch.chdir(folder)
    live = make_live(folder)
    found = []
    for fillers in (12, 13):
        corpus = write_corpus(Path("corpus.jsonl"), fillers=fillers)
        spec = make_spec(corpus, verification={"distractor_probes": 0.5, "audit": 2})
        with entered(live):
            await build_dataset(**form_of(spec))
        manifest = live.datasets.resolve("world", "latest")
        assert manifest is not None and live.datasets.is_whole(manifest)
        found.append((manifest, rows_of(live, manifest)))
    return live, found


def messages_of(manifest: Manifest) -> dict[str, str]:
    """The hashes of what no row group shows in."""
    return {each.path: each.sha256 for each in manifest.files if "messages/" in each.path}


async def test_rows_one_by_one_are_the_rows_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """With row groups of one or two, pieces of one and blocks of a few bytes, nothing is lost."""
    _, whole = await build(tmp_path / "whole", monkeypatch)
    monkeypatch.setattr(drafting, "GROUP_ROWS", 1)
    monkeypatch.setattr(artifacts, "_GROUP_ROWS", 2)
    monkeypatch.setattr(row_groups, "_SLICE_ROWS", 1)
    monkeypatch.setattr(spools, "_BLOCK", 64)
    live, streamed = await build(tmp_path / "streamed", monkeypatch)

    for (was, rows_before), (now, rows) in zip(whole, streamed, strict=True):
        assert rows == rows_before and len(rows) > 3
        assert messages_of(now) == messages_of(was) != {}
        same = {"rows", "proofs", "licenses", "changes", "shorter", "release", "probes", "balances"}
        assert now.model_dump(include=same) == was.model_dump(include=same)
    left = [each.name for each in (tmp_path / "streamed" / "store").glob(".tmp-*")]
    assert left == [], "and no draft lies about"
    assert live.datasets.latest("world") == streamed[-1][0].version


CHUNKS = list(composing.CHUNKS.values())


def sound(number: int) -> MultiHop:
    """A row that stands all checks."""
    row = composing.row(number)
    quotes = [
        composing.CHUNKS[span.chunk_id].text[span.start : span.end]
        for hop in row.hops
        for span in hop.evidence
    ]
    hops = tuple(
        hop.model_copy(update={"quote": quote}) for hop, quote in zip(row.hops, quotes, strict=True)
    )
    return row.model_copy(update={"hops": hops})


def test_rows_of_one_id_are_all_accounted_for(tmp_path: Path):
    """One stays; the other is turned away, and does not take it along."""
    row = sound(1)
    other = row.model_copy(update={"composer": "another"})
    with entered(make_live(tmp_path)) as live:
        made = check_rows.body(
            rows=[live.store.write("multi_hop", [row, other], MultiHop)],
            chunks=[live.store.write("chunks", CHUNKS, Chunk)],
            base=None,
        )
        (kept,) = live.store.read(made["kept"], MultiHop)
        (gone,) = live.store.read(made["rejected"], Rejection)

    assert kept in (row, other)
    assert gone.reason is Reason.DUPLICATE_QUESTION
    assert (made.balances[0].taken, made.balances[0].accepted) == (2, 1)


def test_what_fails_a_check_is_no_twin_of_what_stands(tmp_path: Path):
    row = sound(2)
    wrong = sound(1).model_copy(update={"answer": "Nobody"})
    with entered(make_live(tmp_path)) as live:
        made = check_rows.body(
            rows=[live.store.write("multi_hop", [each], MultiHop) for each in (row, wrong)],
            chunks=[live.store.write("chunks", CHUNKS, Chunk)],
            base=None,
        )
        assert live.store.read(made["kept"], MultiHop) == [row]
        (gone,) = live.store.read(made["rejected"], Rejection)

    assert (gone.item, gone.reason) == (wrong.id, Reason.WRONG_ANSWER)


class Probing(WorldResources):
    """Resources whose model answers a question in the presence of one page."""

    def __post_init__(self) -> None:
        def say(_, values):
            knows = any("telling" in each for each in values["documents"])
            return ShortAnswer(rationale="", answerable=knows, answer="Brisa Tolle")

        self.__dict__["model"] = ScriptedModel(say)


async def test_rows_are_probed_with_their_own_distractors(tmp_path: Path):
    """And one whose context has none is not asked at all."""
    beside_rows = {"m-0": "f-plain", "m-1": "f-telling", "m-2": "", "m-3": "f-plain"}
    rows = [
        multi_hop(BORN, FOUNDED).model_copy(update={"id": name, "answer": "Brisa Tolle"})
        for name in beside_rows
    ]
    pages = [document("f-plain", "plain text"), document("f-telling", "telling text")]
    found = make_live(tmp_path)
    with entered(Probing(found.settings, found.files, found.progress)) as live:
        store = live.store
        outcome = await probe_rows.body(
            rows=store.write("multi_hop", rows, MultiHop),
            contexts=store.write(
                "contexts", [context(n, page) for n, page in beside_rows.items()], ComposedContext
            ),
            documents=[store.write("documents", pages, Document)],
            plan=DistractPlan(
                prove=ProvePlan(
                    answer=prompt("answer"), closed_book=prompt("c"), compare=prompt("d")
                ),
                share=1.0,
                dataset="test",
            ),
            tokenizer="tekken",
        )
        kept = store.read(outcome["kept"], MultiHop)
        contexts = store.read(outcome["contexts"], ComposedContext)
        (gone,) = store.read(outcome["rejected"], Rejection)

    assert [(row.id, len(row.probes)) for row in kept] == [("m-0", 1), ("m-2", 0), ("m-3", 1)]
    assert [each.row_id for each in contexts] == ["m-0", "m-2", "m-3"]
    assert (gone.item, gone.reason) == ("m-1", Reason.ANSWERED_BY_DISTRACTORS)
    (balance,) = outcome.balances
    assert (balance.taken, balance.accepted, balance.rejected) == (
        3, 2, {"answered_by_distractors": 1},
    )  # fmt: skip


def context(name: str, page: str) -> ComposedContext:
    """A context with that page in it, or without any."""
    parts = (
        Segment(document_id=page, role=Role.RANDOM, start=0, end=9, context_start=0, context_end=9),
    )
    row = composing.row(0).model_copy(update={"id": name})
    return ComposedContext(
        row_id=name,
        language="en",
        segments=parts if page else (),
        evidence=(),
        tokens=9,
        characters=9,
        sha256="0",
        layout=composing.lay_out(row, composing.Contexts(tokens=(1024,)), dataset="test"),
    )
