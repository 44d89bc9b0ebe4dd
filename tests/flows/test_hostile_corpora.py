"""Whatever a corpus is like, every line of it is accounted for, or the build says why it stops."""

import gzip
import json
import shutil
from pathlib import Path

import pytest

from flows.building import Build
from flows.order import prepare_documents
from longhop.corpus.cleaning import clean_text
from longhop.errors import LongHopError
from longhop.operations.preparing import prepare_inputs
from longhop.publishing.funnel import add_up
from longhop.records.accounts import Rejection
from longhop.records.corpus import Chunk, Document
from longhop.resources import Resources, Silence, entered
from longhop.settings import Settings
from longhop.spec import DatasetSpec
from longhop.storage.artifacts import ArtifactStore
from longhop.storage.files import LocalFiles
from tests.hostile import CORPORA, Mess

BUILT = {name: mess for name, mess in CORPORA.items() if not mess.refused}
REFUSED = {name: mess for name, mess in CORPORA.items() if mess.refused}


async def prepared(
    mess: Mess, folder: Path, *, store: str = "store"
) -> tuple[Build, ArtifactStore]:
    """The stages without a model, from the corpus as it is to its chunks."""
    mess.write(folder)
    path = folder / store
    live = Resources(Settings(store=str(path)), LocalFiles(path), Silence())
    with entered(live):
        try:
            start = prepare_inputs(spec_of(mess), "none", live)
            build = Build(spec_of(mess), start, here=True)
            await prepare_documents(build)
        finally:
            await live.close()
    return build, live.store


def spec_of(mess: Mess) -> DatasetSpec:
    return DatasetSpec.model_validate(
        {
            "name": "hostile",
            "corpus": {"paths": ["corpus"]},
            "models": {"default": {"name": "none"}},
            **mess.spec,
        }
    )


@pytest.mark.parametrize("name", BUILT)
async def test_every_line_is_read_skipped_or_rejected(name: str, tmp_path: Path, monkeypatch):
    """And what is read is cut into chunks that tile it, so nothing is lost on the way."""
    monkeypatch.chdir(tmp_path)
    mess = BUILT[name]
    build, store = await prepared(mess, tmp_path)

    first = add_up(build.book.balances)[0]
    assert first.stage == "read"
    assert mess.lines in (None, first.taken)
    rejected = store.read_all(build.book.rejected, Rejection)
    assert {str(each.reason) for each in rejected} >= set(mess.reasons)
    for each in rejected:
        assert each.stage != "read" or each.item.startswith("corpus/")
    documents = {each.id: each for each in store.read_all(build.documents, Document)}
    chunks = store.read_all(build.chunks, Chunk)
    assert documents and chunks
    for each in documents.values():
        own = [chunk for chunk in chunks if chunk.document_id == each.id]
        assert "".join(chunk.text for chunk in own) == each.text
        assert [chunk.start for chunk in own[1:]] == [chunk.end for chunk in own[:-1]]


@pytest.mark.parametrize("name", REFUSED)
async def test_what_cannot_be_built_from_is_refused_in_one_message(
    name: str, tmp_path: Path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LongHopError) as error:
        await prepared(REFUSED[name], tmp_path)

    assert REFUSED[name].refused in str(error.value)
    assert len(str(error.value)) < 600


async def test_the_order_of_files_decides_nothing(tmp_path: Path, monkeypatch):
    """The same lines in files of other names, so in another order, give the same artifacts."""
    monkeypatch.chdir(tmp_path)
    made = BUILT["duplicate_ids"].make()["corpus.jsonl"].splitlines(keepends=True)
    halves = made[: len(made) // 2], made[len(made) // 2 :]
    found = []
    for names in (("a", "b"), ("b", "a")):
        parts = {f"{name}.jsonl": b"".join(half) for name, half in zip(names, halves, strict=True)}
        shutil.rmtree(tmp_path / "corpus", ignore_errors=True)
        build, _ = await prepared(
            Mess(lambda parts=parts: parts, None), tmp_path, store="".join(names)
        )
        found.append([each.hash for each in (*build.documents, *build.chunks)])

    assert found[0] == found[1]


async def test_personal_data_licences_and_languages_are_filtered(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    row = '{"id": "%s", "license": "%s", "language": "%s", "text": "%s"}\n'
    text = "The keeper of the quay can be reached at keeper@lantern-quay.com or by letter. "
    lines = (
        row % ("ok", "CC0-1.0", "en", text + "One page. " * 9),
        row % ("closed", "All rights reserved", "en", text + "Another page of it. " * 9),
        row % ("french", "cc0 1.0", "fr", text + "Encore une page. " * 9),
    )
    spec = {"cleaning": {"licenses": ["CC0-1.0"], "languages": ["en"], "personal_data": "mask"}}
    mess = Mess(lambda: {"corpus.jsonl": "".join(lines).encode()}, 3, spec=spec)
    build, store = await prepared(mess, tmp_path)

    (kept,) = store.read_all(build.documents, Document)
    reasons = {
        each.item: str(each.reason) for each in store.read_all(build.book.rejected, Rejection)
    }
    assert reasons == {"closed": "license_not_allowed", "french": "unwanted_language"}
    assert "keeper@" not in kept.text and "[email]" in kept.text
    assert build.book.changes["personal_data"] == 1


DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize("language", ["zh", "ar"])
async def test_articles_in_chinese_and_arabic_pass_whole(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Every paragraph of XQuAD's articles is in the chunks of its document, to the letter."""
    path = DATA / f"xquad_{language}_sample.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    lines = [
        {"id": each["id"], "text": "\n\n".join(part["text"] for part in each["paragraphs"])}
        for each in articles
    ]
    monkeypatch.chdir(tmp_path)
    made = {"corpus.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}
    build, store = await prepared(Mess(lambda: made, len(lines)), tmp_path)
    documents = {each.id: each for each in store.read_all(build.documents, Document)}
    chunks = store.read_all(build.chunks, Chunk)

    assert {each.language for each in documents.values()} == {language}
    for article in articles:
        own = [each for each in chunks if each.document_id == article["id"]]
        text = "".join(each.text for each in own)
        assert text == documents[article["id"]].text
        for part in article["paragraphs"]:
            assert clean_text(part["text"]) in text
