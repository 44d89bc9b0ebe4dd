"""Rows that people wrote, and the documents that their contexts are made of."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longhop.contexts.library import Library
from longhop.corpus.chunking import chunk_document
from longhop.corpus.cleaning import clean_text
from longhop.corpus.tokenizing import open_tokenizer
from longhop.records.corpus import Chunk, Document, Membership, Span, Split
from longhop.records.questions import AnswerKind, Composition, HopLink, Scope, SingleHop
from longhop.records.verification import MultiHop

_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*[\"”’)]*\s*")
_NAME = re.compile(
    r"[A-Z][\w'’.-]*(?: (?:of|the|de|[A-Z][\w'’.-]*))* ?[A-Z][\w'’.-]*|[A-Z][\w'’-]+"
)
_CHUNK = 512


@dataclass
class Corpus:
    """Rows, the chunks of their evidence, and the library they are composed from."""

    name: str
    rows: list[MultiHop]
    chunks: dict[str, Chunk]
    library: Library


def read_english(data: Path, name: str, limit: int) -> Corpus:
    """MuSiQue's chains among its own paragraphs, or those of the mixed corpus."""
    pages = [
        Document(
            id=each["id"],
            title=each.get("title") or "",
            text=clean_text(each["text"]),
            license="",
            language="en",
        )
        for each in _lines(data / f"{name}.jsonl.gz")
    ]
    pages = [each for each in pages if each.text]
    steps = {each["id"]: each for each in _lines(data / "musique_single_hop_pool.jsonl.gz")}
    known = {each.text: each for each in pages}
    chunks: dict[str, Chunk] = {}
    apart: dict[str, Document] = {}
    rows = []
    for chain in _lines(data / "musique_gold_chains.jsonl.gz"):
        hops = []
        for step in chain["steps"]:
            found = steps[step]
            text = clean_text(found["paragraph"])
            page = known.get(text) or apart.setdefault(
                text,
                Document(
                    id=f"p-{step}",
                    title=found["document_title"],
                    text=text,
                    license="",
                    language="en",
                ),
            )
            heads = [head for head, tail in chain["edges"] if tail == step]
            subject = steps[heads[0]]["answer"] if heads else _subject(found)
            hop = _hop(page, found["question"], found["answer"], subject, chunks, "en")
            if hop is not None:
                hops.append(hop)
        if len(hops) != len(chain["steps"]) or len({each.chunk_id for each in hops}) < len(hops):
            continue
        places = {step: at for at, step in enumerate(chain["steps"])}
        links = tuple(
            HopLink(head=places[head], tail=places[tail], mention=steps[head]["answer"])
            for head, tail in chain["edges"]
        )
        rows.append(_row(chain["id"], chain["question"], chain["answer"], hops, links))
    return Corpus(name, rows[:limit], chunks, _library(pages, list(apart.values())))


def read_chinese(data: Path, limit: int) -> Corpus:
    """XQuAD's questions among its own paragraphs."""
    pages, rows = [], []
    chunks: dict[str, Chunk] = {}
    for article in _lines(data / "xquad_zh_sample.jsonl.gz"):
        for paragraph in article["paragraphs"]:
            page = Document(
                id=f"{article['id']}-{paragraph['idx']}",
                title="",
                text=clean_text(paragraph["text"]),
                license="",
                language="zh",
            )
            pages.append(page)
            for each in paragraph["qas"]:
                hop = _hop(page, each["question"], each["answers"][0], "", chunks, "zh")
                if hop is not None:
                    rows.append(_row(each["id"], hop.question, hop.answer, [hop], ()))
    return Corpus("xquad_zh", rows[:limit], chunks, _library(pages, []))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _subject(step: dict[str, Any]) -> str:
    """What a first step is about: its document, if it is named, else the longest name it has."""
    question, title = step["question"], step["document_title"]
    if title and title.casefold() in question.casefold():
        return str(title)
    names = _NAME.findall(question[1:])
    return max(names, key=len, default="").strip()


def _hop(
    page: Document,
    question: str,
    answer: str,
    subject: str,
    chunks: dict[str, Chunk],
    language: str,
) -> SingleHop | None:
    """A step with the first sentence that has its answer; None where none has it as a whole."""
    answer = clean_text(answer)
    for chunk in chunk_document(
        page, Split.TRAIN, tokenizer=open_tokenizer("tekken"), limit=_CHUNK
    ):
        for sentence in _SENTENCE.finditer(chunk.text):
            if answer not in sentence[0]:
                continue
            start, end = sentence.start(), sentence.start() + len(sentence[0].rstrip())
            chunks[chunk.id] = chunk
            return SingleHop(
                id=f"q-{page.id}-{question}",
                question=question,
                answer=answer,
                evidence=(Span(chunk_id=chunk.id, start=start, end=end),),
                quote=chunk.text[start:end],
                subject=subject,
                relation="",
                kind=AnswerKind.OTHER,
                document_id=page.id,
                license="",
                language=language,
                split=Split.TRAIN,
            )
    return None


def _row(
    name: str, question: str, answer: str, hops: list[SingleHop], links: tuple[HopLink, ...]
) -> MultiHop:
    return MultiHop(
        id=name,
        group_id=name,
        question=question,
        answer=answer,
        composition=Composition.BRIDGE if len(hops) > 1 else Composition.SINGLE,
        scope=Scope.INTER if len({each.document_id for each in hops}) > 1 else Scope.INTRA,
        hops=tuple(hops),
        composer="people",
        links=links,
    )


def _library(pages: list[Document], apart: list[Document]) -> Library:
    """Pages are all in one split, each a group of its own; those `apart` are no distractors."""
    return Library(
        documents={each.id: each for each in [*pages, *apart]},
        memberships={
            each.id: Membership(document_id=each.id, group=each.id, split=Split.TRAIN, kept=True)
            for each in pages
        },
        clusters={},
    )
