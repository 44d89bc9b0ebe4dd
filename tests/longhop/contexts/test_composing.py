"""Contexts: within the budget, evidence uncut and where it is said to be."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from longhop.contexts.composing import Composer
from longhop.contexts.layout import lay_out
from longhop.contexts.library import Library
from longhop.corpus.chunking import chunk_document
from longhop.corpus.tokenizing import open_tokenizer
from longhop.errors import ContextOverflow
from longhop.records.corpus import Document, Membership, Span, Split
from longhop.records.examples import Role, Template
from longhop.records.seeds import Origin
from longhop.records.verification import MultiHop
from longhop.spec.sections import Contexts
from tests.fakes import BORN, FOUNDED, WordTokenizer, document, multi_hop

FILLER = [
    document(f"f{n}", " ".join(f"Filler {n} says number {n * m} here." for m in range(30)))
    for n in range(40)
]
ADA = document("ada", "Ada Holm was a painter. Ada Holm was born in Orlin. She painted boats.")
ORLIN = document("orlin", "Orlin is a town. Orlin was founded by Brisa Tolle. It has a mill.")
TOKENIZER = open_tokenizer("tekken")


def library(*more: Document, split: Split = Split.TRAIN) -> Library:
    documents = [ADA, ORLIN, *FILLER, *more]
    return Library(
        documents={each.id: each for each in documents},
        memberships={
            each.id: Membership(document_id=each.id, group=each.id, split=split, kept=True)
            for each in documents
        },
        clusters={each.id: n % 3 for n, each in enumerate(documents)},
    )


CHUNKS = {
    each.id: each
    for page in (ADA, ORLIN)
    for each in chunk_document(page, Split.TRAIN, tokenizer=TOKENIZER, limit=300)
}


def row(number: int = 0) -> MultiHop:
    hops = []
    for hop, page, quote in (
        (BORN, ADA, "Ada Holm was born in Orlin."),
        (FOUNDED, ORLIN, "Orlin was founded by Brisa Tolle."),
    ):
        (home,) = (each for each in CHUNKS.values() if each.document_id == page.id)
        start = home.text.index(quote)
        span = Span(chunk_id=home.id, start=start, end=start + len(quote))
        hops.append(hop.model_copy(update={"document_id": page.id, "evidence": (span,)}))
    return multi_hop(*hops).model_copy(update={"id": f"m-{number}"})


def compose(item: MultiHop, tokens: int = 2048, books: Library | None = None):
    composer = Composer(books or library(), TOKENIZER)
    plan = Contexts(tokens=(tokens,))
    context = composer.compose(item, CHUNKS, lay_out(item, plan, dataset="test"))
    return context, composer.text_of(context)


@pytest.mark.parametrize(("tokens", "share"), [(512, 0.95), (1024, 0.98), (4096, 0.98)])
def test_a_context_fills_its_budget_and_never_exceeds_it(tokens: int, share: float):
    """What is missing is less than a sentence, which is more of a short context."""
    for number in range(5):
        context, text = compose(row(number), tokens)

        assert TOKENIZER.count(text) == context.tokens
        assert share * tokens <= context.tokens <= tokens


def test_evidence_slices_to_its_text():
    context, text = compose(row())

    assert [text[each.start : each.end] for each in context.evidence] == [
        "Ada Holm was born in Orlin.",
        "Orlin was founded by Brisa Tolle.",
    ]
    assert all(text.count(each.text) == 1 for each in context.evidence)


def test_every_segment_slices_to_its_document():
    context, text = compose(row())

    documents = library().documents
    for each in context.segments:
        body = documents[each.document_id].text[each.start : each.end]
        assert text[each.context_start : each.context_end] == body


def test_a_row_alone_decides_its_context():
    assert compose(row(3)) == compose(row(3))
    assert compose(row(3))[1] != compose(row(4))[1]


def test_evidence_lies_where_its_layout_wants_it():
    """Within a sentence of a distractor, and within itself at either end."""
    for number in range(20):
        context, text = compose(row(number), 4096)
        ends = TOKENIZER.boundaries(text)
        for each, depth in zip(context.evidence, context.layout.depths, strict=True):
            middle = np.searchsorted(ends, (each.start + each.end) // 2) / len(ends)

            assert abs(middle - depth) < 0.02


@pytest.mark.parametrize("template", list(Template))
def test_documents_stand_there_as_the_template_says(template: Template):
    item = row()
    composer = Composer(library(), TOKENIZER)
    layout = lay_out(item, Contexts(tokens=(1024,), templates=(template,)), dataset="test")
    context = composer.compose(item, CHUNKS, layout)
    text = composer.text_of(context)

    assert text.startswith("Document 1") == (template is Template.NUMBERED)
    assert ("# " in text) == (template is Template.TITLED)
    assert 0.97 * 1024 <= TOKENIZER.count(text) == context.tokens <= 1024


def test_a_tokenizer_of_a_file_is_counted_with_its_own_tokens(tmp_path: Path):
    """Characters are its tokens, even those between documents, so sums of parts are far off."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    model = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    model.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    model.save(str(tmp_path / "tokenizer.json"))
    tokenizer = open_tokenizer(str(tmp_path / "tokenizer.json"))
    for number in range(5):
        item = row(number)
        composer = Composer(library(), tokenizer)
        layout = lay_out(item, Contexts(tokens=(4096,)), dataset="test")
        context = composer.compose(item, CHUNKS, layout)

        assert tokenizer.count(composer.text_of(context)) == context.tokens
        assert 0.98 * 4096 <= context.tokens <= 4096


