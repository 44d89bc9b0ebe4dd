"""A reader that makes no mistake: it answers where what it is shown tells every step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from longhop.corpus.shingles import words_of
from longhop.records.model import Prompt
from longhop.records.replies import Compared, ShortAnswer
from longhop.records.verification import MultiHop
from longhop.verification.proving import ProvePlan

_NOTHING = ShortAnswer(rationale="", answerable=False, answer="")


@dataclass(frozen=True)
class Known:
    """What the oracle knows of a question: its answer, and what has to be told for it.

    One of `ways` has to be told whole. One that is `remembered` is answered from nothing.
    """

    answer: str
    ways: tuple[tuple[str, ...], ...]
    remembered: bool = False


class Oracle:
    """A ChatModel that reads the values of its prompt, and sees nothing else of a row."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self._known = known

    async def ask(
        self,
        _prompt: Prompt,
        _language: str,
        values: Mapping[str, Any],
        reply: type[Any],
    ) -> Any:
        if reply is Compared:
            same = plain(values["given"]) == plain(values["answer"])
            return Compared(rationale="", same=same)
        known = self._known[values["question"]]
        told = f" {' | '.join(plain(each) for each in values.get('documents', ()))} "
        holds = any(all(f" {plain(fact)} " in told for fact in way) for way in known.ways)
        if not (holds or known.remembered):
            return _NOTHING
        return ShortAnswer(rationale="", answerable=True, answer=known.answer)


def facts_of(row: MultiHop) -> tuple[str, ...]:
    """What each step of a question rests on."""
    return tuple(hop.quote for hop in row.hops)


def plain(text: str) -> str:
    return " ".join(words_of(text))


def known_of(rows: Iterable[MultiHop]) -> dict[str, Known]:
    return {row.question: Known(row.answer, (facts_of(row),)) for row in rows}


def plan() -> ProvePlan:
    answer, closed_book, compare = (
        Prompt(
            name=name,
            templates={"en": ""},
            reply="",
            reply_schema="",
            model="oracle",
            temperature=0.0,
            max_tokens=1,
        )
        for name in ("answer", "closed_book", "compare")
    )
    return ProvePlan(answer=answer, closed_book=closed_book, compare=compare)
