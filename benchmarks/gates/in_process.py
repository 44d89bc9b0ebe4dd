"""The fallible model behind the product's port for models: no server, no rendered prompt.

A prompt's values become the fences that the packaged templates would make of them, and each call
is counted under its prompt's name. Every so many calls of a name one is kept, so that its tokens
can be counted, and that the fences can be held against those of the rendered prompt.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from longhop.records.model import Prompt
from longhop.rehearsal.fallible import FallibleModel
from longhop.rehearsal.prompting import Prompt as Request

_KEPT_OF = 97  # of so many calls of a prompt the first is kept
_MOST_KEPT = 60

Fences = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Call:
    """One call: what was asked with which values, and the fields of the reply."""

    prompt: Prompt
    language: str
    values: Mapping[str, Any]
    content: Mapping[str, Any]


@dataclass
class InProcess:
    """A ChatModel that answers at once, and counts."""

    model: FallibleModel
    calls: Counter[str] = field(default_factory=Counter)
    kept: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, Any], reply: type[Any]
    ) -> Any:
        request = Request(prompt.reply, "", tuple(fences_of(values)), again=False)
        content = self.model.content(request, prompt.sample)
        kept = self.kept[prompt.name]
        if self.calls[prompt.name] % _KEPT_OF == 0 and len(kept) < _MOST_KEPT:
            kept.append(Call(prompt, language, values, content))
        self.calls[prompt.name] += 1
        return reply.model_validate(content)


def fences_of(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What stands between tags in the packaged prompts.

    Order counts within a tag alone, so it does not matter whether documents come first.
    """
    for tag in ("title", "document", "composition", "question", "answer", "objection"):
        if values.get(tag):
            yield tag, str(values[tag])
    yield from (("document", each) for each in values.get("documents", ()))
    yield from (("question", each) for each in values.get("questions", ()))
    for hop in values.get("hops", ()):
        yield from _of_hop(hop)


def _of_hop(hop: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((tag, hop[tag]) for tag in ("question", "answer", "evidence") if tag in hop)
    yield from (("mention", each["mention"]) for each in hop.get("about", ()))


def by_tag(fences: Iterable[tuple[str, str]]) -> dict[str, Sequence[str]]:
    """Fences as a model reads them: those of a tag in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for tag, text in fences:
        found[tag].append(text)
    return dict(found)
