"""A sample of the corpus: what its prompts hold, and what of it was paid for before."""

import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from statistics import fmean, stdev

from longhop.identity import keyed_share
from longhop.llm.meter import metered
from longhop.ports import Tokenizer
from longhop.questions.asking import AskPlan, ask_chunks, values_of
from longhop.records.corpus import Chunk
from longhop.records.estimate import Range
from longhop.records.model import ModelRequest, Prompt
from longhop.records.money import total
from longhop.resources import Resources

SAMPLED = 200
_USUAL = "In which town of the county was the author of the novel born?"
# Two-sided 95%.
_Z = 1.96


@dataclass
class Sample:
    """Some chunks by keyed hash, the tokens of their prompts, and how many were asked before.

    `answers` are those of a chunk that was asked.
    """

    chunks: list[Chunk]
    plan: AskPlan
    by_document: list[int]
    tokens_of_chunk: float
    read: Range
    remembered: Range
    asked: int = 0
    answers: Range | None = None
    questions: Range | None = None
    written: Range | None = None
    seconds_each: float | None = None

    @property
    def of(self) -> int:
        """The chunks that it is a sample of."""
        return sum(self.by_document)

    def chunks_of(self, documents: int) -> Range:
        """The chunks of so many of the documents, drawn at random."""
        whole = len(self.by_document)
        if documents >= whole:
            return Range.exactly(self.of)
        mean = _interval(fmean(self.by_document), stdev(self.by_document), documents, whole)
        return mean.times(documents).at_least(Range.exactly(documents)).at_most(self.of)


def take_sample(
    chunks: Iterable[Chunk], plan: AskPlan, live: Resources, tokenizer: Tokenizer, name: str
) -> Sample:
    """At most 200 of chunks that come document by document; the spec's tokenizer counts."""
    by_document: list[int] = []

    def counted() -> Iterator[Chunk]:
        for _, part in groupby(chunks, key=lambda each: each.document_id):
            by_document.append(0)
            for each in part:
                by_document[-1] += 1
                yield each

    taken = heapq.nsmallest(SAMPLED, counted(), key=lambda each: _rank(each, name))
    schemas = {
        each.name: tokenizer.count(live.prompts.text(each.reply_schema)) for each in plan.prompts
    }
    sizes, kept = [], 0
    for each in taken:
        for prompt in plan.prompts:
            request = _request(each, plan, live, prompt)
            turns = sum(tokenizer.count(turn.content) for turn in request.messages)
            sizes.append(schemas[prompt.name] + turns)
        kept += live.model.kept(_request(each, plan, live).key) is not None
    return Sample(
        chunks=taken,
        plan=plan,
        by_document=by_document,
        tokens_of_chunk=fmean([each.tokens for each in taken] or [0]),
        read=mean_of(sizes, whole=sum(by_document) * len(plan.prompts)),
        remembered=share_of(kept, len(taken), whole=sum(by_document)),
    )


async def ask_some(sample: Sample, count: int, live: Resources) -> None:
    """Ask so many chunks of the sample for real; the build finds their answers in the memo."""
    fresh, began, plan = live.model.fresh, time.monotonic(), sample.plan
    written, questions, answers = [], [], []
    for each in sample.chunks[:count]:
        with metered("ask") as meter:
            asked = await ask_chunks([each], plan, model=live.model)
        used = total(meter.bill)
        written.append(used.output_tokens / max(1, used.answers))
        questions.append(len(asked.questions))
        answers.append(used.answers)
    sample.asked = len(written)
    sample.written = mean_of(written, whole=sample.of)
    sample.questions = mean_of(questions, whole=sample.of)
    sample.answers = mean_of(answers, whole=sample.of)
    kept = [live.model.kept(_request(each, plan, live).key) is not None for each in sample.chunks]
    sample.remembered = share_of(sum(kept), len(kept), whole=sample.of)
    if live.model.fresh > fresh:
        sample.seconds_each = (time.monotonic() - began) / (live.model.fresh - fresh)


def _request(
    chunk: Chunk, plan: AskPlan, live: Resources, prompt: Prompt | None = None
) -> ModelRequest:
    """The first request of a chunk, or that of another prompt with questions of a usual length."""
    values = {**values_of(chunk, plan), "questions": [_USUAL] * plan.limit}
    return live.model.request(prompt or plan.prompt, chunk.language, values)


def mean_of(values: list[float] | list[int], *, whole: int) -> Range:
    """The mean of a population of so many, from a sample of it, with its 95% interval."""
    if not values:
        return Range.exactly(0)
    middle = fmean(values)
    if len(values) == 1 or len(values) >= whole:
        return Range.exactly(middle)
    return _interval(middle, stdev(values), len(values), whole)


def share_of(hits: int, of: int, *, whole: int) -> Range:
    """The share of hits in a population, from a sample of it, with Wilson's 95% interval."""
    if of == 0:
        return Range.exactly(0)
    share = hits / of
    if of >= whole:
        return Range.exactly(share)
    square = _Z * _Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Range(low=max(0.0, centre - half), likely=share, high=min(1.0, centre + half))


def _interval(mean: float, deviation: float, size: int, whole: int) -> Range:
    """The 95% interval of the mean of so many out of a population."""
    half = _Z * deviation / sqrt(size) * sqrt(1 - size / whole)
    return Range(low=max(0.0, mean - half), likely=mean, high=mean + half)


def _rank(chunk: Chunk, name: str) -> tuple[float, str]:
    return keyed_share("estimate", name, chunk.id), chunk.id
