"""What rows cost: calls by prompt, and tokens by those of a sample of the rendered prompts."""

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from gates.in_process import Call, InProcess, by_tag, fences_of

from longhop.corpus.tokenizing import open_tokenizer
from longhop.llm.prompts import PromptBook
from longhop.records.model import Message
from longhop.rehearsal.prompting import parse
from longhop.spec.sections import Model
from longhop.storage.files import LocalFiles

# What the paper gives for a row of its own (MIMG, arXiv 2409.01893): these many more to read, and
# at most these to write.
PAPER = {"input_tokens": 3000, "output_tokens": 500}


def measure_cost(model: InProcess, rows: int) -> dict[str, Any]:
    """Calls and tokens of an accepted row, by prompt and over all."""
    tokens = {name: _tokens(calls) for name, calls in _rendered(model).items()}
    calls = {name: count / rows for name, count in sorted(model.calls.items())}
    total = {
        side: round(sum(calls[name] * tokens[name][at] for name in calls))
        for at, side in enumerate(PAPER)
    }
    return {
        "calls_per_row": {name: round(count, 2) for name, count in calls.items()},
        "tokens_per_call": {name: [round(each) for each in it] for name, it in tokens.items()},
        **{f"{side}_per_row": count for side, count in total.items()},
        "paper": PAPER,
    }


def _rendered(model: InProcess) -> dict[str, list[tuple[Call, tuple[Message, ...]]]]:
    """The kept calls as the packaged prompts word them.

    A model reads the same fences there as it was given, else the pipeline asked something else.
    """
    found = {}
    with TemporaryDirectory() as folder:
        book = PromptBook(LocalFiles(Path(folder)))
        for name, calls in sorted(model.kept.items()):
            frozen = book.freeze(name, Model(name="fallible"))
            found[name] = [
                (each, book.messages(frozen, each.language, each.values)) for each in calls
            ]
    for rendered in found.values():
        for call, messages in rendered:
            body = {"messages": [each.model_dump() for each in messages]}
            assert by_tag(parse(body).fences) == by_tag(fences_of(_filled(call.values)))
    return found


def _tokens(calls: list[tuple[Call, tuple[Message, ...]]]) -> tuple[float, float]:
    """What one call reads and writes on the mean; an endpoint adds its schema and its roles."""
    count = open_tokenizer("tekken").count
    read = mean(sum(count(each.content) for each in messages) for _, messages in calls)
    written = mean(count(json.dumps(call.content, ensure_ascii=False)) for call, _ in calls)
    return read, written


def _filled(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
