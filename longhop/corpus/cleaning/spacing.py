"""White space: kept where it means something, one space and one blank line elsewhere."""

import re
from collections import Counter
from collections.abc import Iterable

from longhop.corpus.cleaning.changes import Change

_RUN = re.compile(r"(?<=\S) {2,}(?=\S)")
# The rules of a table whose columns are set by spaces: `=====  ====`.
_RULES = re.compile(r" {0,3}(?:={2,}|-{2,})(?: +(?:={2,}|-{2,}))+")


def normalise_spacing(text: str, changes: Counter[Change]) -> str:
    """The text without spaces at line ends, and with no more than one blank line in a row.

    Runs of spaces become one within prose. The indentation of a line stays, and so do the spaces
    in code (fenced or indented), in rows with bars or tabs, and under the rules of a table.
    """
    if not _may_change(text):
        return text
    lines = text.split("\n")
    kept = _without_runs([line.rstrip() for line in lines])
    changes[Change.WHITE_SPACE] += sum(old != new for old, new in zip(lines, kept, strict=True))
    single = [line for at, line in enumerate(kept) if line or (at and kept[at - 1])]
    changes[Change.WHITE_SPACE] += len(kept) - len(single)
    return "\n".join(single).strip("\n")


def _may_change(text: str) -> bool:
    """Whether there is anything to look at: most texts have no odd space at all."""
    return (
        any(each in text for each in ("  ", " \n", "\t\n", "\n\n\n"))
        or text != text.strip("\n")
        or text[-1:].isspace()
    )


def _without_runs(lines: Iterable[str]) -> list[str]:
    kept = []
    fence, in_table = "", False
    for line in lines:
        was_fence = fence
        if "```" in line or "~~~" in line:
            fence = _fence_after(line, fence)
        if not line:
            in_table = False
        elif "  " in line and _RULES.fullmatch(line):
            in_table = True
        if "  " in line and not (was_fence or fence or in_table or _is_set(line)):
            line = _RUN.sub(" ", line)
        kept.append(line)
    return kept


def _is_set(line: str) -> bool:
    """Whether the columns of a line mean something: code by its indentation, or a row."""
    return line.startswith("    ") or "|" in line or "\t" in line


def _fence_after(line: str, fence: str) -> str:
    """The fence of code that is open after a line, if one is."""
    bare = line.lstrip(" ")
    if not bare.startswith(("```", "~~~")):
        return fence
    rest = bare.lstrip(bare[0])
    run = bare[: len(bare) - len(rest)]
    if fence:
        return "" if not rest and run.startswith(fence) else fence
    return run if bare[0] not in rest else ""
