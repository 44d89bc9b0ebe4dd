"""Once they are erased, no object of the store has a word of the documents."""

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.build_dataset import build_dataset
from flows.taking_down import Wanted, take_documents_down
from longhop.errors import ConfigError, StorageError
from longhop.llm.client import RememberingModel
from longhop.records.model import ModelRequest
from longhop.records.takedowns import Takedown, mark_of
from longhop.rehearsal import RehearsalServer
from longhop.rehearsal.demo_corpus import almanac_pages
from longhop.resources import Resources, Silence, entered
from longhop.settings import Settings
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of
from longhop.storage.files import Files, LocalFiles
from longhop.storage.memo import Memo
from tests.world import FACTS, WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server")


def found_in(files: Files, needle: str) -> list[str]:
    """The objects that hold a text, read by other means than those that erase."""
    return [path for path in files.list("") if needle in "\n".join(said(files, path))]


def said(files: Files, path: str) -> Iterator[str]:
    data = files.read(path)
    text = data.decode("utf-8", "replace")
    yield text
    yield html.unescape(text)
    if path.endswith(".parquet"):
        with files.local_copy(path) as copy:
            rows = pq.read_table(copy).to_pylist()
        yield json.dumps(rows, ensure_ascii=False, default=str)


async def erase(live: Resources, name: str, *ids: str) -> list[str]:
    told: list[str] = []
    with entered(live):
        await take_documents_down(name, Wanted(ids, erase=True), told.append, lambda _: True)
    return told


@pytest.fixture
async def world(tmp_path: Path, no_endpoint: None) -> tuple[WorldResources, DatasetSpec]:
    live = make_live(tmp_path)
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"))
    with entered(live):
        await build_dataset(**form_of(spec))
    return live, spec


def page_of(live: WorldResources) -> tuple[str, str, str]:
    """A document that a row rests on: its id, the sentence that tells its fact, its question."""
    manifest = live.datasets.resolve("world", "latest")
    assert manifest is not None
    hop = rows_of(live, manifest)[0].hops[0]
    sentence = next(fact[0] for fact in FACTS if fact[1] == hop.question)
    return hop.document_id, sentence, hop.question


World = tuple[WorldResources, DatasetSpec]


async def test_nothing_of_it_is_in_any_object(world: World):
    """Neither its sentence nor what was asked about it, in whatever form an object holds it."""
    live, spec = world
    document, sentence, question = page_of(live)
    before = live.datasets.latest("world")
    live.datasets.note_run("world", "r1", {"error": f"the quote {sentence!r} is not there"})
    live.answers.put("k1", {"text": json.dumps({"quote": sentence}), "finish": "stop"})
    live.answers.put("k2", {"text": json.dumps({"questions": [question]}), "finish": "stop"})
    live.answers.put("k3", {"text": json.dumps({"quote": FACTS[-1][0]}), "finish": "stop"})
    live.answers.flush()
    assert len(found_in(live.files, sentence)) > 10
    told = await erase(live, "world", document)

    assert found_in(live.files, sentence) == found_in(live.files, question) == []
    assert found_in(live.files, f'"{document}"') == []
    assert live.answers.get("k1") is None and live.answers.get("k2") is None
    assert live.answers.get("k3") is not None, "what is of other documents stays"
    assert live.datasets.versions("world") == [live.datasets.latest("world")] != [before]
    assert f"erase    version world/{before} is deleted: it has them" in told
    assert told[-1].startswith("verified")
    (listed,) = live.datasets.takedowns("world").documents
    assert listed.erased and listed.id == "" and listed.texts

    with entered(live):
        again = await build_dataset(**form_of(spec))
    assert found_in(live.files, sentence) == []
    assert again.rows > 0, "the artifacts that went with it are made again"


async def test_another_text_under_its_id_goes_too(tmp_path: Path, no_endpoint: None):
    """It was turned away when it was read, and told of with the id; later nights say neither."""
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    pages = [json.loads(line) for line in corpus.read_text().splitlines()]
    rival = "Nobody remembers how the ferryman of Tarnow lost his second lantern in the reeds."
    pages.append({**pages[0], "text": f"{rival} {pages[-1]['text']}"})
    corpus.write_text("".join(json.dumps(each) + "\n" for each in pages))
    document = pages[0]["id"]
    with entered(live):
        await build_dataset(**form_of(make_spec(corpus)))
    said = found_in(live.files, f"id '{document}' comes more than once")
    assert said
    await erase(live, "world", document)
    assert found_in(live.files, "ferryman of Tarnow") == []

    with entered(live):
        await build_dataset(**form_of(make_spec(corpus)))
    assert found_in(live.files, "ferryman of Tarnow") == []
    assert found_in(live.files, f"id '{document}' comes more than once") == []


async def test_a_takedown_that_comes_meanwhile_is_not_forgotten(world: World):
    live, _ = world
    document, _, _ = page_of(live)
    other = mark_of("another-page")

    def sure(question: str) -> bool:
        if "for good" in question:
            listed = live.datasets.takedowns("world")
            live.datasets.remember_takedowns("world", listed.with_more([Takedown(mark=other)]))
        return True

    with entered(live):
        wanted = Wanted((document,), erase=True)
        await take_documents_down("world", wanted, lambda _: None, sure)

    assert set(live.datasets.takedowns("world").marks) == {mark_of(document), other}


