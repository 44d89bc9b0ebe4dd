"""Writing the missing document for a trusted pair (context synthesis, arXiv 2502.15592, §4.2).

The question and the answer stay as they are, to the letter; only the document is the model's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from longhop.concurrency import run_each
from longhop.corpus.cleaning import clean_text
from longhop.corpus.shingles import shingle_hashes
from longhop.identity import make_id
from longhop.matching import mentions
from longhop.ports import ChatModel, NoReply, Tokenizer
from longhop.questions.locating import locate
from longhop.records.accounts import Reason, Rejection
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Document, Span, Split
from longhop.records.model import Prompt
from longhop.records.questions import AnswerKind, Composition, Scope, SingleHop
from longhop.records.replies import WrittenContext
from longhop.records.seeds import SeedPair
from longhop.records.verification import MultiHop
from longhop.verification.repairing import Sifted, note_no_reply

# A run of this many words of the question in the document restates it.
_RESTATED = 8


class WritePlan(Record):
    """What writing depends on.

    {"prompt": {…}, "words": 250, "form": "encyclopedia article"}
    """

    prompt: Prompt
    words: int
    form: str


@dataclass
class Written(Sifted):
    """The seeds as candidates, with the documents and chunks that they rest on."""

    documents: list[Document] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)


async def write_contexts(
    seeds: Sequence[tuple[SeedPair, Split]],
    plan: WritePlan,
    *,
    model: ChatModel,
    tokenizer: Tokenizer,
) -> Written:
    """A document for each seed, its evidence located, as a candidate of one hop."""

    async def write(item: tuple[SeedPair, Split]) -> WrittenContext | NoReply:
        seed, _ = item
        values = {
            "question": seed.question,
            "answer": seed.answer,
            "form": plan.form,
            "words": plan.words,
        }
        return await model.ask(plan.prompt, seed.language, values, WrittenContext)

    written = Written()
    for (seed, split), reply in zip(seeds, await run_each(seeds, write), strict=True):
        if isinstance(reply, NoReply):
            note_no_reply("write", seed.id, reply, into=written)
            continue
        text = clean_text(reply.text)
        places = [place for quote in reply.evidence for place in locate(quote, text)]
        finding = _find(seed, text, places)
        if finding is not None:
            reason, detail = finding
            written.rejected.append(
                Rejection(stage="write", item=seed.id, reason=reason, detail=detail, raw=text)
            )
            continue
        _accept(written, seed, split, clean_text(reply.title), text, places, plan, tokenizer)
    return written


def _find(
    seed: SeedPair, text: str, places: Sequence[tuple[int, int]]
) -> tuple[Reason, str] | None:
    if not places:
        return Reason.EVIDENCE_MISSING, "no evidence sentence is in the text"
    if not any(mentions(text[start:end], seed.answer) for start, end in places):
        return Reason.ANSWER_NOT_IN_EVIDENCE, seed.answer
    asked, written = (shingle_hashes(each, _RESTATED) for each in (seed.question, text))
    if np.isin(asked, written, assume_unique=True).any():
        return Reason.ANSWER_LEAK, "the text restates the question"
    return None


def _accept(
    written: Written,
    seed: SeedPair,
    split: Split,
    title: str,
    text: str,
    places: Sequence[tuple[int, int]],
    plan: WritePlan,
    tokenizer: Tokenizer,
) -> None:
    document = Document(
        id=make_id("s", seed.id, text),
        title=title,
        text=text,
        license=seed.license,
        language=seed.language,
    )
    chunk = Chunk(
        id=make_id("c", document.id, text),
        document_id=document.id,
        title=title,
        text=text,
        start=0,
        end=len(text),
        tokens=tokenizer.count(text),
        license=seed.license,
        language=seed.language,
        split=split,
    )
    distinct = sorted(set(places))
    hop = SingleHop(
        id=make_id("q", chunk.id, seed.question),
        question=seed.question,
        answer=seed.answer,
        evidence=tuple(Span(chunk_id=chunk.id, start=s, end=e) for s, e in distinct),
        quote=text[distinct[0][0] : distinct[0][1]],
        subject="",
        relation="",
        kind=AnswerKind.OTHER,
        document_id=document.id,
        license=seed.license,
        language=seed.language,
        split=split,
    )
    written.documents.append(document)
    written.chunks.append(chunk)
    written.kept.append(
        MultiHop(
            id=make_id("m", seed.id, hop.id),
            group_id=seed.id,
            question=seed.question,
            answer=seed.answer,
            composition=Composition.SINGLE,
            scope=Scope.INTRA,
            hops=(hop,),
            composer=plan.prompt.model,
        )
    )
