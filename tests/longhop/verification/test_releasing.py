"""The release gate and the audit that it rests on."""

import pytest

from longhop.records.calibration import Label, Mode
from longhop.records.release import AuditedRow
from longhop.records.replies import Judged, ShortAnswer
from longhop.verification.auditing import FIRST_SAMPLE, AuditPlan, audit_rows
from longhop.verification.judging import JudgePlan
from longhop.verification.proving import ProvePlan
from longhop.verification.releasing import measure_release, notes_on_labels
from tests.fakes import BORN, FOUNDED, ScriptedModel, chunk, multi_hop, prompt

ROWS = [
    multi_hop(BORN, FOUNDED).model_copy(update={"id": f"m-{n:03}", "answer": f"Answer {n}"})
    for n in range(200)
]


def audited(good: int, total: int = 200) -> list[AuditedRow]:
    return [
        AuditedRow(id=f"m-{n:03}", good=n < good, multi_hop=True, judgements=(), probes=())
        for n in range(total)
    ]


def label(row: str, who: str, *, good: bool) -> Label:
    return Label(id=row, good=good, multi_hop=True, unique=None, comment="", labeller=who)


def shares(release):
    return {each.name: each for each in release.shares}


@pytest.mark.parametrize(("good", "passed"), [(180, True), (176, False)])
def test_the_lower_bound_is_what_is_demanded(good: int, passed: bool):
    """176 of 200 is a share of .88, and does not show that it is above .85."""
    release = measure_release(ROWS, audited(good), [], {"good": 0.85})

    assert release.passed is passed
    assert ("good" in release.missed) is not passed


def test_what_nothing_measured_misses():
    release = measure_release(ROWS, [], [], {"good": 0.5})

    assert not release.passed
    assert "(0 of 0, nothing measured it)" in release.missed


def test_what_is_not_demanded_is_measured_and_passes():
    release = measure_release(ROWS, audited(10), [], {})

    assert release.passed
    assert shares(release)["good"].share == 0.05


LABELS = [
    label("m-000", "kim", good=True),
    label("m-000", "lee", good=False),
    label("m-001", "kim", good=True),
    label("m-unknown", "kim", good=False),
]


def test_without_an_audit_the_labelled_rows_count_and_one_no_is_a_no():
    good = shares(measure_release(ROWS, [], LABELS, {}))["good"]

    assert (good.count, good.of) == (1, 2)
    assert good.basis == "labelled by 2 people, of 200 rows"


def test_with_an_audit_labels_count_for_the_rows_that_it_drew():
    """They may be of an earlier version: a sample of old rows says nothing of new ones."""
    good = shares(measure_release(ROWS, audited(200), LABELS, {}))["good"]

    assert (good.count, good.of) == (199, 200)
    assert good.basis == "audit, 2 of them labelled by 2 people"


def test_labels_that_do_not_count_are_told():
    ids = {each.id for each in ROWS}
    old = ids - {"m-100", "m-101"}

    assert notes_on_labels(ids, [], set(), new=200) == []
    assert notes_on_labels(ids, LABELS[:3], ids, new=0) == []
    (strange,) = notes_on_labels(ids, LABELS, ids, new=0)
    assert "1 of 3 labelled rows are not in this" in strange
    (silent,) = notes_on_labels(ids, LABELS[:3], old, new=2)
    assert "nothing of the 2 rows that are new" in silent
    assert notes_on_labels(ids, LABELS[:3], ids - {"m-000"}, new=1) == [], "one of them is new"


def test_rows_with_one_answer_on_the_same_documents_are_not_unique():
    twin = ROWS[0].model_copy(update={"id": "m-twin"})
    unique = shares(measure_release([*ROWS, twin], [], [], {}))["unique"]

    assert (unique.count, unique.of) == (199, 201)


def test_who_finds_a_twin_in_other_words_is_believed():
    denied = label("m-000", "kim", good=True).model_copy(update={"unique": False})
    unique = shares(measure_release(ROWS, [], [denied], {}))["unique"]

    assert (unique.count, unique.of) == (199, 200)


async def test_an_audit_asks_under_numbers_of_its_own_and_draws_by_a_keyed_hash():
    """The same answers would say the same again."""
    fields = ("clarity", "faithfulness", "coherence", "complexity")
    samples = set()

    def say(asked, values):
        samples.add(asked.sample)
        if asked.name == "judge":
            return Judged(rationale="Sound.", **dict.fromkeys(fields, 9))
        shown = "\n".join(values.get("documents", ()))
        whole = BORN.quote in shown and FOUNDED.quote in shown
        return ShortAnswer(rationale="", answerable=True, answer="Brisa Tolle" if whole else "")

    def anew(name: str):
        return prompt(name).model_copy(update={"sample": FIRST_SAMPLE})

    prove = ProvePlan(
        answer=anew("answer"), closed_book=anew("closed_book"), compare=anew("compare")
    )
    judge = JudgePlan(
        judges=(anew("judge"),), mode=Mode.SCORING, threshold=8, agreement=0.5, calibration=None,
        last=True,
    )  # fmt: skip
    plan = AuditPlan(judge=judge, prove=prove, rows=20, dataset="test")
    rows = [each.model_copy(update={"answer": FOUNDED.answer}) for each in ROWS]
    chunks = {h.chunk_id: chunk(h.chunk_id, h.quote, of=h.document_id) for h in (BORN, FOUNDED)}

    found = await audit_rows(rows, chunks, plan, model=ScriptedModel(say))
    again = await audit_rows(rows[::-1], chunks, plan, model=ScriptedModel(say))

    assert found == again
    assert len(found.rows) == found.drawn == 20
    assert all(each.good and each.multi_hop for each in found.rows)
    assert samples == {FIRST_SAMPLE}
