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
