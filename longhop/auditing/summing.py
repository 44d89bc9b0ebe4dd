"""The figures of an audit, counted row by row."""

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from longhop.auditing.depths import count_tenths, measure_evenness, tenth_of
from longhop.auditing.flagging import FLAGS, RESTATED, Together, has_fewer, is_missing
from longhop.auditing.speaking import UNSURE
from longhop.records.audit import AuditedRow

# So many of the names that rows give are counted one by one.
_NAMED = 200
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass
class Sums:
    """Counts of rows; lengths are kept as numbers, for their quantiles."""

    rows: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    licenses: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    seen: set[int] = field(default_factory=set)
    context_tokens: "array[int]" = field(default_factory=lambda: array("q"))
    question_tokens: "array[int]" = field(default_factory=lambda: array("q"))
    answer_tokens: "array[int]" = field(default_factory=lambda: array("q"))
    documents: "array[int]" = field(default_factory=lambda: array("q"))
    shares: "array[float]" = field(default_factory=lambda: array("d"))
    repeated_contexts: int = 0
    repeated_documents: int = 0
    tenths: Counter[tuple[str, int]] = field(default_factory=Counter)
    depth_from: Counter[str] = field(default_factory=Counter)
    lost_evidence: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    occurrences: Counter[str] = field(default_factory=Counter)
    hops: Counter[tuple[str, str]] = field(default_factory=Counter)
    proxies: Counter[str] = field(default_factory=Counter)
    languages: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    spoken: Counter[str] = field(default_factory=Counter)
    touched: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: AuditedRow) -> None:
        """Count one row with its flags."""
        self.rows += 1
        self.flags.update(row.flags)
        self.splits[row.split] += 1
        self.licenses.update(row.licenses)
        self.kinds[row.kind] += 1
        self._add_lengths(row)
        self._add_depths(row)
        self._add_answers(row)
        self._add_hops(row)
        self._add_languages(row)
        for where, told in (("question", row.question_touches), ("context", row.context_touches)):
            if told:
                self.touched[where, told] += 1

    def _add_lengths(self, row: AuditedRow) -> None:
        self.question_tokens.append(row.question_tokens)
        self.answer_tokens.append(row.answer_tokens)
        whole = row.context_tokens + row.question_tokens + row.answer_tokens + row.around_tokens
        self.shares.append(row.context_tokens / whole if whole else 0.0)
        if row.context_number in self.seen:
            return
        self.seen = {row.context_number}  # rows of one context follow each other
        self.context_tokens.append(row.context_tokens)
        self.documents.append(row.documents)
        self.repeated_contexts += row.repeated_documents > 0
        self.repeated_documents += row.repeated_documents

    def _add_depths(self, row: AuditedRow) -> None:
        self.depth_from[row.depth_from or "none"] += 1
        self.lost_evidence += row.lost_evidence
        for each in row.depths:
            self.tenths[row.depth_from, tenth_of(each)] += 1

    def _add_answers(self, row: AuditedRow) -> None:
        kind = row.answer_kind
        self.answers[kind] += 1
        if kind in ("name", "text") and row.context_characters:
            self.answers[f"{kind}_checked"] += 1
            self.answers[f"{kind}_verbatim"] += row.verbatim > 0
            self.answers[f"{kind}_by_words"] += row.occurrences > 0
        if kind == "name" and row.context_characters:
            self.occurrences[_told_times(row.occurrences)] += 1
        self.answers["in_question"] += row.answer_in_question
        self.answers["in_question_choice"] += row.answer_in_question and row.choice
        self.answers["restated"] += row.restated >= RESTATED
        self.answers["missing"] += is_missing(row)

    def _add_hops(self, row: AuditedRow) -> None:
        hops = "" if row.hops is None else str(row.hops)
        supporting = "" if row.supporting is None else str(row.supporting)
        self.hops[hops, supporting] += 1
        self.proxies["stated"] += row.supporting is not None
        self.proxies["declared"] += row.hops is not None
        self.proxies["fewer_documents"] += has_fewer(row)
        self.proxies["several"] += row.linked is not None
        self.proxies["linked"] += row.linked is True
        self.proxies["in_several"] += row.answer_documents > 1
        self.proxies["with_documents"] += row.documents > 1 and row.occurrences > 0
        self.proxies["one_sentence"] += row.one_sentence
        self.proxies["one_sentence_checked"] += row.answer_kind == "name" and row.occurrences > 0

    def _add_languages(self, row: AuditedRow) -> None:
        told = row.question_language, row.answer_language, row.context_language
        self.languages[told] += 1
        known = [each for each in told if each != UNSURE]
        self.spoken["agree" if len(set(known)) <= 1 else "differ"] += 1
        self.spoken["stated"] += bool(row.stated_language)
        self.spoken["not_as_stated"] += "wrong_language" in row.flags


