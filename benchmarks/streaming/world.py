"""Names, a store in a scratch folder, prompts of no model, and the memory that a process took."""

from pathlib import Path
from typing import Any

from longhop.records.model import Prompt
from longhop.resources import Resources, Silence
from longhop.settings import Settings
from longhop.storage.files import LocalFiles

SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


def name(number: int, *, of: int) -> str:
    """A name of two words for each number, which no other number or kind has."""
    syllables = []
    for _ in range(3):
        number, at = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[at])
    first = "".join(syllables).capitalize()
    return f"{first} {''.join(syllables[::-1]).capitalize()}{'xqwj'[of]}{SYLLABLES[of]}"


def ask(name: str) -> Prompt:
    """A prompt that nobody reads."""
    return Prompt(
        name=name, templates={"en": "0" * 64}, reply="short_answer", reply_schema="2" * 64,
        model="made-up", temperature=0.0, max_tokens=2000,
    )  # fmt: skip


def open_world(folder: Path, model: Any) -> Resources:
    """A store in a folder, and a model."""
    store = folder / "store"
    live = Resources(Settings(store=str(store)), LocalFiles(store), Silence())
    live.__dict__["model"] = model
    return live


def peak() -> int:
    """The most memory that was resident since the mark was last set back, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024
