"""What a corpus is, and whether it can give the dataset that a spec wants: seen for nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np
import xxhash

from longhop.corpus.deduplicating.joining import KeyJoin
from longhop.corpus.languages.codes import LANGUAGES
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Split
from longhop.spec import DatasetSpec

# A name that more documents hold than this joins none of them in particular.
_COMMON = 50
# Tokens of a context beside its documents: titles, the question, the wording around them.
_BESIDE = 200

_NAME = re.compile(
    r"(?<![.!?] )(?<!\n)(?<!^)\b[^\W\d_a-z][\w'’-]+"
    r"(?:(?: (?:of|the|de|van|von|and))? [^\W\d_a-z][\w'’-]+)*"
    r"|[《「『“]([^》」』”\n]{2,30})[》」』”]"
)


class Survey(Record):
    """A corpus in numbers, after cleaning and without duplicates.

    {"documents": 3501, "chunks": 16220, "tokens": 4812004, "longest_chunk": 320,
     "languages": {"en": 3498, "zh": 3}, "licenses": {"MIT": 3501},
     "shelves": {"train/en": 4401220, …}, "names": 812, "linked": 2140}

    `shelves` has the tokens by split and language: a context is filled from one of them. `names`
    are those that 2 to 50 documents of a split hold, `linked` the documents that hold one.
    """

    documents: int
    chunks: int
    tokens: int
    longest_chunk: int
    languages: dict[str, int]
    licenses: dict[str, int]
    shelves: dict[str, int]
    names: int
    linked: int


def survey_chunks(chunks: Iterable[Chunk]) -> Survey:
    """The survey of chunks that come document by document."""
    languages: Counter[str] = Counter()
    licenses: Counter[str] = Counter()
    shelves: Counter[str] = Counter()
    documents = count = longest = 0
    with KeyJoin() as names:
        for _, part in groupby(chunks, key=lambda each: each.document_id):
            rows = list(part)
            first = rows[0]
            languages[first.language] += 1
            licenses[first.license] += 1
            for each in rows:
                shelves[f"{each.split}/{each.language}"] += each.tokens
                longest = max(longest, each.tokens)
            count += len(rows)
            keys = {_key(first.split, name) for each in rows for name in names_of(each)}
            names.add(documents, np.array(sorted(keys), np.uint64), asks=0)
            documents += 1
        shared, linked = _shared(names, documents)
    return Survey(
        documents=documents,
        chunks=count,
        tokens=shelves.total(),
        longest_chunk=longest,
        languages=dict(languages.most_common()),
        licenses=dict(licenses.most_common()),
        shelves=dict(sorted(shelves.items())),
        names=shared,
        linked=linked,
    )


def names_of(chunk: Chunk) -> set[str]:
    """What a chunk seems to name: its title, capitalised words inside sentences, quoted titles.

    Told by the look of the text alone, so it is a hint of what can be linked and no more.
    """
    found = {match.group(1) or match.group() for match in _NAME.finditer(chunk.text)}
    return {each for each in (chunk.title, *found) if len(each) > 1}


def foresee(survey: Survey, spec: DatasetSpec) -> list[str]:
    """What stands in the way of the wanted dataset, each with what to change; none if it can be."""
    return [
        *_too_long(survey, spec),
        *_too_little(survey, spec),
        *_unlinked(survey),
        *_too_thin(survey, spec),
        *_unlicensed(survey),
        *_foreign(survey),
    ]


def _too_long(survey: Survey, spec: DatasetSpec) -> Iterator[str]:
    hops, tokens = max(spec.questions.hops), min(spec.contexts.tokens)
    needed = hops * survey.longest_chunk + _BESIDE
    if needed > tokens:
        yield (
            f"the evidence of {hops} hops can take {needed:,} tokens and contexts.tokens has"
            f" {tokens:,}: lower chunking.tokens to {max(32, (tokens - _BESIDE) // hops)}, or raise"
            " contexts.tokens"
        )


def _too_little(survey: Survey, spec: DatasetSpec) -> Iterator[str]:
    most = survey.chunks * spec.questions.per_chunk
    wanted = spec.questions.groups
    if 2 * wanted > most * spec.questions.reuse:
        yield (
            f"{survey.chunks:,} chunks give at most {most:,} single-hop questions, and {wanted:,}"
            f" groups need {-(-2 * wanted // spec.questions.reuse):,} (questions.reuse is"
            f" {spec.questions.reuse}): add documents, or lower questions.groups"
        )


def _unlinked(survey: Survey) -> Iterator[str]:
    if survey.documents > 1 and not survey.names:
        yield (
            "no two documents of a split seem to name the same thing, so bridges are unlikely: add"
            " documents that speak of each other"
        )
    if survey.documents == 1:
        yield "there is one document: all hops and no distractor come from it; add documents"


def _too_thin(survey: Survey, spec: DatasetSpec) -> Iterator[str]:
    wanted = max(spec.contexts.tokens)
    thin = {shelf: tokens for shelf, tokens in survey.shelves.items() if tokens < wanted}
    if thin:
        named = ", ".join(f"{shelf} {tokens:,}" for shelf, tokens in list(thin.items())[:8])
        yield (
            f"contexts of {wanted:,} tokens cannot be filled in {named} (tokens by split and"
            " language): rows there get shorter ones; add documents, or lower contexts.tokens"
        )


def _unlicensed(survey: Survey) -> Iterator[str]:
    unknown = survey.licenses.get("unknown", 0)
    if unknown:
        yield (
            f"{unknown:,} of {survey.documents:,} documents name no licence: corpus.license of the"
            " spec says what such documents are under"
        )


def _foreign(survey: Survey) -> Iterator[str]:
    foreign = {each: count for each, count in survey.languages.items() if each not in LANGUAGES}
    if foreign:
        named = ", ".join(f"{each} {count:,}" for each, count in list(foreign.items())[:8])
        yield (
            f"there are no prompts in the language of some documents ({named}): they are asked"
            " about in English; cleaning.languages can leave them out"
        )


def _key(split: Split, name: str) -> int:
    return xxhash.xxh3_64_intdigest(f"{split} {name.casefold()}".encode())


def _shared(names: KeyJoin, documents: int) -> tuple[int, int]:
    """How many names a few documents share, and how many documents hold such a name."""
    linked = np.zeros(documents, bool)
    shared = 0
    for entries in names.parts(np.arange(documents, dtype=np.int32)):
        _, runs = np.unique(entries["key"], return_counts=True)
        few = (runs > 1) & (runs <= _COMMON)
        shared += int(few.sum())
        linked[entries["document"][np.repeat(few, runs)]] = True
    return shared, int(linked.sum())
