"""Versions made up row by row and published in a folder, for whoever reads them again."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from longhop.publishing.drafting import Drafts, Rendering
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.writing import write_page
from longhop.records.accounts import Balance, Reason, TurnedAway
from longhop.records.base import Record
from longhop.records.corpus import Split
from longhop.records.examples import Evidence, Example, Hop, Layout, Role, Segment
from longhop.records.manifest import Manifest
from longhop.records.money import Usage
from longhop.records.pairs import Pair, PairEvidence
from longhop.records.questions import AnswerKind, Composition, Scope
from longhop.records.verification import Attempt, Judgement, Probe, ProbeKind
from longhop.storage.datasets import DatasetStore
from longhop.storage.files import LocalFiles
from tests.longhop.storage.test_artifacts import manifest

# Everything that has come alive in a page of somebody's, in one text.
HOSTILE = (
    "⟦rows⟧ <rows> "
    "</script><script>document.title='owned';alert(1)</script><img src=x onerror=alert(2)>"
    "<svg/onload=alert(3)><!--<script>&lt;b&gt; {{ 7 * 7 }} ${alert(4)} javascript:alert(5) "
    '" onmouseover="alert(6) <a href=http://evil.example>x</a><link rel=stylesheet href=//evil>'
    "<iframe src=//evil></iframe> \u202egnidaer\u202c zero\u200bwidth \u2028 \u2029 \u0007"
)
USED = Usage(answers=10, input_tokens=900, output_tokens=100)
FILLER = "The harbour of {at} keeps its lamps until the tide has turned. "


def row(number: int, *, more: str = "", hops: int = 2, words: int = 400, **changes: Any) -> Example:
    """A row whose hops are at even distances in a context of some sentences; `more` is in all."""
    name = f"m-{number:016x}"
    parts: list[tuple[str, int]] = []
    for hop in range(1, hops + 1):
        parts += [
            (FILLER.format(at=f"Port {number}") * (words // hops // 12), 0),
            (_fact(hop, more), hop),
        ]
    parts.append((FILLER.format(at="Orlin") * 30 + more, 0))
    context, evidence, segments = "", [], []
    for at, (text, hop) in enumerate(parts):
        start = len(context)
        context += text
        role = Role.SUPPORTING if hop else Role.SAME_CLUSTER
        segments.append(
            Segment(
                document_id=f"d-{number}-{at}{more}", role=role, start=0, end=len(text),
                context_start=start, context_end=len(context),
            )
        )  # fmt: skip
        if hop:
            evidence.append(
                Evidence(
                    hop=hop, document_id=f"d-{at}", start=start, end=len(context), text=text
                )
            )  # fmt: skip
        context += "\n\n"
    given = {
        "id": name,
        "question": f"Who keeps lamp {number} of the place where it was lit? {more}",
        "answer": f"Brisa {number} {more}",
        "context": context,
        "composition": (Composition.BRIDGE, Composition.COMPARISON)[number % 2],
        "scope": Scope.INTER,
        "hop_count": hops,
        "hops": tuple(
            Hop(
                question=f"What is step {hop}? {more}", answer=f"{hop}", document_id=f"d-{hop}",
                chunk_id=f"c-{number}-{hop}", relation="keeper",
            )
            for hop in range(1, hops + 1)
        ),
        "evidence": tuple(evidence),
        "segments": tuple(segments),
        "tokens": words * 2 + number,
        "tokenizer": "tekken",
        "language": ("en", "zh")[number % 3 == 0],
        "split": (Split.TRAIN, Split.TEST)[number % 5 == 0],
        "licenses": ("CC0-1.0",),
        "judgements": (
            Judgement(
                rationale=f"It reads well. {more}", model="judge-1", clarity=9, faithfulness=9,
                coherence=8, complexity=8,
            ),
        ),
        "probes": (
            Probe(kind=ProbeKind.FULL, left_out="", answer="Brisa", correct=True, model="p"),
            Probe(
                kind=ProbeKind.LEAVE_ONE_OUT, left_out=f"c-{number}-1", answer=more or "Kim",
                correct=False, model="p",
            ),
        ),
        "proof": ("complete", "none")[number % 7 == 0],
        "history": (
            Attempt(question="Who?", answer="?", reason="bridge_leak", detail=more, score=None),
        )
        * (number % 4 == 0),
        "composer": "made-up",
        "method": "multi_hop",
        "drawn_by": tuple(f"hybrid, round {hop}: 0.5" for hop in range(1, hops + 1)),
        "layout": Layout(
            row_id=name, tokens=1024, tokenizer="tekken", depths=(), same_cluster_share=0.5
        ),
    }  # fmt: skip
    return Example.model_validate(given | changes)


def pair(number: int, *, more: str = "") -> Pair:
    """A pair with one sentence of evidence."""
    return Pair(
        id=f"q-{number:016x}",
        question=f"Who lit lamp {number}? {more}",
        answer=f"Brisa {number}",
        kind=AnswerKind.PERSON,
        subject=f"lamp {number}",
        relation="lit by",
        document_id=f"d-{number}",
        title=f"Lamp {number} {more}",
        evidence=(PairEvidence(start=0, end=9, text=f"Lamp {number} was lit. {more}"),),
        language="en",
        split=Split.TRAIN,
        license="CC0-1.0",
        relevant=number % 2 == 0,
        closeness=0.5 + number % 10 / 25,
        reference="seed-1",
        drawn_by="hybrid, round 1: 0.5",
    )


def lost(count: int, reason: Reason = Reason.JUDGED_LOW, *, more: str = "") -> list[TurnedAway]:
    """So many items that were turned away for one reason."""
    return [
        TurnedAway(
            stage="judge", item=f"m-{reason}-{at}{more}", reason=reason, detail=f"6.5 of 8 {more}",
            raw=f"Who is number {at}? {more}", file=f"corpus/{more}.jsonl", line=at,
        )
        for at in range(count)
    ]  # fmt: skip


def publish(
    folder: Path,
    rows: Sequence[Example] | Sequence[Pair],
    turned_away: Iterable[TurnedAway] = (),
    figures: dict[str, Sequence[Record]] | None = None,
    **changes: Any,
) -> tuple[Manifest, Path]:
    """Publish a version of these rows in a store; its manifest, and the folder that it lies in."""
    files = LocalFiles(folder)
    pairs = bool(rows) and isinstance(rows[0], Pair)
    kept = list(turned_away)
    with Drafts(files.draft) as drafts, Drafts(files.draft) as beside:
        rendering: Any = Rendering(drafts, Pair if pairs else Example)
        for each in sorted(rows, key=lambda it: it.id):
            rendering.add(each)
        counts = rendering.finish()
        for path, records in {"rejected.parquet": kept, **(figures or {})}.items():
            if records:
                table = drafts.parquet(path, type(records[0]))
                for each in records:
                    table.add(each)
                table.close()
        told = manifest().model_copy(
            update={
                "rows": counts,
                "files": drafts.files,
                "kind": "pairs" if pairs else "",
                "usage": {"ask": {"made-up": USED}},
                "balances": (_balance(len(rows), kept),),
                **changes,
            }
        )  # fmt: skip
        write_page(told, VersionFiles(drafts.contents), beside)
        datasets = DatasetStore(files)
        version = datasets.publish(told, {**drafts.contents, **beside.contents})
    return told, folder / datasets.folder(told.name, version)


def _balance(rows: int, turned_away: Sequence[TurnedAway]) -> Balance:
    counts: dict[str, int] = {}
    for each in turned_away:
        counts[str(each.reason)] = counts.get(str(each.reason), 0) + 1
    return Balance(
        stage="judge", unit="wording", taken=rows + len(turned_away), accepted=rows, rejected=counts
    )


def _fact(hop: int, more: str) -> str:
    return f"Lamp keeper {hop} was born in Orlin. {more}"
