"""What a reply turns into when its text is spoilt, and how often that is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from longhop.rehearsal.chance import draw
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.prompting import Prompt


@dataclass(frozen=True)
class Said:
    """A reply: its text, why it ended there ("stop" or "length"), and how it is spoilt, if it is.

    A refusal is said in the place of a text.
    """

    text: str | None
    finish: str = "stop"
    refusal: str | None = None
    spoilt: str = ""


def refuse() -> Said:
    """A refusal, as OpenAI words it: there is no content."""
    return Said(None, refusal="I cannot help with that.", spoilt="refusal")


def spoil(content: Mapping[str, object], prompt: Prompt, conduct: Conduct) -> Said | None:
    """The reply as the conduct spoils it: empty, malformed or in another schema; mostly not."""

    def strikes(share: float, kind: str) -> bool:
        struck = conduct.strikes(share, kind, *prompt.content)
        again = not prompt.again or conduct.strikes(
            conduct.again_share, f"{kind} again", *prompt.content
        )
        return struck and again

    if strikes(conduct.empty_share, "empty"):
        return Said("" if draw("emptiness", *prompt.content) < 0.5 else None, spoilt="empty")
    if strikes(conduct.malformed_share, "malformed"):
        return malform(content, prompt)
    if strikes(conduct.wrong_schema_share, "wrong schema"):
        return Said(_in_another_schema(content, prompt), spoilt="wrong_schema")
    return None


def malform(content: Mapping[str, object], prompt: Prompt) -> Said:
    """The reply cut off, as prose, or with other names for its fields."""
    text = json.dumps(content, ensure_ascii=False)
    chance = draw("malformation", *prompt.content)
    if chance < 0.4:
        return Said(text[: max(1, len(text) * 6 // 10)], "length", spoilt="malformed")
    if chance < 0.7:
        prose = "Certainly! I have read the material with care and here is what I think of it."
        return Said(prose, spoilt="malformed")
    for name, other in (('"question"', '"Q"'), ('"answer', '"reply'), ('"rationale', '"why')):
        text = text.replace(name, other)
    return Said(text, spoilt="malformed")


def _in_another_schema(content: Mapping[str, object], prompt: Prompt) -> str:
    chance = draw("schema", *prompt.content)
    other: dict[str, object] = {"result": content, "status": "ok"}
    if chance < 0.33:
        other = {key: [value] for key, value in content.items()}
    elif chance < 0.67:
        other = {f"{key}_value": value for key, value in content.items()}
    return json.dumps(other, ensure_ascii=False)