def test_where_a_document_is_cut_does_not_tell_where_the_evidence_comes():
    """One document of each gap is cut; it may stand anywhere in it."""
    before = Counter()
    for number in range(60):
        context, _ = compose(row(number), 4096)
        whole = {each.id: len(each.text) for each in FILLER}
        for one, following in pairwise(context.segments):
            if following.role is Role.SUPPORTING and one.role is not Role.SUPPORTING:
                before[one.end < whole[one.document_id]] += 1

    assert before[True] < before[False]


def test_no_document_takes_more_than_a_quarter_of_a_context():
    """One long book would be the whole context else; several documents are harder to tell apart."""
    book = document("book", " ".join(f"Page {n} is about page {n - 1}." for n in range(5000)))
    for number in range(10):
        context, _ = compose(row(number), 1024, library(book))
        sizes = {each.document_id: each.end - each.start for each in context.segments}

        assert TOKENIZER.count(book.text[: sizes.get("book", 0)]) <= 256


def test_a_distractor_that_is_evidence_too_is_passed_over():
    """It states the answer with what the hop asks about, so the row would not need its own."""
    rival = document("rival", "In that year Orlin was founded, and Brisa Tolle laid the stone.")
    for number in range(10):
        context, _ = compose(row(number), 4096, library(rival))

        assert "rival" not in {each.document_id for each in context.segments}


def test_a_quote_in_brackets_is_evidence_too():
    rival = document("rival", "A guide. (As all know: Orlin was founded by Brisa Tolle.) " * 3)
    for number in range(10):
        context, _ = compose(row(number), 4096, library(rival))

        assert "rival" not in {each.document_id for each in context.segments}


def test_where_no_subject_is_known_the_answer_alone_is_too_much():
    """A trusted pair says nothing of what its question is about."""
    item = row()
    bare = tuple(hop.model_copy(update={"subject": ""}) for hop in item.hops)
    rival = document("rival", "Brisa Tolle was seen in the north, where nobody knew the name. " * 3)
    for number in range(10):
        seed = item.model_copy(update={"id": f"s-{number}", "hops": bare, "links": ()})
        context, _ = compose(seed, 4096, library(rival))

        assert "rival" not in {each.document_id for each in context.segments}


def test_a_context_falls_when_a_document_has_changed_its_split():
    context, _ = compose(row())
    books = library()
    moved = context.segments[-1].document_id
    books.memberships[moved] = books.memberships[moved].model_copy(update={"split": Split.TEST})

    assert not Composer(books, TOKENIZER).stands(context, row(), CHUNKS, context.layout)


def test_a_near_copy_of_a_supporting_document_is_no_distractor():
    books = library(document("orlin-2", "Orlin, a town."))
    twin = Membership(document_id="orlin-2", group="orlin", split=Split.TRAIN, kept=True)
    books.memberships["orlin-2"] = twin

    for number in range(10):
        assert "orlin-2" not in {
            each.document_id for each in compose(row(number), 4096, books)[0].segments
        }


def test_distractors_stay_in_the_split_of_the_row():
    context, _ = compose(row(), 2048, library(split=Split.TEST))

    assert {each.role for each in context.segments} == {Role.SUPPORTING}
    assert context.tokens < 200, "a corpus with nothing else gives a shorter context"


def test_evidence_above_the_budget_is_refused_and_never_cut():
    chunks = {
        key: each.model_copy(update={"text": each.text * 40, "end": len(each.text) * 40})
        for key, each in CHUNKS.items()
    }
    books = library()
    for page in (ADA, ORLIN):
        books.documents[page.id] = page.model_copy(update={"text": page.text * 40})
    composer = Composer(books, TOKENIZER)

    with pytest.raises(ContextOverflow, match="2 supporting chunks exceed 256 tokens by"):
        composer.compose(row(), chunks, lay_out(row(), Contexts(tokens=(256,)), dataset="test"))


def test_a_context_stands_until_one_of_its_documents_changes():
    context, _ = compose(row())
    books = library()
    composer = Composer(books, TOKENIZER)
    assert composer.stands(context, row(), CHUNKS, context.layout)

    changed = context.segments[-1].document_id
    page = books.documents[changed]
    books.documents[changed] = page.model_copy(update={"text": "Other words. " + page.text})

    assert not composer.stands(context, row(), CHUNKS, context.layout)


