"""Sketches: what is kept of a document so that its near-duplicates can be found.

A MinHash signature (Broder 1997) proposes documents that share much of their shingles; anchors,
the shingles whose hash is a multiple of four, propose documents that lie inside longer ones.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import numpy as np
import xxhash
from datasketch import MinHash
from numpy.typing import NDArray

from longhop.corpus.shingles import Hashes, hash_runs, hash_words
from longhop.identity import digest
from longhop.ports import Remembrance
from longhop.records.corpus import Document, Sketch

PERMUTATIONS = 128
# Of a pair as alike as the threshold, at most this share is not proposed.
_MISSED = 0.001
_ANCHOR = np.uint64(4)
# Shingles that are permuted at once: each takes 512 bytes then, and what fits in a cache is fast.
_AT_ONCE = 1024
_BATCH, _BATCH_CHARACTERS = 256, 2_000_000


def sketch_documents(
    documents: Iterable[Document], *, width: int, rows: int, memo: Remembrance
) -> Iterator[Sketch]:
    """A sketch of each document, in their order; one that was made before is remembered.

    Shingles are of `width` words, bands of `rows` values of the signature.
    """
    for batch in _batches(documents):
        keys = [key_of_sketch(each.text, width) for each in batch]
        known = memo.get_many(keys)
        made: dict[str, object] = {
            key: _measure(each.text, width)
            for key, each in zip(keys, batch, strict=True)
            if key not in known
        }
        memo.put_many(made)
        for key, each in zip(keys, batch, strict=True):
            yield _sketch(each, known.get(key, made.get(key)), rows)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """So many documents, or characters, at a time."""
    batch: list[Document] = []
    weight = 0
    for document in documents:
        batch.append(document)
        weight += len(document.text)
        if len(batch) == _BATCH or weight > _BATCH_CHARACTERS:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


def rows_of_band(threshold: float) -> int:
    """How many values of a signature make a band: the most that miss next to no pair.

    Two documents of similarity s share one of b bands of r rows with probability
    1 - (1 - s^r)^b (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
    """
    for rows in (16, 8, 6, 5, 4, 3, 2):
        if (1 - threshold**rows) ** (PERMUTATIONS // rows) <= _MISSED:
            return rows
    return 1


def anchors_of(sketch: Sketch) -> NDArray[np.uint32]:
    """The anchors of a sketch, in rising order of the shingles they are cut from."""
    return np.frombuffer(base64.b64decode(sketch.anchors), "<u4")


def _described(document: Document) -> int:
    given = not document.id.startswith("d-")
    return given + bool(document.title) + (document.license.casefold() != "unknown")


def key_of_sketch(text: str, width: int) -> str:
    """The key under which the sketch of a text is remembered."""
    content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return digest("sketch", 1, width, content)


def _measure(text: str, width: int) -> dict[str, object]:
    words = hash_words(text)
    shingles = hash_runs(words, width)
    anchors = shingles[shingles % _ANCHOR == 0] >> np.uint64(32)
    return {
        "words": xxhash.xxh3_128_hexdigest(words.tobytes()),
        "shingles": len(shingles),
        "signature": _packed(signature_of(shingles), "<u4"),
        "anchors": _packed(anchors, "<u4"),
    }


def signature_of(shingles: Hashes) -> NDArray[np.uint32]:
    """The least of the shingles under each permutation, to the bit as datasketch's MinHash has it.

    Its own loop takes each shingle as an object of Python, and more than twice the time.
    """
    factors, offsets = _permutations()
    mixed = _mix((shingles >> np.uint64(32)).astype(np.uint32))
    least = np.full(PERMUTATIONS, 0xFFFFFFFF, np.uint32)
    for start in range(0, len(mixed), _AT_ONCE):
        permuted = factors * mixed[start : start + _AT_ONCE]
        permuted += offsets
        np.minimum(least, permuted.min(axis=1), out=least)
    return least


def _mix(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The last step of MurmurHash3 of 32 bits, which lets every bit change every other."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(0x85EBCA6B)
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(0xC2B2AE35)
    hashes ^= hashes >> np.uint32(16)
    return hashes


@cache
def _permutations() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """A factor and an offset for each permutation, in columns."""
    factors, offsets = MinHash(num_perm=PERMUTATIONS, seed=1, scheme="affine32").permutations
    return factors.reshape(-1, 1), offsets.reshape(-1, 1)


def _sketch(document: Document, measured: object, rows: int) -> Sketch:
    assert isinstance(measured, dict)
    signature = np.frombuffer(base64.b64decode(measured["signature"]), "<u4")
    return Sketch(
        document_id=document.id,
        words=measured["words"],
        characters=len(document.text),
        described=_described(document),
        shingles=measured["shingles"],
        bands=tuple(_bands(signature, rows)),
        anchors=measured["anchors"],
    )


def _bands(signature: NDArray[np.uint32], rows: int) -> Sequence[int]:
    """One signed 64-bit hash a band, of its number and its values."""
    coded, size = signature.tobytes(), signature.itemsize
    starts = range(0, PERMUTATIONS - rows + 1, rows)
    hashed = [xxhash.xxh3_64_intdigest(coded[at * size : (at + rows) * size], at) for at in starts]
    signed: list[int] = np.array(hashed, np.uint64).view(np.int64).tolist()
    return signed


def _packed(values: NDArray[np.unsignedinteger], kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()
