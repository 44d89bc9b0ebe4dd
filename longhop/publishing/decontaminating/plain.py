"""One form of texts that differ in nothing but how they are written down."""

import html
import re
import unicodedata

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
# Nothing that is seen: soft hyphens, zero-width signs, marks of direction, the mark of an encoding.
_UNSEEN = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Written with and without: don't, don’t and dont; 1,000 and 1000.
_APOSTROPHE = re.compile(r"(?<=\w)['\u2018\u2019\u02bc](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def plain(text: str) -> str:
    """A text without markup and unseen signs, in one form of Unicode, its words as they are.

    Case, punctuation and white space are left: words are told without them anyway.
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not text.isascii():
        text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _THOUSANDS.sub("", _APOSTROPHE.sub("", text))
