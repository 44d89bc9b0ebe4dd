"""False alarms: ordinary paragraphs that are taken for instructions to a model."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from template_composer import read_rows

from longhop.verification.checks import find_instruction

_FILES = ("musique_paragraphs.jsonl.gz", "mixed_corpus.jsonl.gz")


def measure_instructions(data: Path) -> dict[str, Any]:
    """By corpus, how many documents and paragraphs raise the alarm; each with a line."""
    if missing := [name for name in _FILES if not (data / name).is_file()]:
        sys.exit(f"{data} does not hold {missing[0]}")
    return {name.partition(".")[0]: alarms(data / name) for name in _FILES}


def alarms(path: Path) -> dict[str, int]:
    documents, paragraphs, alarmed, found = 0, 0, set(), 0
    for row in read_rows(path):
        documents += 1
        for paragraph in paragraphs_of(row["text"]):
            paragraphs += 1
            if said := find_instruction(paragraph):
                alarmed.add(row["id"])
                found += 1
                print(f"{row['id']} ({row['domain']}): {said}")
    return {
        "documents": documents,
        "documents_alarmed": len(alarmed),
        "paragraphs": paragraphs,
        "paragraphs_alarmed": found,
    }


def paragraphs_of(text: str) -> Iterator[str]:
    yield from (each for each in text.split("\n\n") if each.strip())
