"""Memory that is free goes back to the system: Python, Arrow and PyTorch keep it for later."""

import ctypes
import sys
from functools import cache
from typing import Any


def give_back() -> None:
    """Return what is free, where the allocators can (glibc's and Arrow's); it takes milliseconds.

    A build reads a large document, embeds, and writes: what one step has freed lies in pieces that
    the next cannot use, so that without this its memory is the sum of its steps.
    """
    trim = _trim()
    if trim is not None:
        trim(0)
    if "pyarrow" in sys.modules:
        sys.modules["pyarrow"].default_memory_pool().release_unused()


@cache
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
