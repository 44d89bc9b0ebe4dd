"""Seeds, and a model that writes for them what a test decides."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from longhop.contexts.writing import WritePlan
from longhop.corpus.pairs import language_of
from longhop.ports import NoReply
from longhop.records.replies import Reply, WrittenContext, WrittenSection
from longhop.records.seeds import SeedPair
from tests.fakes import ScriptedModel, prompt


def seed(question: str, answer: str, **changes: Any) -> SeedPair:
    fields = {
        "id": f"seed-{question}-{answer[:20]}",
        "question": question,
        "answer": answer,
        "license": "CC0-1.0",
        "language": language_of(question),
    }
    return SeedPair.model_validate(fields | changes)


CLOCK = seed("Who repaired the Halden clock?", "Mira Tolle")
SAID = "The clock of Halden was set going again by Mira Tolle."


def plan(**changes: Any) -> WritePlan:
    asked = prompt("context").model_copy(update={"max_tokens": 4096})
    fields = {"prompt": asked, "words": 100, "form": "report", "requests": 6}
    return WritePlan.model_validate(fields | changes)


def context(*sections: str, evidence: Sequence[str] = (), title: str = "A page") -> WrittenContext:
    told = tuple(WrittenSection(heading="", text=each) for each in sections)
    return WrittenContext(title=title, sections=told, evidence=tuple(evidence))


def words(count: int, key: object = "") -> str:
    """Sentences of so many words in all, which no other key has."""
    told = [f"w{key}x{n}" for n in range(count)]
    return " ".join(f"{word}." if n % 10 == 9 else word for n, word in enumerate(told)) + "."


def writer(
    first: WrittenContext | NoReply, share: float = 1.0, later: Callable[..., Any] | None = None
) -> ScriptedModel:
    """A model that begins so, and goes on with a share of the words that it is asked for."""

    def reply(_: object, values: Mapping[str, Any]) -> Reply | NoReply:
        if not values["written"]:
            return first
        if later is not None:
            return later(values)
        key = len("".join(values["written"]))
        return context(words(int(share * values["words"]), key))

    return ScriptedModel(reply)
