"""Rows: the canonical one with all provenance, and the rendering that trainers read."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from longhop.contexts.composing import Composer, parts_of
from longhop.contexts.filling import Part
from longhop.errors import StorageError
from longhop.publishing.prompting import anchor_of
from longhop.publishing.turns import Turns, to_chat
from longhop.records.corpus import Draw
from longhop.records.examples import ComposedContext, Example, Hop, Role
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop, ProbeKind


def make_example(
    row: MultiHop,
    context: ComposedContext,
    composer: Composer,
    *,
    licenses: Mapping[str, str],
    draws: Mapping[str, Draw],
    stale: bool = False,
) -> Example:
    """A row with the text of its context; `stale` where it was composed anew, and not probed so.

    Raises:
        StorageError: The text is not the one that was composed: a document has changed since.
    """
    text = composer.text_of(context)
    if hashlib.sha256(text.encode()).hexdigest() != context.sha256:
        raise StorageError(f"row {row.id}: its documents are not those it was composed from")
    drawn = [draws[hop.document_id] for hop in row.hops if hop.document_id in draws]
    used = {licenses[each.document_id] for each in context.segments}
    return Example(
        id=row.id,
        question=row.question,
        answer=row.answer,
        context=text,
        composition=row.composition,
        scope=row.scope,
        hop_count=len(row.hops),
        hops=tuple(
            Hop(
                question=hop.question,
                answer=hop.answer,
                document_id=hop.document_id,
                chunk_id=hop.chunk_id,
                relation=hop.relation,
            )
            for hop in row.hops
        ),
        evidence=context.evidence,
        segments=context.segments,
        tokens=context.tokens,
        tokenizer=context.layout.tokenizer,
        language=row.language,
        split=row.split,
        licenses=tuple(sorted(used)),
        judgements=row.judgements,
        probes=row.probes,
        proof=row.proof,
        history=row.history,
        composer=row.composer,
        method="context_synthesis" if row.composition is Composition.SINGLE else "multi_hop",
        drawn_by=tuple(each.told for each in drawn),
        layout=context.layout,
        anchor=find_anchor(parts_of(context), context, composer),
        stale=(ProbeKind.DISTRACTORS,) if stale else (),
        domains=_domains(row, composer),
    )


def _domains(row: MultiHop, composer: Composer) -> tuple[str, ...]:
    """What the documents that a row rests on are about, as far as their sources say so."""
    documents = composer.library.documents
    found = {documents[hop.document_id].domain for hop in row.hops if hop.document_id in documents}
    return tuple(sorted(found - {""}))


def to_messages(row_id: str, prompt: str, answer: str) -> str:
    """A line of the user's turn and the answer."""
    columns = {"id": row_id, **to_chat(Turns(prompt, answer))}
    return json.dumps(columns, ensure_ascii=False) + "\n"


def find_anchor(parts: Sequence[Part], context: ComposedContext, composer: Composer) -> str:
    """The words that say which of the parts an anchored row is about; nothing for any other row."""
    if not context.layout.anchored:
        return ""
    places = [at for at, each in enumerate(parts, 1) if each.role is Role.SUPPORTING]
    if not places:
        return ""
    document = composer.library.documents[parts[places[0] - 1].document_id]
    return anchor_of(places[0], document.title, context.language)
