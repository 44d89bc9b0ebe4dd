"""Layouts of data sets, told by their fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from longhop.auditing.items import Item
from longhop.auditing.layouts.chats import read_messages, read_prompt, read_sharegpt
from longhop.auditing.layouts.fields import Row
from longhop.auditing.layouts.longmit import read_longmit
from longhop.auditing.layouts.ours import read_ours
from longhop.auditing.layouts.paragraphs import read_hotpotqa, read_musique, read_squad
from longhop.auditing.layouts.plain import read_loogle, read_plain
from longhop.corpus.reading.documents import reach
from longhop.errors import ConfigError

# How many fields a message names, and how much of each.
_NAMED, _NAME = 12, 40


@dataclass(frozen=True)
class Layout:
    """A known form of rows: its name, what its rows have, and how one is read."""

    name: str
    fields: str
    fits: Callable[[Row], bool]
    read: Callable[[Row], Iterator[Item]]


def _has(*names: str) -> Callable[[Row], bool]:
    return lambda row: all(each in row for each in names)


def _is_hotpotqa(row: Row) -> bool:
    if "question" not in row:
        return False
    context = row.get("context")
    if isinstance(context, Mapping):
        return "sentences" in context
    if isinstance(context, list):
        return bool(context) and isinstance(context[0], list | tuple)
    return "supporting_facts" in row and "paragraphs" in row


def _is_squad(row: Row) -> bool:
    if "question" in row:
        return False
    found = row.get("data" if "data" in row else "paragraphs")
    return isinstance(found, list)


def _is_prompt(row: Row) -> bool:
    return "prompt" in row and any(each in row for each in ("completion", "output", "response"))


# In the order in which they are tried: what has more fields of its own comes first.
LAYOUTS = (
    Layout(
        "longhop",
        "question, answer, context, evidence, segments, hops",
        _has("question", "answer", "context", "evidence", "segments", "hops"),
        read_ours,
    ),
    Layout("longmit", "all_docs, clue_docs, question, answer", _has("all_docs"), read_longmit),
    Layout("sharegpt", "conversations (from, value)", _has("conversations"), read_sharegpt),
    Layout("messages", "messages (role, content)", _has("messages"), read_messages),
    Layout("prompt", "prompt and completion, output or response", _is_prompt, read_prompt),
    Layout("loogle", "context, qas", _has("context", "qas"), read_loogle),
    Layout(
        "hotpotqa",
        "question, answer, supporting_facts, paragraphs or context of titles and sentences",
        _is_hotpotqa,
        read_hotpotqa,
    ),
    Layout(
        "musique",
        "question, answer, paragraphs (title, text, is_supporting)",
        _has("question", "paragraphs"),
        read_musique,
    ),
    Layout("squad", "paragraphs (text or context, qas)", _is_squad, read_squad),
    Layout(
        "plain",
        "question, answer or answers, context or contexts",
        lambda row: "question" in row and ("context" in row or "contexts" in row),
        read_plain,
    ),
)
BY_NAME: Mapping[str, Layout] = {each.name: each for each in LAYOUTS}


def find_layout(row: Row, place: str) -> Layout:
    """The layout that a row is in by its fields.

    Raises:
        ConfigError: None fits; the message names the fields that were found.
    """
    for each in LAYOUTS:
        if each.fits(row):
            return each
    found = ", ".join(name[:_NAME] for name in sorted(row)[:_NAMED])
    more = f" and {len(row) - _NAMED} more" if len(row) > _NAMED else ""
    known = "; ".join(f"{each.name}: {each.fields}" for each in LAYOUTS)
    raise ConfigError(
        f"{place}: no layout is known that has the fields {found or '(none)'}{more}. Name what they"
        f" are with --columns, such as question=query. Known are {known}"
    )


def named_layout(name: str) -> Layout:
    """The layout of a name.

    Raises:
        ConfigError: There is none.
    """
    if name not in BY_NAME:
        raise ConfigError(f"layout {name!r} is none of {', '.join(BY_NAME)}")
    return BY_NAME[name]


def renamed(row: Row, columns: Mapping[str, str]) -> Row:
    """The row with what stands under other names under ours; a dot leads into what is nested."""
    if not columns:
        return row
    found = {ours: reach(row, theirs) for ours, theirs in columns.items()}
    return {**row, **{ours: value for ours, value in found.items() if value is not None}}
