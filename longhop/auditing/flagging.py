"""Flags: what a person should look at, of each row."""

from collections.abc import Iterator
from dataclasses import dataclass

from longhop.auditing.speaking import agree
from longhop.auditing.totals import Totals, Twins
from longhop.records.audit import AuditedRow

RESTATED = 0.8
FLAGS = {
    "same_question": "the words of an earlier question",
    "near_question": "nearly an earlier question",
    "same_context": "an earlier context to the letter",
    "near_context": "nearly an earlier context",
    "repeated_documents": "a document twice in one context",
    "no_context": "no context",
    "unanswerable": "no answer, as the row itself says",
    "answer_missing": "a name or number as answer that is not in the context",
    "answer_in_question": "the answer in the question, which offers no choice",
    "question_restated": "the question's own words in the context",
    "one_sentence": "question and answer in one sentence of the context",
    "answer_in_several": "the answer in more than one document",
    "fewer_documents": "fewer supporting documents than hops",
    "unlinked_documents": "supporting documents that no name links",
    "evidence_lost": "stated evidence that is not in the context",
    "other_language": "a question in another language than its context",
    "wrong_language": "another language than the row says",
    "contaminated_question": "an item of a benchmark in the question",
    "contaminated_context": "an item of a benchmark in the context",
    "question_crosses": "its question in another split",
    "context_crosses": "its context in another split",
}


@dataclass(frozen=True)
class Together:
    """What all rows together say of each."""

    questions: Twins
    contexts: Twins
    questions_cross: set[int]
    contexts_cross: set[int]


def bring_together(totals: Totals, empty: int) -> Together:
    """The twins of all questions and contexts, and who crosses splits."""
    questions, contexts = totals.find_questions(), totals.find_contexts(empty)
    return Together(questions, contexts, *totals.crossing(questions, contexts))


def flagged(row: AuditedRow, together: Together) -> AuditedRow:
    """The row with its flags, in the order of the list, and with its twins."""
    number, context = row.number, row.context_number
    first, first_context = together.questions.first(number), together.contexts.first(context)
    found = {*_flags_alone(row), *_flags_beside(row, together)}
    return row.model_copy(
        update={
            "flags": tuple(each for each in FLAGS if each in found),
            "twin": first if first != number else None,
            "context_twin": first_context if first_context != context else None,
        }
    )


def _flags_beside(row: AuditedRow, together: Together) -> Iterator[str]:
    number, context = row.number, row.context_number
    if number in together.questions.same:
        yield "same_question"
    elif number in together.questions.near:
        yield "near_question"
    if context in together.contexts.same:
        yield "same_context"
    elif context in together.contexts.near:
        yield "near_context"
    if number in together.questions_cross:
        yield "question_crosses"
    if number in together.contexts_cross:
        yield "context_crosses"


def _flags_alone(row: AuditedRow) -> Iterator[str]:
    checks = {
        "repeated_documents": row.repeated_documents > 0,
        "no_context": not row.context_characters,
        "unanswerable": not row.answerable,
        "answer_missing": is_missing(row),
        "answer_in_question": row.answer_in_question and not row.choice,
        "question_restated": row.restated >= RESTATED,
        "one_sentence": row.one_sentence,
        "answer_in_several": row.answer_documents > 1,
        "fewer_documents": has_fewer(row),
        "unlinked_documents": row.linked is False,
        "evidence_lost": row.lost_evidence > 0,
        "other_language": not agree(row.question_language, row.context_language),
        "wrong_language": bool(row.stated_language)
        and not agree(row.question_language, row.stated_language),
        "contaminated_question": bool(row.question_touches),
        "contaminated_context": bool(row.context_touches),
    }
    yield from (name for name, found in checks.items() if found)


def is_missing(row: AuditedRow) -> bool:
    """Whether the answer should stand in the context, and does not."""
    return row.answer_kind == "name" and bool(row.context_characters) and not row.occurrences


def has_fewer(row: AuditedRow) -> bool:
    """Whether fewer distinct documents support a row than it has hops, as far as both are known."""
    return row.hops is not None and bool(row.documents) and (row.supporting or row.hops) < row.hops
