"""Chance without a generator: a number in [0, 1) that depends on what it is drawn for alone."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

VERSION = "1"

T = TypeVar("T")


def draw(salt: str, *content: str) -> float:
    """The same number for the same salt and content, whatever was drawn before."""
    written = "\x1f".join((VERSION, salt, *content)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(written, digest_size=7).digest(), "big") / 2.0**56


def pick(options: Sequence[T], salt: str, *content: str) -> T:
    """One of the options, each as likely as the others."""
    return options[int(draw(salt, *content) * len(options))]
