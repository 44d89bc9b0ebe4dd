"""Cleaned text: the one that is stored and that spans count in."""

import re
from collections import Counter
from dataclasses import dataclass

from longhop.corpus.cleaning.boilerplate import drop_boilerplate
from longhop.corpus.cleaning.changes import Change
from longhop.corpus.cleaning.characters import normalise_characters
from longhop.corpus.cleaning.prose import is_prose
from longhop.corpus.cleaning.spacing import normalise_spacing
from longhop.corpus.languages.codes import language_code
from longhop.corpus.languages.identifying import identify_language
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.spec.sections import Cleaning

_EXCERPT = 200
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
# A binary file read as text: more than one in ten of its characters controls a terminal.
_BINARY = 0.1


# It stands above every chunk; more of it is text in the wrong column.
_TITLE = 300


@dataclass(frozen=True)
class Cleaned:
    """What became of a document, and how many places of it each kind of change touched."""

    found: Document | Rejection
    changes: dict[str, int]


def clean_text(text: str) -> str:
    """The text with its characters and white space in one form, and not a word less."""
    return _tidy(text, Counter())


def clean_document(document: Document, plan: Cleaning) -> Cleaned:
    """The document as it is stored, or the first reason not to take it; cheap ones come first.

    Cleaning what is clean changes nothing.
    """
    changes: Counter[Change] = Counter()
    found = _find_unread(document, plan) or _clean(document, plan, changes)
    if isinstance(found, Rejection) and plan.personal_data != "keep":
        found = found.model_copy(update={"raw": ""})
    counts = {str(change): changes[change] for change in Change if changes[change]}
    return Cleaned(found, counts)


def _find_unread(document: Document, plan: Cleaning) -> Rejection | None:
    """What can be said against a document before its text is read."""
    if plan.licenses is not None:
        allowed = {_bare_license(each) for each in plan.licenses}
        if _bare_license(document.license) not in allowed:
            return _reject(document, Reason.NOT_ALLOWED, f"the licence is {document.license!r}")
    length = len(document.text)
    if length > plan.max_characters:
        detail = f"{length} of {plan.max_characters} characters"
        return _reject(document, Reason.TOO_LONG, detail)
    return None


def _clean(document: Document, plan: Cleaning, changes: Counter[Change]) -> Document | Rejection:
    text, dropped = drop_boilerplate(normalise_characters(document.text, changes))
    changes[Change.BOILERPLATE] += dropped
    text = normalise_spacing(text, changes)
    title = " ".join(clean_text(document.title[: 2 * _TITLE]).split())[:_TITLE]
    document = document.model_copy(update={"text": text, "title": title})
    if len(text) < plan.min_characters:
        detail = f"{len(text)} of {plan.min_characters} characters"
        return _reject(document, Reason.TOO_SHORT, detail)
    if changes[Change.CONTROL_CHARACTERS] > _BINARY * len(text) or not is_prose(text):
        return _reject(document, Reason.NOT_PROSE, "next to no words")
    language = language_code(document.language) or _identify(text, changes)
    document = document.model_copy(update={"language": language})
    if plan.languages is not None:
        wanted = [language_code(each) for each in plan.languages]
        if language not in wanted:
            detail = f"{language!r} is none of {', '.join(plan.languages)}"
            return _reject(document, Reason.UNWANTED_LANGUAGE, detail)
    return _protect(document, plan, changes)


def _identify(text: str, changes: Counter[Change]) -> str:
    identified = identify_language(text)
    changes[Change.LANGUAGE_DETECTED] += 1
    changes[Change.LANGUAGE_DOUBTFUL] += identified.doubtful
    return identified.language


def _protect(document: Document, plan: Cleaning, changes: Counter[Change]) -> Document | Rejection:
    """The document as the plan wants it where it holds personal data."""
    if plan.personal_data == "keep":
        return document
    from longhop.corpus.cleaning.personal import find_personal_data, mask_personal_data

    title, text = (find_personal_data(each) for each in (document.title, document.text))
    if not title and not text:
        return document
    if plan.personal_data == "reject":
        kinds = Counter(each.kind for each in (*title, *text))
        detail = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        return _reject(document, Reason.PERSONAL_DATA, detail)
    changes[Change.PERSONAL_DATA] += len(title) + len(text)
    masked = {
        "title": mask_personal_data(document.title, title),
        "text": mask_personal_data(document.text, text),
    }
    return document.model_copy(update=masked)


def _tidy(text: str, changes: Counter[Change]) -> str:
    return normalise_spacing(normalise_characters(text, changes), changes)


def _bare_license(name: str) -> str:
    return _BETWEEN_WORDS.sub(" ", name.casefold()).strip()


def _reject(document: Document, reason: Reason, detail: str) -> Rejection:
    return Rejection(
        stage="clean",
        item=document.id,
        reason=reason,
        detail=detail,
        raw=document.text[:_EXCERPT],
    )