def test_a_context_falls_when_its_row_rests_on_another_document():
    """A row whose document was written anew keeps its id, and its layout with it."""
    context, _ = compose(row())
    other = document("orlin-2", ORLIN.text)
    books = library(other)
    moved = {
        each.id: each for each in chunk_document(other, Split.TRAIN, tokenizer=TOKENIZER, limit=300)
    }
    (home,) = moved.values()
    hop = row().hops[1]
    span = hop.evidence[0].model_copy(update={"chunk_id": home.id})
    hops = (
        row().hops[0],
        hop.model_copy(update={"document_id": "orlin-2", "evidence": (span,)}),
    )
    item = row().model_copy(update={"hops": hops})

    composer = Composer(books, TOKENIZER)
    assert composer.stands(context, row(), CHUNKS, context.layout)
    assert not composer.stands(context, item, {**CHUNKS, **moved}, context.layout)


def test_a_context_falls_when_a_written_document_has_changed_its_split():
    """Documents of seed pairs have no group; what they were written for says their split."""
    context, _ = compose(row())
    beside = next(each.document_id for each in context.segments if each.role is not Role.SUPPORTING)
    books = library()
    del books.memberships[beside]
    origin = Origin(
        document_id=beside, seed_id="s", task="", form="news", split=Split.TRAIN, anchored=False,
        language="en",
    )  # fmt: skip
    for split, stands in ((Split.TRAIN, True), (Split.TEST, False)):
        origins = {beside: origin.model_copy(update={"split": split})}
        found = Library(books.documents, books.memberships, books.clusters, origins)

        assert Composer(found, TOKENIZER).stands(context, row(), CHUNKS, context.layout) is stands


@pytest.mark.parametrize("between", [" ", "\n"])
def test_texts_without_sentences_are_cut_all_the_same(between: str):
    """Logs, tables and scripts that mark no ends: none takes more than its quarter."""
    logs = [
        document(f"log{n}", between.join(f"entry {n} number {m} went on" for m in range(2000)))
        for n in range(8)
    ]
    books = library(*logs)
    for each in FILLER:
        del books.memberships[each.id]
    books = Library(books.documents, books.memberships, books.clusters)
    for number in range(3):
        context, text = compose(row(number), 4096, books)

        assert 0.98 * 4096 <= context.tokens <= 4096
        for each in context.segments:
            words = text[each.context_start : each.context_end]
            assert TOKENIZER.count(words) <= 1024
            assert words == words.strip()


def test_evidence_far_apart_in_a_long_document_stands_there_in_parts():
    """What lies between the chunks of two hops may be longer than the context."""
    filler = " ".join(f"Between {n} there is nothing of note." for n in range(1500))
    page = document(
        "ada", f"Ada Holm was born in Orlin. {filler} Orlin was founded by Brisa Tolle."
    )
    chunks = {
        each.id: each for each in chunk_document(page, Split.TRAIN, tokenizer=TOKENIZER, limit=120)
    }
    hops = []
    for hop, quote in ((BORN, "Ada Holm was born in Orlin."), (FOUNDED, "Orlin was founded by")):
        home = next(each for each in chunks.values() if quote in each.text)
        start = home.text.index(quote)
        span = Span(chunk_id=home.id, start=start, end=start + len(quote))
        hops.append(hop.model_copy(update={"document_id": "ada", "evidence": (span,)}))
    item = multi_hop(*hops)
    books = library()
    books.documents["ada"] = page
    composer = Composer(Library(books.documents, books.memberships, books.clusters), TOKENIZER)
    layout = lay_out(item, Contexts(tokens=(2048,)), dataset="test")
    context = composer.compose(item, chunks, layout)
    text = composer.text_of(context)

    supporting = [each for each in context.segments if each.role is Role.SUPPORTING]
    assert [each.document_id for each in supporting] == ["ada", "ada"]
    assert [each.hop for each in context.evidence] == [1, 2]
    assert all(text[each.start : each.end] == each.text for each in context.evidence)
    assert 0.98 * 2048 <= context.tokens <= 2048


class Joining(WordTokenizer):
    """A tokenizer of characters for which documents that meet take more than each alone."""

    def count(self, text: str) -> int:
        return len(text) + 3 * text.count("\n\n")


def test_what_was_cut_for_a_token_is_filled_again():
    """Else a row that came out a token too long would lack a whole sentence."""
    said = "says a good deal about the mill that stood there, and the town."
    notes = [
        document(f"s{n:03}", " ".join(f"In {n} the note of number {m} {said}" for m in range(4)))
        for n in range(60)
    ]
    short = [document(f"t{n:03}", f"Note {n:03} is here.") for n in range(60)]
    composer = Composer(library(*notes, *short), Joining())
    missing = []
    for number in range(30):
        layout = lay_out(row(number), Contexts(tokens=(2048,)), dataset="test")
        context = composer.compose(row(number), CHUNKS, layout)
        assert Joining().count(composer.text_of(context)) == context.tokens
        missing.append(2048 - context.tokens)

    assert min(missing) >= 0
    # Without it there were nine.
    assert sum(each > 50 for each in missing) <= 4
