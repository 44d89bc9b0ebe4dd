"""Where a version was built from, taken out of the texts that tell of it."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping

from longhop.publishing.describing import cell
from longhop.publishing.report.escaping import embedded_json
from longhop.records.manifest import Manifest

# The fields of a spec that name files, by their sections.
_FIELDS = (
    ("corpus", "paths"),
    ("seeds", "path"),
    ("selection", "reference"),
    ("decontamination", "benchmarks"),
    ("verification", "calibration"),
    ("verification", "labels"),
    ("contexts", "tokenizer"),
    ("publishing", "tokenizers"),
    ("embedding", "model"),
    ("prompts",),
)


def private_places(manifest: Manifest) -> dict[str, str]:
    """What stands for each folder and bucket that inputs lay in, the longest first.

    Of a file its name is left, of a folder or a bucket nothing. Relative places that do not lead
    out of where the spec lies are as public as the spec.
    """
    named = {*manifest.inputs, *_paths(manifest.spec)}
    found = dict(_public(each) for each in named if _is_private(each))
    return dict(sorted(found.items(), key=lambda it: (-len(it[0]), it[0])))


def without_places(text: bytes, places: Mapping[str, str]) -> bytes:
    """The text with what stands for the places, in whatever form they are written there."""
    for place, public in places.items():
        for form in _forms(place):
            text = text.replace(form.encode(), public.encode())
    return text


def _is_private(place: str) -> bool:
    if place.startswith(("http://", "https://")):
        return False
    return place.startswith(("/", "~", "..")) or "://" in place


def _public(place: str) -> tuple[str, str]:
    """What is to be replaced of a place, and by what."""
    head, _, name = place.rpartition("/")
    is_file = "." in name or "*" in name
    if is_file and head.strip("/.~") and not head.endswith(":/"):
        return f"{head}/", ""
    return place, "elsewhere"


def _forms(place: str) -> Iterable[str]:
    """The place as it is, and as cards, pages and JSON write it; the longest first."""
    written = {
        place,
        html.escape(place),
        html.escape(place).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        cell(place),
        json.dumps(place)[1:-1],
        json.dumps(place, ensure_ascii=False)[1:-1],
        embedded_json(place)[1:-1],
    }
    return sorted(written, key=lambda each: (-len(each), each))


def _paths(spec: Mapping[str, object]) -> Iterator[str]:
    for field in _FIELDS:
        value: object = spec
        for name in field:
            value = value.get(name) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple):
            yield from (each for each in value if isinstance(each, str))
