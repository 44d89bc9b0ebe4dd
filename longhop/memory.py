"""Memory that is free goes back to the system, which allocators keep for later."""

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Return what is free, where the allocator can (glibc's); it takes milliseconds.

    What batches of other lengths have freed lies in pieces that the next cannot use: without this
    a model takes a few hundred megabytes more than it needs.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