def figures(sums: Sums, together: Together) -> dict[str, Any]:
    """The sections of an audit that are counted from its rows."""
    contexts = len(sums.context_tokens)
    return {
        "questions": sums.rows,
        "contexts": contexts,
        "lengths": {
            "context_tokens": _spread(sums.context_tokens),
            "question_tokens": _spread(sums.question_tokens),
            "answer_tokens": _spread(sums.answer_tokens),
            "documents": _spread(sums.documents),
            "context_share": _spread(sums.shares),
        },
        "depth": _depth(sums),
        "duplicates": {
            "same_questions": len(together.questions.same),
            "near_questions": len(set(together.questions.near) - set(together.questions.same)),
            "same_contexts": len(together.contexts.same),
            "near_contexts": len(set(together.contexts.near) - set(together.contexts.same)),
            "contexts_with_repeated_documents": sums.repeated_contexts,
            "repeated_documents": sums.repeated_documents,
        },
        "answers": {**_plain(sums.answers), "occurrences": _plain(sums.occurrences)},
        "hops": {
            **_plain(sums.proxies),
            "declared_and_supporting": _nested(sums.hops),
            "kinds": _most(sums.kinds),
        },
        "languages": {
            **_plain(sums.spoken),
            "question_answer_context": _nested(sums.languages),
        },
        "contamination": {
            "questions": sums.flags["contaminated_question"],
            "rows_of_contexts": sums.flags["contaminated_context"],
            "items": _nested(dict(_first(sums.touched))),
        },
        "splits": {
            "rows": _most(sums.splits),
            "questions_in_several": sums.flags["question_crosses"],
            "contexts_in_several": sums.flags["context_crosses"],
        },
        "licenses": _most(sums.licenses),
        "flags": {name: sums.flags[name] for name in FLAGS},
    }


def _depth(sums: Sums) -> dict[str, Any]:
    found: dict[str, Any] = {"rows": _plain(sums.depth_from), "lost_evidence": sums.lost_evidence}
    for source in ("stated", "answer"):
        tenths = count_tenths({at: n for (kind, at), n in sums.tenths.items() if kind == source})
        evenness = measure_evenness(tenths)
        found[source] = {
            "pieces": evenness.pieces,
            "tenths": list(tenths),
            "chi2": evenness.chi2,
            "p": evenness.p,
        }
    return found


def _spread(values: "array[int] | array[float]") -> dict[str, float]:
    """Sum, mean, ends and quantiles."""
    known = np.array(values, float)
    if not len(known):
        return {}
    marks = np.quantile(known, _QUANTILES)
    return {
        "sum": round(float(known.sum()), 4),
        "mean": round(float(known.mean()), 4),
        "min": round(float(known.min()), 4),
        **{
            f"p{at * 100:g}": round(float(each), 4)
            for at, each in zip(_QUANTILES, marks, strict=True)
        },
        "max": round(float(known.max()), 4),
    }


def _plain(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: int(counts[name]) for name in sorted(counts) if counts[name]}


def _first(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most frequent, ties by name."""
    return sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:_NAMED]


def _most(counts: Counter[str]) -> dict[str, int]:
    """The most frequent of what rows may name as they like, and how many have another."""
    found = dict(sorted(_first(counts)))
    others = counts.total() - sum(found.values())
    return {**found, f"(others than these {_NAMED})": others} if others else found


def _nested(counts: Mapping[Any, int]) -> list[dict[str, Any]]:
    return [{"of": list(key), "rows": counts[key]} for key in sorted(counts)]


def _told_times(count: int) -> str:
    return str(count) if count < 3 else "3 to 9" if count < 10 else "10 or more"
