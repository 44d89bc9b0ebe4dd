"""An estimate costs nothing, and what a build then uses lies within it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from flows.build_dataset import build_dataset
from flows.demonstrating import demo_spec
from flows.estimating import tell_estimate
from longhop.records.estimate import Estimate, Range
from longhop.rehearsal import MODEL, RehearsalServer
from longhop.rehearsal.demo_corpus import write_demo_inputs
from longhop.resources import open_resources
from longhop.spec import DatasetSpec
from longhop.spec.form import form_of

pytestmark = pytest.mark.usefixtures("prefect_server")

PRICES = f"version: 2026\ncurrency: EUR\nmodels: {{{MODEL}: {{input: 1, output: 2}}}}\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RehearsalServer]:
    write_demo_inputs(tmp_path / "demo")
    (tmp_path / "prices.yaml").write_text(PRICES)
    monkeypatch.chdir(tmp_path)
    with RehearsalServer() as running:
        monkeypatch.setenv("LONGHOP_BASE_URL", running.url)
        monkeypatch.setenv("LONGHOP_STORE", str(tmp_path / "store"))
        monkeypatch.setenv("LONGHOP_PRICES", "prices.yaml")
        yield running


def small_spec() -> DatasetSpec:
    spec = demo_spec(Path("demo"), MODEL)
    selection = spec.selection.model_copy(update={"documents": 30})
    questions = spec.questions.model_copy(update={"groups": 20})
    return spec.model_copy(update={"selection": selection, "questions": questions})


async def estimated(spec: DatasetSpec, ask: int = 0) -> tuple[Estimate | None, list[str]]:
    path = Path("spec.yaml")
    path.write_text(yaml.safe_dump(spec.stated()))
    lines: list[str] = []
    return await tell_estimate(path, ask, lines.append), lines


def answers(found: Estimate) -> Range:
    return sum((each.answers for each in found.stages), Range.exactly(0))


async def test_an_estimate_asks_nothing_and_holds(server: RehearsalServer):
    spec = small_spec()
    found, lines = await estimated(spec)
    assert found is not None
    assert server.log()["requests"] == 0
    async with open_resources() as live:
        published = await build_dataset(**form_of(spec))
        bill = live.datasets.manifest(published.name, published.version).bill
    used = bill[MODEL]
    tokens = sum((each.tokens for each in found.stages), Range.exactly(0))

    assert answers(found).low <= used.answers <= answers(found).high
    assert tokens.low <= used.tokens <= tokens.high
    assert any(re.fullmatch(r"all .* EUR", line) for line in lines)

    again, (line,) = await estimated(spec)
    assert again is None
    assert "would ask nothing" in line

    wider = spec.model_copy(
        update={"selection": spec.selection.model_copy(update={"documents": 40})}
    )
    night, _ = await estimated(wider)
    assert night is not None
    assert 0 < night.remembered.likely < 1
    assert night.stages[1].basis == f"as in {published.version}"


async def test_what_a_sample_paid_is_not_paid_again(server: RehearsalServer):
    spec = small_spec()
    found, _ = await estimated(spec, ask=5)
    paid = server.log()["requests"]
    again, _ = await estimated(spec, ask=5)

    assert found is not None and again is not None
    assert 5 <= paid <= 7
    assert server.log()["requests"] == paid
    assert again.remembered == found.remembered
    assert found.remembered.likely > 0
