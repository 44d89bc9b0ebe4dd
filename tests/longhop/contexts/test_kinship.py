"""A document that says what the evidence says stands beside no row, whatever its names."""

from random import Random

import pytest

from longhop.contexts.kinship import Kinship
from longhop.corpus.shingles import shingle_hashes
from longhop.records.corpus import Document
from tests.fakes import document
from tests.longhop.contexts.test_library import PAGES, drawn, library, row


def text(number: int, words: int = 300) -> list[str]:
    rng = Random(number)
    return [f"word{rng.randrange(5000)}" for _ in range(words)]


@pytest.mark.parametrize("words", [6, 40, 300, 3000])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.6, 0.62, 0.66, 0.7, 0.8, 0.95, 1.0])
def test_kin_are_those_that_share_half_of_all_runs(share: float, words: int):
    """As counted over all of them, although most are told apart by a few."""
    own = text(0, words)
    kept = int(share * words)
    changed = own[:kept] + text(1, words)[kept:]
    pages = [document("own", " ".join(own)), document("b", " ".join(changed))]
    one, other = (set(shingle_hashes(each.text, 5).tolist()) for each in pages)
    kin = Kinship({each.id: each for each in pages}).of({"own"})

    assert kin.has("b") == (len(one & other) / len(one | other) >= 0.5)


def test_the_copy_of_an_evidence_document_is_no_distractor():
    """Though no group of near-duplicates has both: what it says is the evidence, all the same."""
    said = "Ada lived long ago and the old house near the harbour was sold twice before it burnt."
    told = f"{said} The tower stood behind it, and nobody went there in the winter or the spring."
    ada, copy = document("ada", told), document("copy", told.replace("burnt", "fell"))
    found = {each for each, _ in drawn(library(ada, copy), row(), 99)}

    assert "copy" not in found
    assert {each.id for each in PAGES} <= found


def test_documents_that_are_not_there_have_no_kin():
    pages: dict[str, Document] = {"a": document("a", "Some words that are here.")}

    assert not Kinship(pages).of({"gone"}).has("a")
