"""Documents are known again: by their ids, by their words, and where others quote them."""

from longhop.corpus.tracing import Traces
from longhop.corpus.withholding import hash_of_words, withholder
from longhop.records.corpus import Document
from longhop.records.takedowns import Takedown, Takedowns, mark_of

TEXT = "The mill at Varn was built by Ole Brandt in the year 1640. It burnt down twice since."
OTHER = "The register has it that it burnt down twice since. The ford is older than the mill."


def document(name: str, text: str) -> Document:
    return Document(id=name, title="", text=text, license="MIT", language="en")


def test_a_quote_is_found_and_what_others_say_too_is_not():
    """Else every text that shares a phrase of the trade would go."""
    traces = Traces([TEXT], [OTHER])

    assert traces.are_in("He said: “was built by  OLE Brandt in the year”, no more.")
    assert not traces.are_in("It burnt down twice since")
    assert not traces.are_in("Ole Brandt built it")
    assert not traces.are_in("")


def test_a_text_that_another_document_has_word_for_word_leaves_no_trace():
    assert len(Traces([TEXT], [TEXT])) == 0
    assert len(Traces([], [])) == 0
    assert not Traces([], []).are_in(TEXT)


def test_chinese_is_traced_by_its_characters():
    assert Traces(["梭溪的水域发源于高山之中。"], []).are_in("据说梭溪的水域发源于某地")


def test_what_was_taken_down_is_known_by_its_id_and_by_its_words():
    """Whatever case, space and punctuation another file of it has."""
    entry = Takedown(mark=mark_of("varn"), texts=(hash_of_words(TEXT),))
    is_withheld = withholder(Takedowns(documents=(entry,)))

    assert is_withheld(document("varn", "another text"))
    assert is_withheld(document("copy", TEXT.upper().replace(". ", "\n\n")))
    assert not is_withheld(document("ford", OTHER))
    assert not withholder(Takedowns())(document("varn", TEXT))


def test_the_list_keeps_what_it_knew_and_forgets_ids_once_erased():
    first = Takedowns().with_more([Takedown(mark="t-2", texts=("b",), id="two")])
    both = first.with_more(
        [Takedown(mark="t-2", texts=("a",), id="two"), Takedown(mark="t-1", id="one")]
    )

    assert both.marks == ("t-1", "t-2")
    assert both.documents[1].texts == ("a", "b")
    erased = both.erased(["t-2"])
    assert [each.id for each in erased.documents] == ["one", ""]
    assert erased.bare == both.bare, "builds are given the same list, and find their receipts"
