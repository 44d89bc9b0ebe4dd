"""A preview is of documents that can be linked, and always of the same ones."""

from longhop.operations.previewing.choosing import MOST_CHUNKS, choose_chunks
from longhop.records.corpus import Chunk
from tests.fakes import chunk


def page(name: str, *texts: str, title: str = "") -> list[Chunk]:
    at, rows = 0, []
    for number, text in enumerate(texts):
        row = chunk(f"{name}#{number}", text, of=name, start=at)
        rows.append(row.model_copy(update={"title": title or name}))
        at += len(text)
    return rows


def corpus(fillers: int = 40) -> list[list[Chunk]]:
    pages = [page(f"f{n}", f"There is shelf number {n} of the house here.") for n in range(fillers)]
    pages.insert(7, page("ada", "She was Ada Holm of the town Orlin Quay.", title="Ada Holm"))
    pages.insert(31, page("orlin", "It was founded by somebody long ago.", title="Orlin Quay"))
    return pages


def chosen(pages: list[list[Chunk]], documents: int) -> list[str]:
    rows = [each for part in pages for each in part]
    return list(choose_chunks(lambda: rows, documents=documents, name="x").documents)


def test_a_document_comes_with_the_one_that_it_names():
    assert set(chosen(corpus(), 2)) == {"ada", "orlin"}


def test_the_order_of_the_corpus_changes_nothing():
    assert chosen(corpus(), 5) == chosen(corpus()[::-1], 5)


def test_a_footer_that_all_share_joins_nothing():
    """Else a preview would be of footers."""
    pages = [
        [*part, *page(part[0].document_id, "Printed at Great Footer Press.")] for part in corpus()
    ]

    assert set(chosen(pages, 2)) == {"ada", "orlin"}


def test_names_in_another_split_cannot_be_linked():
    pages = corpus()
    pages[31] = [each.model_copy(update={"split": "test"}) for each in pages[31]]
    rows = [each for part in pages for each in part]
    choice = choose_chunks(lambda: rows, documents=2, name="x")

    assert not any(choice.documents.values())


def test_one_document_is_enough_and_gives_no_more_than_eight_chunks():
    rows = page("long", *(f"This is sentence number {n} here." for n in range(20)))
    choice = choose_chunks(lambda: rows, documents=4, name="x")

    assert list(choice.documents) == ["long"]
    assert len(choice.chunks) == MOST_CHUNKS
    assert (choice.of, choice.chunks_of) == (1, 20)


def test_every_document_gives_a_chunk_before_any_gives_two():
    rows = [
        each for n in range(6) for each in page(f"d{n}", *(f"Line {m} of {n}." for m in range(4)))
    ]
    choice = choose_chunks(lambda: rows, documents=6, name="x")

    assert len({each.document_id for each in choice.chunks}) == 6
    assert len(choice.chunks) == 8
