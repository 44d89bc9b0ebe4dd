"""Removing the text of documents from a whole store, and looking for it everywhere."""

from longhop.operations.erasing.searching import Trail
from longhop.operations.erasing.strings import strings_of

__all__ = ["Trail", "strings_of"]
