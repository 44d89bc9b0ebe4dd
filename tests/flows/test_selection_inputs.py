"""Selection on input that nobody would wish for: it ends in order, and says what it did."""

import json
from pathlib import Path
from typing import Any

import pytest

from longhop.errors import ConfigError
from longhop.ports import NoReply
from longhop.records.corpus import Placement
from longhop.resources import entered
from tests.flows.test_build_dataset import build
from tests.flows.test_selection import draws_of, trace_of, write_reference
from tests.world import FACTS, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


def write_pages(path: Path, texts: list[str]) -> Path:
    rows = [{"id": f"p{n}", "title": "", "text": text} for n, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


PAGE = (
    "Orlin Mill was built in 1640. It stands by the river, and it has ground corn ever since then."
)


@pytest.mark.parametrize("items", [1, 2, 9])
async def test_a_reference_of_any_size_chooses(tmp_path: Path, items: int):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=40)
    reference = write_reference(tmp_path / "r.jsonl", items)
    spec = make_spec(corpus, selection={"documents": 20, "reference": reference})
    manifest, _ = await build(live, spec)

    assert len(draws_of(live, manifest)) == 20
    assert trace_of(live, manifest)[-1].coverage >= 0


async def test_a_reference_without_a_pair_is_refused_by_name(tmp_path: Path):
    live = make_live(tmp_path)
    (tmp_path / "r.jsonl").write_text('{"question": "", "answer": "x"}\n')
    corpus = write_corpus(tmp_path / "c.jsonl")
    spec = make_spec(corpus, selection={"reference": str(tmp_path / "r.jsonl")})

    with entered(live), pytest.raises(ConfigError, match=r"r\.jsonl holds no line"):
        await build(live, spec)
    assert not live.model.asked


async def test_lines_of_a_reference_that_are_no_pairs_are_told(tmp_path: Path):
    live = make_live(tmp_path)
    path = Path(write_reference(tmp_path / "r.jsonl"))
    path.write_text(path.read_text() * 2 + '{"question": 3}\nno json\n')
    corpus = write_corpus(tmp_path / "c.jsonl")
    spec = make_spec(corpus, selection={"reference": str(path), "documents": 9})
    manifest, _ = await build(live, spec)

    (note,) = (each for each in manifest.notes if "reference" in each)
    assert "9 pairs" in note and "exact_duplicate 9" in note and "broken_line 1" in note


async def test_a_reference_in_another_language_is_told(tmp_path: Path):
    """Cosines across languages mean little with a model of one, and nothing else would show it."""
    live = make_live(tmp_path)
    rows = [{"question": f"云川的第{n}个首都是哪里？", "answer": "云禾城"} for n in range(9)]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    corpus = write_corpus(tmp_path / "c.jsonl")
    spec = make_spec(corpus, selection={"reference": str(tmp_path / "r.jsonl"), "documents": 9})
    manifest, _ = await build(live, spec)

    assert any("zh" in each and "en" in each for each in manifest.notes if "reference" in each)


@pytest.mark.parametrize("documents", [1, 2])
async def test_one_document_is_chosen_and_asked(tmp_path: Path, documents: int):
    live = make_live(tmp_path)
    corpus = write_pages(tmp_path / "c.jsonl", [PAGE])
    reference = write_reference(tmp_path / "r.jsonl")
    spec = make_spec(corpus, selection={"documents": documents, "reference": reference})
    manifest, _ = await build(live, spec)

    assert len(draws_of(live, manifest)) == 1


async def test_documents_that_all_embed_alike_are_chosen_by_hash(tmp_path: Path):
    """The world's embedder counts words, so these are one point, and near-duplicates are not."""
    live = make_live(tmp_path)
    live.__dict__["embedder"] = lambda model, precision: Same()
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=30)
    reference = write_reference(tmp_path / "r.jsonl")
    spec = make_spec(corpus, selection={"documents": 12, "reference": reference})
    manifest, _ = await build(live, spec)
    placed = live.store.read(manifest.artifacts["placements"], Placement)

    assert len({each.document_id for each in draws_of(live, manifest)}) == 12
    assert {each.cluster for each in placed} == {0}


class Same:
    """An embedder to which all texts are one."""

    weights = "same"

    def embed(self, texts: Any) -> Any:
        import numpy as np

        return np.tile(np.asarray([2047, 0, 0, 0], dtype=np.int16), (len(texts), 1))


async def test_where_every_call_fails_asking_ends_and_is_charged_once(tmp_path: Path):
    live = make_live(tmp_path)
    live.model.script = lambda prompt, values: NoReply(refused=True, detail="no", raw="")
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=200)
    spec = make_spec(corpus, selection={"documents": 200})
    manifest, asked = await build(live, spec)
    ask = next(each for each in manifest.balances if each.stage == "ask")

    assert sum(ask.failed.values()) == asked < 60
    assert ask.left["stopped"] == len(FACTS) + 200 - asked
    assert any("failed" in note for note in manifest.notes)


async def test_where_every_reply_is_unreadable_asking_ends(tmp_path: Path):
    """It says nothing of the documents, and more of it would be paid for nothing."""
    live = make_live(tmp_path)
    live.model.script = lambda prompt, values: NoReply(refused=False, detail="no", raw="I cannot.")
    corpus = write_corpus(tmp_path / "c.jsonl", fillers=200)
    manifest, asked = await build(live, make_spec(corpus, selection={"documents": 200}))

    assert asked < 60
    assert any("failed" in note for note in manifest.notes)
