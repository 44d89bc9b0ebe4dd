"""Rows of the product from questions that people took apart: MuSiQue's, with their paragraphs.

The question and its answer are theirs, the hops are their steps, and each paragraph is a document
of one chunk. What is wrong with a row of theirs is in `faults.py`.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from template_composer import chunk_id, hops_of, links_of, read_rows

from longhop.records.corpus import Chunk, Split
from longhop.records.questions import Composition, HopLink, Scope, SingleHop
from longhop.records.verification import MultiHop

FILES = ("musique_dev_sample.jsonl.gz", "musique_train_full_sample.jsonl.gz")
_LICENSE = "CC BY-SA 3.0"


@dataclass(frozen=True)
class Case:
    """A row with the chunks that there are: those of its evidence, and perhaps others."""

    row: MultiHop
    chunks: Mapping[str, Chunk]

    def with_row(self, **fields: Any) -> "Case":
        """The same with another row; its hops keep their chunks."""
        return Case(self.row.model_copy(update=fields), self.chunks)

    def with_hop(self, at: int, **fields: Any) -> "Case":
        hops = list(self.row.hops)
        hops[at] = hops[at].model_copy(update=fields)
        return self.with_row(hops=tuple(hops))

    def with_chunks(self, *chunks: Chunk) -> "Case":
        return Case(self.row, {**self.chunks, **{each.id: each for each in chunks}})

    def chunk_of(self, at: int) -> Chunk:
        return self.chunks[self.row.hops[at].chunk_id]


def read_cases(data: Path) -> list[Case]:
    if missing := [name for name in FILES if not (data / name).is_file()]:
        sys.exit(f"{data} does not hold {missing[0]}")
    return [case_of(row) for name in FILES for row in read_rows(data / name)]


def case_of(row: dict[str, Any]) -> Case:
    chunks = [_chunk(chunk_id(row, each["idx"]), each) for each in row["paragraphs"]]
    steps = zip(hops_of(row), row["decomposition"], strict=True)
    made = MultiHop(
        id=row["id"],
        group_id=row["id"],
        question=row["question"],
        answer=row["answer"],
        composition=Composition.BRIDGE,
        scope=Scope.INTER,
        hops=tuple(_told(hop, step) for hop, step in steps),
        links=tuple(links_of(row)),
        composer="people",
    )
    return Case(made, {each.id: each for each in chunks})


def _chunk(name: str, paragraph: dict[str, Any]) -> Chunk:
    text = paragraph["text"]
    return Chunk(
        id=name,
        document_id=name,
        title=paragraph["title"],
        text=text,
        start=0,
        end=len(text),
        tokens=len(text.split()),
        license=_LICENSE,
        language="en",
        split=Split.TRAIN,
    )


def _told(hop: SingleHop, step: dict[str, Any]) -> SingleHop:
    """The hop in its own document, and what it is about where that is given.

    "Jim Wilson >> member of sports team" is about Jim Wilson; of other steps nobody says.
    """
    subject, arrow, relation = step["question_template"].partition(" >> ")
    told = {"subject": subject, "relation": relation} if arrow and "#" not in subject else {}
    return hop.model_copy(update={"document_id": hop.chunk_id, **told})


def without_hop(case: Case, at: int) -> Case:
    """The row without one of its hops, and without the links that it had."""
    rest = [each for each in range(len(case.row.hops)) if each != at]
    return case.with_row(
        hops=tuple(case.row.hops[each] for each in rest),
        links=tuple(
            HopLink(head=rest.index(each.head), tail=rest.index(each.tail), mention=each.mention)
            for each in case.row.links
            if at not in (each.head, each.tail)
        ),
    )


def with_hop_after(
    case: Case, at: int, hop: SingleHop, links: Iterable[HopLink], chunk: Chunk
) -> Case:
    """The row with one more hop behind another; `links` are its own, by the new places."""
    hops = [*case.row.hops[: at + 1], hop, *case.row.hops[at + 1 :]]
    kept = [each.model_copy(update=_behind(each, at)) for each in case.row.links]
    return case.with_row(hops=tuple(hops), links=(*kept, *links)).with_chunks(chunk)


def _behind(link: HopLink, at: int) -> dict[str, int]:
    return {"head": link.head + (link.head > at), "tail": link.tail + (link.tail > at)}


def told_in(hop: SingleHop, chunk: Chunk, quote: str) -> SingleHop:
    """The hop with its evidence in another chunk, which has the quote."""
    start = chunk.text.index(quote)
    span = hop.evidence[0].model_copy(
        update={"chunk_id": chunk.id, "start": start, "end": start + len(quote)}
    )
    return hop.model_copy(
        update={"evidence": (span,), "quote": quote, "document_id": chunk.document_id}
    )


def retold(chunk: Chunk, text: str, name: str = "") -> Chunk:
    """A chunk with another text, and as another document where it gets a name."""
    fields: dict[str, Any] = {"text": text, "end": chunk.start + len(text)}
    if name:
        fields |= {"id": name, "document_id": name}
    return chunk.model_copy(update=fields)


def share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None
