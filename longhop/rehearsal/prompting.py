"""Reads a chat request: which task it sets, and the values between its fences."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

TASKS = (
    "asked_questions", "found_answers", "reasoned_answers", "single_hop_questions",
    "reasoned_questions", "mended_questions", "merged_question", "reasoned_merge",
    "judgement", "classification", "compared_answers", "short_answer", "written_context",
)  # fmt: skip
_FENCE = re.compile(
    r'<(?P<tag>\w+) mark="(?P<mark>[0-9a-f]{8})">\n(?P<text>.*?)\n</(?P=tag) mark="(?P=mark)">',
    re.DOTALL,
)
_TITLE = re.compile(rf'"title": ?"({"|".join(TASKS)})"')
_LIMIT = re.compile(r"at most (\d+) questions|最多 ?(\d+) ?个")
_SECTIONS = re.compile(r"the first (\d+) of its sections|开头的 ?(\d+) ?节")
_WORDS = re.compile(r"about (\d+) words|约 ?(\d+) ?字")


@dataclass(frozen=True)
class Prompt:
    """One request: its task, the system text, its fences in order, and whether it is a re-ask.

    `brevity` is the share of the words asked for that are written.
    """

    task: str
    system: str
    fences: tuple[tuple[str, str], ...]
    again: bool
    brevity: float = 1.0

    @property
    def reasons(self) -> bool:
        """Whether a rationale is wanted beside what is asked for."""
        return self.task.startswith("reasoned_")

    def values(self, tag: str) -> list[str]:
        """The texts of all fences with this tag."""
        return [text for each, text in self.fences if each == tag]

    def value(self, tag: str) -> str:
        """The text of the first fence with this tag; empty without one."""
        return next(iter(self.values(tag)), "")

    @property
    def content(self) -> tuple[str, ...]:
        """All that the fences hold; two requests with the same are the same to the model."""
        return tuple(part for fence in self.fences for part in fence)

    @property
    def limit(self) -> int:
        """How many questions are wanted at most."""
        return _number(_LIMIT, self.system, 3)

    @property
    def words(self) -> int:
        """How long a written context will be."""
        return round(self.brevity * _number(_WORDS, self.system, 300))

    @property
    def sections(self) -> int:
        """How many sections are wanted."""
        return _number(_SECTIONS, self.system, 2)

    def cut_short(self, share: float) -> "Prompt":
        """The same, as one reads it who writes no more than a share of what is asked for."""
        return replace(self, brevity=share)


def parse(body: Mapping[str, Any]) -> Prompt:
    """The prompt in the body of a chat completion request."""
    said = [(message["role"], _text(message["content"])) for message in body["messages"]]
    system = "\n".join(text for role, text in said if role in ("system", "developer"))
    users = [text for role, text in said if role == "user"]
    fences = _FENCE.finditer(users[0] if users else "")
    return Prompt(
        task=_task(body, system),
        system=system,
        fences=tuple((fence["tag"], fence["text"]) for fence in fences),
        again=len(users) > 1,
    )


def _task(body: Mapping[str, Any], system: str) -> str:
    schema = (body.get("response_format") or {}).get("json_schema") or {}
    named = schema.get("name") or ""
    if not named and (found := _TITLE.search(system)):
        named = found[1]
    return named if named in TASKS else ""


def _text(content: object) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _number(pattern: re.Pattern[str], text: str, default: int) -> int:
    found = pattern.search(text)
    return int(next(group for group in found.groups() if group)) if found else default
