"""Caps in a build: what stands back is told by name, and comes back when there is room."""

import json
from pathlib import Path

import pytest

from flows.select_documents import select_documents
from longhop.resources import entered
from longhop.spec.form import form_of
from tests.flows.test_build_dataset import build
from tests.world import make_live, make_spec, rows_of, write_corpus

pytestmark = pytest.mark.usefixtures("prefect_server", "no_endpoint")


async def test_no_more_rows_of_a_kind_than_allowed(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    whole, _ = await build(live, make_spec(corpus))
    capped, asked = await build(live, make_spec(corpus, caps={"composition": {"bridge": 1}}))
    counted = {each.stage: each for each in capped.balances}
    kinds = [str(each.composition) for each in rows_of(live, capped)]

    assert sum(str(each.composition) == "bridge" for each in rows_of(live, whole)) > 1
    assert kinds.count("bridge") == 1
    assert kinds.count("temporal") == sum(
        str(each.composition) == "temporal" for each in rows_of(live, whole)
    )
    assert counted["cap_rows"].rejected == {"capped": sum(whole.rows.values()) - len(kinds)}
    assert {name for name, _ in live.model.asked} <= {"closed_book", "answer"}, asked


async def test_domains_are_those_of_the_documents_a_row_rests_on(tmp_path: Path):
    live = make_live(tmp_path)
    corpus = write_corpus(tmp_path / "c.jsonl")
    pages = [json.loads(line) for line in corpus.read_text().splitlines()]
    corpus.write_text("".join(json.dumps({**page, "domain": "towns"}) + "\n" for page in pages))
    whole, _ = await build(live, make_spec(corpus))
    capped, _ = await build(live, make_spec(corpus, caps={"domain": {"any": 1}}))

    assert {each.domains for each in rows_of(live, whole)} == {("towns",)}
    assert sum(capped.rows.values()) == 1


async def test_pairs_have_no_caps(tmp_path: Path):
    spec = make_spec(write_corpus(tmp_path / "c.jsonl"), caps={"language": {"en": 3}})

    with entered(make_live(tmp_path)), pytest.raises(Exception, match="select-documents makes"):
        await select_documents(**form_of(spec, "pairs"))
