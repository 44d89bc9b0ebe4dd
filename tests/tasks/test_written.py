"""Pairs and rows on their way to written documents: streams, whose results are those of memory."""

import json
from pathlib import Path

import pytest

from longhop.contexts.gating import GatePlan, gate_seeds
from longhop.contexts.measuring import Measure
from longhop.corpus.pairs import read_pairs
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Outcome
from longhop.records.corpus import Document
from longhop.records.questions import Scope
from longhop.records.seeds import Origin, SeedPair
from longhop.records.verification import MultiHop
from longhop.resources import entered, resources
from tasks import gate_pairs as gating
from tasks.gate_pairs import gate_pairs
from tasks.library import Filed
from tasks.rewrite_rows import exchange_rows, take_rows
from tests.fakes import BORN, FOUNDED, document, multi_hop
from tests.world import make_live

ROW = multi_hop(BORN, FOUNDED).model_copy(update={"proof": "complete"})
ROWS = [ROW.model_copy(update={"id": f"m-{n:02}"}) for n in range(40)]
PLAN = GatePlan(yes_no=0.5)


def write_pairs(path: Path) -> Path:
    lines = [{"question": f"Who founded Town{n} of Orlin?", "answer": f"Name{n}"} for n in range(9)]
    lines += [{"question": f"Is Mill{n} older than Orlin?", "answer": "no"} for n in range(20)]
    lines += [lines[0] | {"task": "b"}, lines[0], {"question": "Who sang?", "answer": "Bo"}]
    lines += [{"question": "who founded Town3 of  Orlin", "answer": "Name3."}, {"question": ""}]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines) + "{broken\n")
    return path


def gated(path: Path, base: list[Origin] | None = None) -> Outcome:
    held = [resources().store.write("origins", base, Origin)] if base else []
    outcome: Outcome = gate_pairs.body(
        path=str(path), hashed="", license="CC0-1.0", plan=PLAN, target=250, in_tokens=False,
        tokenizer="tekken", vocabulary="", benchmarks={}, ngram=13, base=held,
    )  # fmt: skip
    return outcome


@pytest.mark.parametrize("run", [16_000_000, 500])
def test_the_gate_lets_in_what_it_would_let_in_with_all_pairs_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int
):
    """In their order, and with every rejection, whether the pairs fit in memory or not."""
    sort = gating.sort_on_disk
    monkeypatch.setattr(gating, "sort_on_disk", lambda *a, **more: sort(*a, **more, run=run))
    path = write_pairs(tmp_path / "pairs.jsonl")
    with entered(make_live(tmp_path)) as live:
        made = gated(path)
        kept = live.store.read(made["seeds"], SeedPair)
        rejected = live.store.read(made["rejected"], Rejection)
        pairs, unread = read_pairs(str(path), live.sources, license="CC0-1.0")
        wanted, refused = gate_seeds(pairs, PLAN, Measure(250, open_tokenizer("tekken")))
    (balance,) = made.balances

    assert kept == wanted
    assert sorted(map(str, rejected)) == sorted(map(str, [*unread, *refused]))
    assert len({each.reason for each in rejected}) >= 5
    assert (balance.taken, balance.accepted) == (len(kept) + len(rejected), len(kept))


def test_a_pair_that_the_base_has_a_document_for_comes_first(tmp_path: Path):
    path = write_pairs(tmp_path / "pairs.jsonl")
    with entered(make_live(tmp_path)) as live:
        last = live.store.read(gated(path)["seeds"], SeedPair)[-1]
        origin = Origin(
            document_id="s-1", seed_id=last.id, task="", form="report", split="train",
            anchored=False, language="en",
        )  # fmt: skip
        first = live.store.read(gated(path, [origin])["seeds"], SeedPair)[0]

    assert first == last


def test_rows_are_taken_by_their_ids_and_exchanged_without_losing_one(tmp_path: Path):
    with entered(make_live(tmp_path)) as live:
        parts = [live.store.write("multi_hop", ROWS[at::3][::-1], MultiHop) for at in range(3)]
        taken = take_rows.body(rows=parts, share=0.5, dataset="data")
        again = take_rows.body(rows=parts[::-1], share=0.5, dataset="data")
        drawn = live.store.read(taken["drawn"], MultiHop)
        anew = [each.model_copy(update={"scope": Scope.INTRA}) for each in drawn[:4]]
        proved = [live.store.write("multi_hop", anew[at::2], MultiHop) for at in range(2)]
        changed = exchange_rows.body(rows=parts, proved=proved)
        after = live.store.read(changed["rows"], MultiHop)

    assert taken == again and 10 < len(drawn) < 30
    assert (taken.balances[0].taken, taken.balances[0].accepted) == (40, len(drawn))
    assert [each.id for each in after] == [each.id for each in ROWS]
    assert {each.id for each in after if each in anew} == {each.id for each in anew}
    assert changed.notes[0].startswith("4 of the rows")


def test_rows_without_a_proved_document_stay_as_they_were(tmp_path: Path):
    with entered(make_live(tmp_path)) as live:
        whole = live.store.write("multi_hop", ROWS, MultiHop)
        changed = exchange_rows.body(rows=[whole], proved=[])

        assert live.store.read(changed["rows"], MultiHop) == ROWS


def test_records_in_a_file_are_found_as_those_in_memory_are():
    """Of two with one name the later counts, and what is not there is not."""
    made = [document(f"d{n}", f"Text {n}.") for n in range(600)]
    with Filed(Document, "id", keep={"d3": None}) as filed:
        for each in [*made, document("d5", "Later.")]:
            filed.add(each)

        assert [filed[f"d{n}"].text for n in (3, 4, 5, 599)] == [
            "Text 3.", "Text 4.", "Later.", "Text 599.",
        ]  # fmt: skip
        assert "d600" not in filed and filed.get("d600") is None
        assert {each.id for each in filed.values()} == {each.id for each in made}