async def test_what_failed_is_looked_for_again(world: World):
    """An object that still quotes it is named each time, until it is gone."""
    live, _ = world
    document, sentence, _ = page_of(live)
    live.files.write("somebody/notes.json", json.dumps({"said": sentence}).encode())
    for _ in range(2):
        with pytest.raises(StorageError, match=r"somebody/notes\.json"):
            await erase(live, "world", document)
    live.files.delete("somebody/notes.json")
    told = await erase(live, "world", document)

    assert told[-1].startswith("verified")
    assert found_in(live.files, sentence) == []


async def test_killed_at_any_deletion_it_is_finished_by_doing_it_again(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is gone already; and `latest` is whole at each of these moments."""
    live, _ = world
    document, sentence, _ = page_of(live)
    cuts = 0
    real = LocalFiles.delete

    class Killed(BaseException):
        """Nothing catches it, as nothing catches a kill."""

    for kept in (0, 1, 3, 8, 15, 30, 10_000):
        left = [kept]

        def cut(self: LocalFiles, path: str, left: list[int] = left) -> None:
            if left[0] == 0:
                raise Killed
            left[0] -= 1
            real(self, path)

        monkeypatch.setattr(LocalFiles, "delete", cut)
        try:
            await erase(live, "world", document)
        except Killed:
            cuts += 1
            monkeypatch.setattr(LocalFiles, "delete", real)
            latest = live.datasets.resolve("world", "latest")
            assert latest is not None and live.datasets.is_whole(latest)
    assert cuts >= 4
    assert found_in(live.files, sentence) == []
    assert live.datasets.takedowns("world").erasing == ()
    assert len(live.datasets.versions("world")) == 1


async def test_a_bucket_keeps_nothing_of_it_either(
    tmp_path: Path, bucket: Files, no_endpoint: None
):
    live = make_live(tmp_path)
    live.files = bucket
    with entered(live):
        await build_dataset(**form_of(make_spec(write_corpus(tmp_path / "c.jsonl"))))
    document, sentence, question = page_of(live)
    assert found_in(bucket, sentence)
    await erase(live, "world", document)

    assert found_in(bucket, sentence) == found_in(bucket, question) == []
    latest = live.datasets.resolve("world", "latest")
    assert latest is not None and live.datasets.is_whole(latest)


async def test_another_datasets_latest_version_is_not_deleted(world: World):
    live, spec = world
    document, sentence, _ = page_of(live)
    with entered(live):
        await build_dataset(**form_of(spec.model_copy(update={"name": "other"})))
    with pytest.raises(ConfigError, match="latest version of other"):
        await erase(live, "world", document)
    assert found_in(live.files, sentence)

    with entered(live):
        await take_documents_down("other", Wanted((document,)), print, lambda _: True)
    told = await erase(live, "world", document)
    assert found_in(live.files, sentence) == []
    assert sum(each.endswith("is deleted: it has them") for each in told) == 2


async def test_it_is_not_done_while_a_build_has_the_store_open(world: World):
    """What that has in memory would be written again."""
    live, _ = world
    document, sentence, _ = page_of(live)
    build = Memo(live.files, "answers", live.settings.journal_folder)
    try:
        with pytest.raises(StorageError, match="erase once they have ended"):
            await erase(live, "world", document)
    finally:
        build.close()
    assert found_in(live.files, sentence)
    latest = live.datasets.resolve("world", "latest")
    assert latest is not None and latest.takedowns, "it is taken down all the same"


async def test_all_answers_to_prompts_that_held_it_are_erased_whatever_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """`1640` cannot be told from another's answer: its prompt is made again to find it."""
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(page) + "\n" for page in almanac_pages()))
    prompts: dict[str, str] = {}
    real = RememberingModel.request

    def request(self: RememberingModel, *given: Any) -> ModelRequest:
        made = real(self, *given)
        prompts[made.key] = "\n".join(each.content for each in made.messages)
        return made

    monkeypatch.setattr(RememberingModel, "request", request)
    with RehearsalServer() as server:
        monkeypatch.setenv("LONGHOP_BASE_URL", server.url)
        settings = Settings(store=str(tmp_path / "store"))
        live = Resources(settings, LocalFiles(tmp_path / "store"), Silence())
        try:
            with entered(live):
                await build_dataset(**form_of(spec_of(corpus)))
            manifest = live.datasets.resolve("pages", "latest")
            assert manifest is not None
            evidence = rows_of(live, manifest)[0].evidence[0]
            live.answers.flush()
            before = answers_of(live)
            await erase(live, "pages", evidence.document_id)
            left = answers_of(live)
        finally:
            await live.close()

    shown = {key for key, prompt in prompts.items() if evidence.text in prompt} & before.keys()
    assert len(shown) >= 5, "it was asked about, proved with, and stood beside rows"
    assert shown.isdisjoint(left)
    short = [json.loads(before[key]["text"]).get("answer", "") for key in shown]
    assert any(0 < len(each) < 20 for each in short), "also where the answer is a few letters"
    assert left.items() <= before.items()
    assert len(left) > len(before) * 2 / 3, "what is of others stays"


def spec_of(corpus: Path) -> DatasetSpec:
    return DatasetSpec.model_validate(
        {
            "name": "pages",
            "corpus": {"paths": [str(corpus)]},
            "models": {"default": {"name": "rehearsal-1"}},
            "splits": {"train": 1.0, "validation": 0.0, "test": 0.0},
            "questions": {"groups": 30},
            "contexts": {"tokens": [1024]},
            "verification": {"distractor_probes": 1.0},
        }
    )


def answers_of(live: Resources) -> dict[str, Any]:
    """Every answer in the segments of the memo, by key."""
    lines = [
        json.loads(line)
        for path in live.files.list("memo/answers")
        for line in live.files.read(path).splitlines()
    ]
    return {each["key"]: each["value"] for each in lines}
