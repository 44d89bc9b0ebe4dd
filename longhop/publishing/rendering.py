"""Rows: the canonical one with all provenance, and the rendering that trainers read."""

import hashlib
import json
from collections.abc import Mapping

from longhop.contexts.composing import Composer
from longhop.corpus.languages.codes import prompt_language
from longhop.errors import StorageError
from longhop.records.corpus import Draw
from longhop.records.examples import ComposedContext, Example, Hop
from longhop.records.questions import Composition
from longhop.records.verification import MultiHop

_ASK = {
    "en": "{context}\n\nAnswer the question from the documents above, as briefly as you can.\n\n"
    "Question: {question}",
    "zh": "{context}\n\n请根据以上文档回答问题，尽量简短。\n\n问题：{question}",
}


def make_example(
    row: MultiHop,
    context: ComposedContext,
    composer: Composer,
    *,
    licenses: Mapping[str, str],
    draws: Mapping[str, Draw],
) -> Example:
    """A row with the text of its context.

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
    )


def write_messages(row: Example) -> str:
    """The layout that OpenAI's fine-tuning and TRL read; the id keeps a row's way back open."""
    prompt = _ASK[prompt_language(row.language)].format(context=row.context, question=row.question)
    turns = [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": row.answer},
    ]
    return json.dumps({"id": row.id, "messages": turns}, ensure_ascii=False) + "\n"
