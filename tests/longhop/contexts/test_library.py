"""Which documents stand beside a row, and from which tier."""

from collections import Counter
from itertools import islice

from longhop.contexts.layout import lay_out
from longhop.contexts.library import Library
from longhop.records.corpus import Document, Membership, Split
from longhop.records.examples import Role
from longhop.records.questions import HopLink, SingleHop
from longhop.records.verification import MultiHop
from longhop.spec.sections import Contexts
from tests.fakes import BORN, FOUNDED, document, multi_hop

PAGES = [document(f"f{n:02}", f"Filler {n} says number {n * 7} here.") for n in range(60)]
NEAR = document("near", "Ada Holm was seen where boats are born and painted.")


def library(*more: Document) -> Library:
    pages = [*PAGES, NEAR, *more]
    return Library(
        documents={each.id: each for each in pages},
        memberships={
            each.id: Membership(document_id=each.id, group=each.id, split=Split.TRAIN, kept=True)
            for each in pages
        },
        clusters={**{each.id: n % 2 for n, each in enumerate(pages)}, "ada": 1, "orlin": 1},
    )


def row(*hops: SingleHop) -> MultiHop:
    placed = zip(hops or (BORN, FOUNDED), ("ada", "orlin"), strict=False)
    return multi_hop(*(hop.model_copy(update={"document_id": of}) for hop, of in placed))


def drawn(books: Library, item: MultiHop, number: int, **shares: float) -> list[tuple[str, Role]]:
    layout = lay_out(item, Contexts(**shares), dataset="test")
    return list(islice(books.distractors(item, layout), number))


def test_tiers_have_their_shares():
    found = drawn(library(), row(), 20, same_cluster=0.5, retrieved=0.05)

    roles = Counter(role for _, role in found)
    assert roles == {Role.SAME_CLUSTER: 10, Role.RANDOM: 9, Role.RETRIEVED: 1}


def test_what_shares_words_with_the_question_is_retrieved():
    found = drawn(library(), row(), 3, same_cluster=0.0, retrieved=0.4)

    assert ("near", Role.RETRIEVED) in found


def test_a_tier_that_has_no_more_leaves_its_share_to_the_others():
    found = drawn(library(), row(), 61, same_cluster=0.0, retrieved=1.0)

    assert len(found) == 61
    assert len({each for each, _ in found}) == 61, "each document once"


def test_one_more_document_leaves_the_others_in_their_order():
    """A row's context is to change as little as its documents do."""
    before = drawn(library(), row(), 99, same_cluster=0.0)
    after = drawn(library(document("new", "A new page.")), row(), 99, same_cluster=0.0)

    assert "new" in {each for each, _ in after}
    assert [each for each in after if each[0] != "new"] == before


def test_an_answer_with_the_words_of_an_earlier_answer_is_a_rival():
    """They are what leads from one step to the next, whatever the step calls its subject."""
    rival = document("rival", "In Orlin somebody saw Brisa Tolle.")
    hop = FOUNDED.model_copy(update={"subject": "the town"})
    link = HopLink(head=0, tail=1, mention="the town")
    item = row(BORN, hop).model_copy(update={"links": (link,)})

    assert "rival" not in {each for each, _ in drawn(library(rival), item, 99)}


def test_a_number_with_a_comma_is_found_in_a_rival():
    hop = FOUNDED.model_copy(
        update={"answer": "1,200", "subject": "Orlin", "quote": "It had 1,200 people."}
    )
    rival = document("rival", "Orlin has 1,200 inhabitants.")
    other = document("other", "Orlin has 1,250 inhabitants.")
    found = {each for each, _ in drawn(library(rival, other), row(BORN, hop), 99)}

    assert "other" in found
    assert "rival" not in found


def test_a_tier_without_a_share_is_not_looked_through_before_the_others_are_empty():
    """Of a large shelf, comparing the clusters of all documents would be most of the work."""
    books = library()
    found = drawn(books, row(), 20, same_cluster=0.0)
    (shelf,) = books._shelves.values()

    assert all(role is Role.RANDOM for _, role in found)
    assert "members" not in shelf.__dict__

    every = drawn(books, row(), 99, same_cluster=0.0)
    assert Role.SAME_CLUSTER in {role for _, role in every}
    assert {each for each, _ in every} == {each.id for each in [*PAGES, NEAR]}
