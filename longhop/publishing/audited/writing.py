"""An audit from its files to its figures, its rows and its page, in memory that does not grow."""

from collections.abc import Mapping
from contextlib import ExitStack
from types import SimpleNamespace

import xxhash

from longhop import __version__
from longhop.auditing.flagging import bring_together, flagged
from longhop.auditing.items import Item
from longhop.auditing.measuring import MeasuredContext, Measurer
from longhop.auditing.plan import AuditPlan
from longhop.auditing.reading import Counts, list_inputs, read_items
from longhop.auditing.summing import Sums, figures
from longhop.auditing.totals import Totals
from longhop.corpus.reading.listing import find_files
from longhop.corpus.reading.rows import storable
from longhop.corpus.tokenizing import open_tokenizer, vocabulary_of
from longhop.identity import canonical_json, digest
from longhop.ports import Sources
from longhop.publishing.audited.entries import audited_entry, with_flags
from longhop.publishing.audited.ours import OurRows
from longhop.publishing.audited.parts import tell_all
from longhop.publishing.audited.pool import Pool
from longhop.publishing.decontaminating import read_benchmarks
from longhop.publishing.drafting import Drafts
from longhop.publishing.report.entries import Entry, cut
from longhop.publishing.report.escaping import embedded_json
from longhop.publishing.report.parts.part import Part
from longhop.publishing.report.shelving import Shelf, Shelved
from longhop.publishing.report.writing import MARK, PLACE_OF_ROWS, Told, draft_page, render
from longhop.records.accounts import Rejection
from longhop.records.audit import Audit, AuditedRow
from longhop.storage.spools import Spool

FIGURES, ROWS, PAGE = "audit.json", "audit.parquet", "audit.html"
# Raised when the same files and plan come to give other figures, rows or pages.
_REVISION = 1
_EMPTY = xxhash.xxh3_64_intdigest(b"")


def fingerprint_inputs(plan: AuditPlan, sources: Sources) -> dict[str, str]:
    """The hash of each file that is audited, and of the benchmarks.

    Raises:
        ConfigError: A path stands for nothing.
    """
    names = [*list_inputs(plan, sources), *find_files(plan.benchmarks, sources).files]
    return {storable(name): sources.fingerprint(name) for name in names}


def version_of(plan: AuditPlan, inputs: Mapping[str, str]) -> str:
    """The name of an audit: the same files, plan and release have the same."""
    benchmarks = sorted(plan.benchmarks)
    vocabulary = vocabulary_of(plan.tokenizer)
    told = [inputs, plan.layout, dict(plan.columns), vocabulary, benchmarks, plan.rows]
    return f"v-{digest('audit', __version__, _REVISION, plan.ngram, *told)[:16]}"


def write_audit(plan: AuditPlan, sources: Sources, drafts: Drafts) -> Audit:
    """Figures, rows and page of what a plan names, as drafts under their names.

    The same files and plan make the same bytes.

    Raises:
        ConfigError: A path stands for nothing, no layout fits, or not one row can be read.
    """
    inputs = fingerprint_inputs(plan, sources)
    version = version_of(plan, inputs)
    known = read_benchmarks(plan.benchmarks, sources, ngram=plan.ngram) if plan.benchmarks else None
    with ExitStack() as held:
        work = _Work(held, Measurer(open_tokenizer(plan.tokenizer), known), plan.tokenizer)
        counts = Counts()
        for place, items in read_items(plan, sources, counts):
            work.take(place, items)
        together = bring_together(work.totals, _EMPTY)
        sums, shown = Sums(), work.pool.places()
        shelf = held.enter_context(Shelf(len(shown)))
        table = drafts.parquet(ROWS, AuditedRow)
        for row in work.rows:
            row = flagged(row, together)
            sums.add(row)
            table.add(row)
            table.draft.rows += 1
            if row.number in shown:
                entry, folds = work.pool.take(row.number)
                shelf.put(shown[row.number], with_flags(entry, row), folds)
        table.close()
        audit = Audit(
            version=version,
            files=counts.files,
            inputs=inputs,
            tokenizer=plan.tokenizer,
            benchmarks=plan.benchmarks,
            sampled=plan.rows,
            balance=counts.balance,
            proof=work.ours.figures(),
            **figures(sums, together),
        )
        draft = drafts.open(FIGURES)
        draft.write(canonical_json(audit.model_dump(mode="json")).encode() + b"\n")
        draft.close()
        _write_page(audit, work.ours.parts(), counts, shelf, drafts)
    return audit


