"""Keeping benchmarks out: what a text shares with a benchmark's items, word for word or nearly.

`plain` brings texts into one form, `items` reads a benchmark and what of it is looked for,
`finding` looks into a text and says which item stands there.
"""

from longhop.publishing.decontaminating.finding import (
    Touch,
    find_contaminations,
    to_rejection,
    touches,
)
from longhop.publishing.decontaminating.items import Benchmarks, read_benchmarks

__all__ = [
    "Benchmarks",
    "Touch",
    "find_contaminations",
    "read_benchmarks",
    "to_rejection",
    "touches",
]
