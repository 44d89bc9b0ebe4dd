"""Files that are one document each: texts, Markdown, reStructuredText and web pages."""

import codecs
import re
from io import BufferedReader

from longhop.corpus.reading.decoding import Decoded, decode, decode_whole, find_unicode
from longhop.corpus.reading.kinds import Kind, stem_of
from longhop.corpus.reading.rows import LONGEST, Page, Place, Row, in_mebibytes, turn_away
from longhop.records.accounts import Reason

# A heading that names a page stands near its start.
_NEAR_START = 64 << 10
# Finding the main text of a page takes time that grows with the square of its length.
_LONGEST_PAGE = 3 << 19
_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\n(---|\.\.\.)[ \t]*(\r?\n|\Z)", re.S)
_MARKED = re.compile(r" {0,3}#{1,6}[ \t]+(\S.*)")
_UNDERLINE = re.compile(r"(=|-|~|\^|\*|#)\1{2,}")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)

# The encodings that a page's own word for it can be true of: in which ASCII is ASCII, and text.
_FOR_PAGES = re.compile(
    r"utf-8|cp(125\d|866|874|932|949)|iso8859-\d+|koi8-[ru]|mac-(roman|cyrillic)|tis-620"
    r"|gb(2312|k|18030)|big5(hkscs)?|shift_jis\w*|euc_(jp|jis\w*|kr)|iso2022_(jp|kr)\w*"
)


def read_text(file: BufferedReader, place: Place, name: str, kind: Kind) -> Row:
    """The whole file as one document, or as one rejection."""
    data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        detail = f"a document of more than {in_mebibytes(LONGEST)}"
        return turn_away(place, Reason.TOO_LONG, detail, data[:200])
    if kind is Kind.HTML and len(data) > _LONGEST_PAGE:
        detail = f"a web page of {in_mebibytes(len(data))}, where {in_mebibytes(_LONGEST_PAGE)}"
        return turn_away(place, Reason.TOO_LONG, f"{detail} is the limit", data[:200])
    decoded = _declared(data) if kind is Kind.HTML else decode_whole(data)
    if decoded is None:
        return turn_away(place, Reason.NOT_PROSE, "the file's bytes are no text")
    if kind is Kind.HTML:
        return _read_page(decoded, place, name)
    title = _heading(decoded.text) if kind is Kind.MARKUP else ""
    if not decoded.text.strip():
        return turn_away(place, Reason.MISSING_TEXT, "the file is empty or blank")
    page = Page(title or stem_of(name), decoded.text)
    return Row(place, page, decoded.encoding, decoded.doubt)


def _read_page(decoded: Decoded, place: Place, name: str) -> Row:
    from logging import CRITICAL, getLogger

    from lxml.etree import LxmlError
    from trafilatura import bare_extraction

    if not decoded.text.strip():
        return turn_away(place, Reason.MISSING_TEXT, "the file is empty or blank")
    getLogger("trafilatura").setLevel(CRITICAL)  # the rejection says it, and where
    try:
        found = bare_extraction(decoded.text, with_metadata=True)
    except (LxmlError, ValueError, RecursionError) as error:
        detail = f"not understood as HTML: {error}"
        return turn_away(place, Reason.BROKEN_FILE, detail, decoded.text)
    text = found.text if found is not None and not isinstance(found, dict) else None
    if not text or not text.strip():
        detail = "no main text was found on the page"
        return turn_away(place, Reason.MISSING_TEXT, detail, decoded.text)
    page = Page(getattr(found, "title", None) or stem_of(name), text)
    return Row(place, page, decoded.encoding, decoded.doubt)


def _declared(data: bytes) -> Decoded | None:
    """A page's text by its mark, as UTF-8, or in the encoding that it names itself."""
    named = _CHARSET.search(data[:4096])
    if find_unicode(data) or named is None:
        return decode_whole(data)
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        pass
    encoding = named[1].decode().lower()
    if encoding in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"):
        encoding = "cp1252"  # as browsers do
    try:
        if _FOR_PAGES.fullmatch(codecs.lookup(encoding).name):
            return Decoded(data.decode(encoding), encoding)
    except (LookupError, ValueError):
        pass  # unknown, or not true of the bytes
    return decode(data)


def _heading(text: str) -> str:
    """The first heading, marked or underlined, after what stands before the page about it."""
    front = _FRONT_MATTER.match(text[:_NEAR_START])
    lines = text[front.end() if front else 0 :][:_NEAR_START].split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if marked := _MARKED.fullmatch(line.rstrip()):
            return marked[1].rstrip("#").strip()
        if _UNDERLINE.fullmatch(below.rstrip()) and any(each.isalnum() for each in line):
            return line.strip()
    return ""