class _Work:
    """What a row goes through, and where it waits until all are known."""

    def __init__(self, held: ExitStack, measurer: Measurer, tokenizer: str) -> None:
        self.totals = held.enter_context(Totals())
        self.rows = held.enter_context(Spool(AuditedRow))
        self.pool = Pool()
        held.callback(self.pool.close)
        self.ours = OurRows()
        self._measurer = held.enter_context(measurer)
        self._tokenizer = tokenizer
        self._held: MeasuredContext | None = None
        self._number = 0

    def take(self, place: str, items: list[Item]) -> None:
        """Measure the questions of a row; those of one context share its measures."""
        for item in items:
            if self._held is None or self._held.context is not item.context:
                self._held = self._measurer.measure_context(item.context)
                self.totals.add_context(self._held)
            row = self._measurer.measure(
                item,
                self._held,
                number=self._number,
                context_number=self.totals.contexts - 1,
                place=place,
            )
            self.totals.add_question(item, row.question_language)
            self.rows.add(row)
            example = self.ours.add(item.whole)
            if self.pool.wants(row.number):
                entry, folds = audited_entry(row, item, example, tokenizer=self._tokenizer)
                self.pool.put(row.number, entry, folds)
            self._number += 1


def _write_page(
    audit: Audit, ours: list[Part], counts: Counts, shelf: Shelf, drafts: Drafts
) -> None:
    shelved = Shelved(drafts, audit.version)
    shelved.fill(shelf)
    parts = [*tell_all(audit), *(each for each in ours if each.figures)]
    told = Told(parts, _heads(audit), audit.questions)
    about = {
        "version": audit.version,
        "total": audit.questions,
        "shown": shelved.rows,
        "pages": shelved.pages,
        "contexts": shelved.contexts,
        "folder": shelved.folder,
        "pairs": False,
        "audit": True,
        "lost": [["audit", reason, n] for reason, n in sorted(counts.reasons.items())],
    }
    page = render(
        "audit.html.j2",
        mark=MARK,
        manifest=SimpleNamespace(kind="audit", version=audit.version, code=__version__),
        title=_title(audit),
        told=told,
        about=embedded_json(about),
        lost=embedded_json([_lost(each) for each in counts.lost]),
        counts=counts.reasons,
        rows=PLACE_OF_ROWS,
    )
    draft_page(page, shelved.first, drafts.open(PAGE))


def _heads(audit: Audit) -> list[tuple[str, str]]:
    tokens = audit.lengths["context_tokens"]
    flagged_rows = sum(1 for count in audit.flags.values() if count)
    return [
        ("questions", f"{audit.questions:,}"),
        ("contexts", f"{audit.contexts:,}"),
        ("tokens of context", f"{tokens.get('sum', 0):,.0f}"),
        ("median context", f"{tokens.get('p50', 0):,.0f}"),
        (f"flags raised, of {len(audit.flags)}", str(flagged_rows)),
    ]


def _title(audit: Audit) -> str:
    names = [each.rsplit("/", 1)[-1] for each in sorted(audit.files)]
    return names[0] + (f" and {len(names) - 1:,} more" if len(names) > 1 else "")


def _lost(each: Rejection) -> Entry:
    return {
        "id": each.item,
        "f": {"stage": "audit", "reason": str(each.reason)},
        "detail": each.detail,
        "raw": cut(each.raw),
        "failed": False,
        "place": each.item,
    }
