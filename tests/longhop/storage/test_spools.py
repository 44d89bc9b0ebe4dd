"""Records in scratch files come back as they went in."""

from hypothesis import given
from hypothesis import strategies as st

from longhop.records.corpus import Document
from longhop.records.verification import MultiHop
from longhop.storage import spools
from longhop.storage.spools import KeySet, Lookup, Spool
from tests.fakes import BORN, FOUNDED, document, multi_hop


@given(st.lists(st.text(), max_size=20))
def test_a_spool_is_read_in_its_order_as_often_as_wanted(texts: list[str]):
    """Whatever signs there are in a text: none ends its line."""
    rows = [document(f"d{n}", text) for n, text in enumerate(texts)]
    with Spool(Document) as spool:
        for row in rows:
            spool.add(row)

        assert list(spool) == list(spool) == rows
        assert list(spool.values("id")) == [(row.id,) for row in rows]


def test_a_spool_may_be_read_twice_at_once(monkeypatch):
    monkeypatch.setattr(spools, "_BLOCK", 10)
    rows = [multi_hop(BORN, FOUNDED).model_copy(update={"id": f"m-{n}"}) for n in range(5)]
    with Spool(MultiHop) as spool:
        for row in rows:
            spool.add(row)

        assert list(zip(spool, spool, strict=True)) == list(zip(rows, rows, strict=True))


def test_a_lookup_gives_what_is_there():
    with Lookup(Document, lambda each: each.id) as lookup:
        for n in range(50):
            lookup.add(document(f"d{n}", f"text {n}"))
        found = lookup.take(["d7", "nowhere", "d0", "d49"])

    assert {name: each.text for name, each in found.items()} == {
        "d7": "text 7",
        "d0": "text 0",
        "d49": "text 49",
    }


def test_of_two_with_one_id_the_later_is_found():
    """As in a mapping that both were put into."""
    with Lookup(Document, lambda each: each.id) as lookup:
        for text in ("first", "other", "second"):
            lookup.add(document("d" if text != "other" else "e", text))

        assert lookup.take(["d"])["d"].text == "second"


def test_names_of_one_hash_are_told_apart(monkeypatch):
    """Sixty-four bits are many, and not all."""
    monkeypatch.setattr(spools, "short_key", lambda name: len(name))
    with Lookup(Document, lambda each: each.id) as lookup:
        for name in ("aa", "bb", "c"):
            lookup.add(document(name, f"text of {name}"))
        found = lookup.take(["aa", "bb", "cc"])

    assert {name: each.text for name, each in found.items()} == {
        "aa": "text of aa",
        "bb": "text of bb",
    }


@given(st.sets(st.text()), st.text())
def test_a_set_of_keys_knows_its_names(names: set[str], other: str):
    keys = KeySet(names)

    assert all(name in keys for name in names)
    assert (other in keys) is (other in names)


def test_an_empty_lookup_gives_nothing():
    with Lookup(Document, lambda each: each.id) as lookup:
        assert lookup.take(["d"]) == {}
