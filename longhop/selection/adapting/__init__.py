"""Adapting: an embedder learns which pairs the documents of this corpus give (EQUAL)."""

from longhop.selection.adapting.adapting import adapt
from longhop.selection.adapting.pairs import Pair

__all__ = ["Pair", "adapt"]
