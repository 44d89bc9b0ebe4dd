"""The page of a version, written from the files that are about to be published."""

from pathlib import Path

from longhop.publishing.drafting import Drafts
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.writing import write_page
from longhop.records.manifest import Manifest


def draft_report(manifest: Manifest, drafts: Drafts, beside: Drafts) -> dict[str, Path]:
    """The page and the files beside it, as drafts of their own: they are no part of the manifest.

    `drafts` are the version's data files, all of them closed.
    """
    read = {path: place for path, place in drafts.contents.items() if VersionFiles.are_read(path)}
    write_page(manifest, VersionFiles(read), beside)
    return beside.contents
