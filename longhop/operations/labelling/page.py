"""The sheet as one page for a browser: nothing is loaded, and nothing is sent anywhere."""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

import jinja2

from longhop.identity import digest
from longhop.operations.labelling.sheet import ASKED, COLUMNS
from longhop.records.calibration import Item

_FOLDER = "publishing/pages"

_pages = jinja2.Environment(
    loader=jinja2.PackageLoader("longhop", _FOLDER),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_page(items: Sequence[Item], *, title: str) -> bytes:
    """A page to label the rows on, which writes the same sheet for download.

    Its script and its style are known by their hashes, so that no other runs, whatever a document
    says. What is filled in stays in the browser, under a name of just these rows.
    """
    script, style = _text("labels.js"), _text("labels.css")
    page = _pages.get_template("labels.html.j2").render(
        title=title,
        items=items,
        asked=ASKED,
        columns=" ".join(COLUMNS),
        sheet=digest([each.model_dump() for each in items])[:16],
        script=script,
        style=style,
        script_hash=_hash(script),
        style_hash=_hash(style),
    )
    return page.encode()


def _text(name: str) -> str:
    return files("longhop").joinpath(_FOLDER, name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
