"""The sheet that people fill in: a CSV file that spreadsheets open as it is."""

import csv
import io
import re
from collections.abc import Iterable

from longhop.records.calibration import Item

# What is asked, in the order of the columns, as the page says it.
ASKED = {
    "good": "Would you put it before a reader as it is? It is clear, and its answer is what the"
    " evidence says.",
    "multi_hop": "Does it need every step? No step can be left out, or guessed from the question.",
    "unique": "Does no other question here ask the same, in any words? Leave it open if unsure.",
}
SHOWN = ("id", "question", "answer", "steps")
COLUMNS = (*SHOWN, *ASKED, "comment", "labeller")

# A cell that begins so is a formula to one spreadsheet or another, full-width signs included. The
# apostrophes before it are those of a cell that was guarded already.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write_sheet(items: Iterable[Item], *, labeller: str = "") -> bytes:
    """The rows with empty columns to fill in; whoever is asked may stand there already.

    It begins with a byte-order mark, by which spreadsheets know UTF-8, and its lines end as theirs.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for item in items:
        shown = (item.id, item.question, item.answer, steps_of(item))
        writer.writerow([guard(each) for each in (*shown, *("" for _ in ASKED), "", labeller)])
    return text.getvalue().encode("utf-8-sig")


def steps_of(item: Item) -> str:
    """The steps in one cell, two lines each."""
    return "\n".join(
        f"{number}. {step.question} → {step.answer}\n“{step.evidence}”"
        for number, step in enumerate(item.steps, 1)
    )


def guard(cell: str) -> str:
    """The text as no spreadsheet calculates with it: behind an apostrophe where it might."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """The text that was guarded; one that was not stays as it is."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
