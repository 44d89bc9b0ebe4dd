"""Cleaned text: the one that is stored and that spans count in."""

import re
import unicodedata

from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2028-\u202e\u2060]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(text: str) -> str:
    """The text in Unicode NFC, without control characters and runs of white space."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = _SPACES.sub(" ", _CONTROL.sub("", text))
    lines = [line.strip() for line in text.split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_document(document: Document, *, min_characters: int) -> Document | Rejection:
    """The document with its text cleaned, or why it is too short to ask about."""
    text = clean_text(document.text)
    if len(text) < min_characters:
        return Rejection(
            stage="clean",
            item=document.id,
            reason=Reason.TOO_SHORT,
            detail=f"{len(text)} of {min_characters} characters",
            raw=text,
        )
    return document.model_copy(update={"text": text, "title": clean_text(document.title)})
