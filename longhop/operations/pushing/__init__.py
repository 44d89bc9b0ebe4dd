"""Sending a version to a Hugging Face hub.

`packing` says what of a version goes there, and takes out of it where it was built; `hub` sends it.
"""

from longhop.operations.pushing.hub import Hub, Sent
from longhop.operations.pushing.packing import Package, pack

__all__ = ["Hub", "Package", "Sent", "pack"]
