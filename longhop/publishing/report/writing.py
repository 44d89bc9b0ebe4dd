"""Writes the page of a version, and the files beside it, from the published files alone."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources_of
from typing import Any

import jinja2

from longhop.publishing.drafting import Draft, Drafts
from longhop.publishing.report.choosing import choose_rows
from longhop.publishing.report.drawing import draw, with_colours
from longhop.publishing.report.entries import entry_of, pair_entry
from longhop.publishing.report.escaping import embedded_json, visible
from longhop.publishing.report.facts import Facts, count_pairs, count_rows
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.folding import fold
from longhop.publishing.report.parts.choosing import tell_selection
from longhop.publishing.report.parts.counting import tell_depths, tell_pairs, tell_rows
from longhop.publishing.report.parts.judging import tell_judges
from longhop.publishing.report.parts.origin import tell_origin
from longhop.publishing.report.parts.part import Part
from longhop.publishing.report.parts.passing import tell_funnel
from longhop.publishing.report.parts.proving import tell_proof
from longhop.publishing.report.parts.spending import tell_spending
from longhop.publishing.report.shelving import Shelf, Shelved, folder_of
from longhop.publishing.report.turned_away import TurnedAwayItems
from longhop.records.examples import Example
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair

PAGE = "report.html"
# What a page of ours says of itself.
MARK = '<meta name="generator" content="LongHop report">'
# What is shown outside of the page, too.
PICTURES = ("funnel", "lengths", "depth", "rounds")
_FOLDER = "publishing/pages/report"
# In the order in which they build on each other; together they are one script.
_SCRIPTS = ("text", "data", "filters", "context", "detail", "list", "keys", "start")
# Nobody else's text can read so: its signs are escaped.
PLACE_OF_ROWS = "<rows>"


@dataclass(frozen=True)
class Told:
    """All that the page says of the whole set: its parts, and the few numbers at its head."""

    parts: list[Part]
    heads: list[tuple[str, str]]
    rows: int


def write_page(manifest: Manifest, files: VersionFiles, drafts: Drafts) -> None:
    """The page, and beside it the rows that it does not hold and the whole contexts.

    Rows go through it one by one: the page has a fixed size at most, and memory that of the page.
    The same files make the same bytes.
    """
    told = _tell_pairs(manifest, files) if _of_pairs(manifest) else _tell_rows(manifest, files)
    lost = TurnedAwayItems(files)
    shelved = Shelved(drafts, manifest.version)
    places = choose_rows(files, pairs=_of_pairs(manifest))
    with Shelf(len(places)) as shelf:
        for name, entry, folds in _entries(manifest, files, places):
            shelf.put(places[name], entry, folds)
        shelved.fill(shelf)
    about = {
        "version": manifest.version,
        "total": told.rows,
        "shown": shelved.rows,
        "pages": shelved.pages,
        "contexts": shelved.contexts,
        "folder": shelved.folder,
        "pairs": _of_pairs(manifest),
        "lost": [[*key, count] for key, count in sorted(lost.counts.items())],
    }
    page = render(
        "page.html.j2",
        mark=MARK,
        manifest=manifest,
        told=told,
        about=embedded_json(about),
        lost=embedded_json(lost.shown),
        counts=lost.counts,
        rows=PLACE_OF_ROWS,
    )
    _write_pictures(told, shelved.folder, drafts)
    draft_page(page, shelved.first, drafts.open(PAGE))


def draft_page(page: str, rows: Iterable[bytes], draft: Draft) -> None:
    """Write a page with the rows, entry by entry, where `PLACE_OF_ROWS` stands in it."""
    before, after = page.split(PLACE_OF_ROWS)
    draft.write(before.encode())
    for at, row in enumerate(rows):
        draft.write(b",\n" + row if at else row)
    draft.write(after.encode())
    draft.close()


def pictures_of(manifest: Manifest) -> dict[str, str]:
    """The files of the pictures that a version may have, by what they show."""
    return {name: f"{folder_of(manifest.version)}/{name}.svg" for name in PICTURES}


def _write_pictures(told: Told, folder: str, drafts: Drafts) -> None:
    """The pictures that are worth one of their own, as far as there are any."""
    for figure in (each for part in told.parts for each in part.figures):
        if figure.name in PICTURES and figure.chart:
            draft = drafts.open(f"{folder}/{figure.name}.svg")
            draft.write(with_colours(draw(figure.chart, figure.name)).encode())
            draft.close()


def render(template: str, **values: Any) -> str:
    """A page in the style of the report, with its script and style and the hashes of both."""
    script, style = _script(), _text("report.css")
    return (
        _pages()
        .get_template(template)
        .render(
            script=script,
            style=style,
            script_hash=_hash(script),
            style_hash=_hash(style),
            **values,
        )
    )


def _of_pairs(manifest: Manifest) -> bool:
    return manifest.kind == "pairs"


def _entries(
    manifest: Manifest, files: VersionFiles, places: dict[str, int]
) -> Iterator[tuple[str, dict[str, Any], list[Any]]]:
    for path in files.splits:
        if _of_pairs(manifest):
            for pair in files.chosen(path, Pair, places):
                yield pair.id, pair_entry(pair), []
        else:
            for example in files.chosen(path, Example, places):
                folded = fold(example)
                yield example.id, entry_of(example, folded), folded.folds


def _tell_rows(manifest: Manifest, files: VersionFiles) -> Told:
    facts = count_rows(files)
    parts = [
        tell_funnel(manifest),
        tell_rows(manifest, facts),
        tell_depths(facts),
        tell_proof(manifest, facts),
        tell_judges(files),
        tell_selection(files),
        tell_spending(manifest),
        tell_origin(manifest),
    ]
    return Told([each for each in parts if each.figures], _heads(facts, manifest), facts.rows)


def _tell_pairs(manifest: Manifest, files: VersionFiles) -> Told:
    facts = count_pairs(files)
    parts = [
        tell_funnel(manifest),
        tell_pairs(facts),
        tell_selection(files),
        tell_spending(manifest),
        tell_origin(manifest),
    ]
    heads = [("pairs", f"{facts.rows:,}"), ("close to the reference", f"{facts.relevant:,}")]
    return Told([each for each in parts if each.figures], [*heads, *_cost(manifest)], facts.rows)


def _heads(facts: Facts, manifest: Manifest) -> list[tuple[str, str]]:
    hops = sorted({hops for _, hops in facts.kinds})
    told = f"{hops[0]}–{hops[-1]}" if len(hops) > 1 else "".join(map(str, hops))
    return [
        ("rows", f"{facts.rows:,}"),
        ("tokens of context", f"{facts.tokens:,}"),
        ("hops", told or "none"),
        ("complete proofs", f"{facts.proofs['complete']:,}"),
        *_cost(manifest),
    ]


def _cost(manifest: Manifest) -> list[tuple[str, str]]:
    rows, prices = sum(manifest.rows.values()), manifest.prices
    if not rows or not manifest.usage:
        return []
    cost = prices.cost(manifest.bill) if prices else None
    if prices and cost is not None:
        return [("a row", prices.told(cost / rows))]
    used = sum(each.tokens for each in manifest.bill.values())
    return [("model tokens a row", f"{used / rows:,.0f}")]


@cache
def _pages() -> jinja2.Environment:
    pages = jinja2.Environment(
        loader=jinja2.PackageLoader("longhop", _FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["visible"] = visible
    pages.filters["cell"] = _cell
    pages.globals["draw"] = draw
    return pages


def _cell(value: object) -> str:
    """A number with its thousands apart, and no more figures than it needs; a text as it is."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) >= 10 else f"{value:,.4g}"
    return visible(value)


@cache
def _script() -> str:
    parts = "\n".join(_text(f"{each}.js") for each in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


@cache
def _text(name: str) -> str:
    return resources_of("longhop").joinpath(_FOLDER, name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
