"""What benchmarks and a corpus share is turned away, and told item by item."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from longhop.errors import ConfigError
from longhop.operations.preparing import prepare_inputs
from longhop.records.manifest import Manifest
from longhop.resources import entered
from tests.flows.test_build_dataset import build
from tests.world import FACTS, WorldResources, make_live, make_spec, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")

ASIDE = "The lanterns of the old harbour were sold by weight, nine to the stone, until the war."


def benchmark_of(folder: Path, *texts: str, name: str = "b.jsonl") -> str:
    path = folder / name
    path.write_text("".join(json.dumps({"text": each}) + "\n" for each in texts))
    return str(path)


def met(live: WorldResources, manifest: Manifest) -> list[dict[str, object]]:
    folder = live.datasets.folder(manifest.name, manifest.version)
    held = live.files.read(f"{folder}/contamination.parquet")
    return pq.read_table(io.BytesIO(held)).to_pylist()


async def test_every_item_that_was_met_is_told(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    pages = [json.loads(line) for line in corpus.read_text().splitlines()]
    pages[-1]["text"] += f" {ASIDE}"
    pages[-1]["title"] = "How many bridges did the smith of Ardell build in one summer?"
    corpus.write_text("".join(json.dumps(each) + "\n" for each in pages))
    held = benchmark_of(tmp_path, ASIDE, "Nobody says anything of the kind here, ever.")
    titled = benchmark_of(tmp_path, pages[-1]["title"], name="titles.jsonl")
    clear = benchmark_of(tmp_path, "Of what is asked here no page says a word.", name="clear.jsonl")

    manifest, _ = await build(
        live, make_spec(corpus, decontamination={"benchmarks": [held, titled, clear]})
    )
    card = live.files.read(f"datasets/world/{manifest.version}/README.md").decode()

    assert manifest.contamination == {
        held: {"items": 1, "decontaminate": 1},
        titled: {"items": 1, "decontaminate": 1},
        clear: {"items": 0},
    }
    assert [(each["place"], each["in_a_row"]) for each in met(live, manifest)] == [
        (f"{held}:1", 17),
        (f"{titled}:1", 12),
    ]
    assert "contamination.parquet" in card
    assert "decontaminate 1" in card


async def test_without_a_benchmark_nothing_is_told(tmp_path: Path):
    live = make_live(tmp_path)
    manifest, _ = await build(live, make_spec(write_corpus(tmp_path / "c.jsonl")))

    assert manifest.contamination == {}
    assert "contamination.parquet" not in {each.path for each in manifest.files}


def test_a_prompt_that_holds_an_item_is_refused(tmp_path: Path):
    """An example in a prompt comes back in any answer."""
    live = make_live(tmp_path)
    folder = tmp_path / "prompts"
    folder.mkdir()
    shipped = Path("longhop/prompts/ask.en.j2").read_text()
    (folder / "ask.en.j2").write_text(f"For example: {FACTS[0][1]} {ASIDE}\n{shipped}")
    spec = make_spec(
        write_corpus(tmp_path / "c.jsonl"),
        prompts=str(folder),
        decontamination={"benchmarks": [benchmark_of(tmp_path, ASIDE)]},
    )

    with entered(live), pytest.raises(ConfigError, match=r"prompt ask\.en\.j2 holds .*b\.jsonl:1"):
        prepare_inputs(spec, "latest", live)


def test_an_item_that_every_row_would_hold_is_named(tmp_path: Path):
    live = make_live(tmp_path)
    frame = benchmark_of(tmp_path, "Answer the question as briefly as you can.")
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"), decontamination={"benchmarks": [frame]})

    with entered(live), pytest.raises(ConfigError, match=r"b\.jsonl:1.*around every question"):
        prepare_inputs(spec, "latest", live)
