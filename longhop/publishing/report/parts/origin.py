"""Where a version comes from: models, licences, inputs and prompts by their hashes, notes."""

from longhop.publishing.report.parts.part import Figure, Part, Table
from longhop.records.manifest import Manifest


def tell_origin(manifest: Manifest) -> Part:
    """What would have to be the same for the same rows to come of it."""
    changes = [[name, count] for name, count in manifest.changes.items()]
    return Part(
        "origin",
        "Where it comes from",
        [f"Note: {each}" for each in manifest.notes],
        [
            Figure("models", "Models", Table(["role", "model"], list(manifest.models.items()))),
            Figure(
                "licences",
                "Licences",
                Table(
                    ["licence of a source", "documents in rows"], list(manifest.licenses.items())
                ),
            ),
            Figure(
                "changes", f"Against its base, {manifest.base}", Table(["rows", "count"], changes)
            ),
            *_benchmarks(manifest),
            *_splits(manifest),
            Figure(
                "inputs",
                "Inputs by SHA-256",
                Table(["file", "hash"], list(manifest.inputs.items())),
                wide=True,
            ),
            Figure(
                "files",
                "Files of this version",
                Table(
                    ["file", "bytes", "SHA-256"],
                    [[each.path, each.bytes, each.sha256] for each in manifest.files],
                ),
                wide=True,
            ),
        ],
    )


def _benchmarks(manifest: Manifest) -> list[Figure]:
    """What was met of each benchmark, and what was turned away for it."""
    if not manifest.contamination:
        return []
    names = sorted({name for each in manifest.contamination.values() for name in each})
    rows = [
        [benchmark, *(counts.get(name, 0) for name in names)]
        for benchmark, counts in sorted(manifest.contamination.items())
    ]
    head = ["benchmark", *(name.replace("_", " ") for name in names)]
    return [Figure("benchmarks", "Benchmarks that were met", Table(head, rows))]


def _splits(manifest: Manifest) -> list[Figure]:
    """What was compared between the splits."""
    if not manifest.parted:
        return []
    rows = [[name.replace("_", " "), count] for name, count in manifest.parted.items()]
    table = Table(["of all splits", "count"], rows)
    said = "No document and no group of near-duplicates stands in two of them."
    return [Figure("parted", "Splits, read back", table, note=said)]
