"""Rows as the browser of the page takes them: short names, since there are thousands of them."""

from typing import Any

from longhop.publishing.report.facts import length_of, told_length
from longhop.publishing.report.folding import Folded
from longhop.records.examples import Example
from longhop.records.pairs import Pair
from longhop.records.verification import Judgement, Probe

# Raw answers of models are cut here, and say by how much; the Parquet files have them whole.
_RAW = 1500
_CRITERIA = ("clarity", "faithfulness", "coherence", "complexity")

Entry = dict[str, Any]


def entry_of(example: Example, folded: Folded) -> Entry:
    """A multi-hop row with its context folded around the evidence."""
    chunks = {hop.chunk_id: number for number, hop in enumerate(example.hops, 1)}
    whole = max(1, len(example.context))
    return {
        "id": example.id,
        "q": example.question,
        "a": example.answer,
        "lang": example.language,
        "f": {
            "type": str(example.composition),
            "hops": str(example.hop_count),
            "scope": str(example.scope),
            "language": example.language,
            "split": str(example.split),
            "length": told_length(length_of(example.tokens)),
            "proof": example.proof,
        },
        "steps": [
            {"q": hop.question, "a": hop.answer, "doc": hop.document_id, "rel": hop.relation}
            for hop in example.hops
        ],
        "tokens": example.tokens,
        "wanted": example.layout.tokens if example.layout else 0,
        "tokenizer": example.tokenizer,
        "documents": len(example.segments),
        "bar": [
            [each.hop, round(each.start / whole, 4), round(each.end / whole, 4)]
            for each in sorted(example.evidence, key=lambda it: it.start)
        ],
        "text": folded.pieces,
        "judged": [_judged(each) for each in example.judgements],
        "probes": [_probed(each, chunks) for each in example.probes],
        "past": [
            {
                "q": each.question,
                "a": each.answer,
                "reason": each.reason,
                "detail": cut(each.detail),
                "score": each.score,
            }
            for each in example.history
        ],
        "why": list(example.drawn_by),
        "facts": {
            "made by": example.method.replace("_", " "),
            "worded by": example.composer,
            "about": ", ".join(example.domains),
            "licences": ", ".join(example.licenses),
            "anchor": example.anchor,
        },
    }


def pair_entry(pair: Pair) -> Entry:
    """A pair with the sentences that state its answer."""
    return {
        "id": pair.id,
        "q": pair.question,
        "a": pair.answer,
        "lang": pair.language,
        "f": {
            "kind": str(pair.kind),
            "language": pair.language,
            "split": str(pair.split),
            "close": "yes" if pair.relevant else "no",
        },
        "quotes": [
            {"doc": pair.document_id, "title": pair.title, "text": each.text}
            for each in pair.evidence
        ],
        "why": [pair.drawn_by] if pair.drawn_by else [],
        "facts": {
            "about": pair.subject,
            "relation": pair.relation,
            "nearest of the reference": f"{pair.reference} ({pair.closeness:.2f})"
            if pair.reference
            else "",
            "licences": pair.license,
        },
    }


def cut(text: str, most: int = _RAW) -> str:
    """The beginning of a long text, which says how much is missing."""
    if len(text) <= most + most // 5:
        return text
    return f"{text[:most]} … {len(text) - most:,} more characters"


def _judged(judgement: Judgement) -> Entry:
    given = {each: getattr(judgement, each) for each in _CRITERIA}
    return {
        "model": judgement.model,
        "score": judgement.score,
        "by": {name: score for name, score in given.items() if score is not None},
        "high": judgement.high,
        "why": cut(judgement.rationale),
    }


def _probed(probe: Probe, chunks: dict[str, int]) -> Entry:
    return {
        "kind": str(probe.kind),
        "hop": chunks.get(probe.left_out, 0),
        "a": cut(probe.answer),
        "ok": probe.correct,
        "model": probe.model,
        "by": str(probe.compared),
    }
