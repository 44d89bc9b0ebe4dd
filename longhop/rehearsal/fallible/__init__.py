"""A simulated model that errs at known rates, in a world whose truth is known.

Quality gates are measured against it: what a gate lets through can be looked up. It stands beside
the rehearsal model, is served under its own name, and knows nothing but its world.
"""

from longhop.rehearsal.fallible.faults import Faults
from longhop.rehearsal.fallible.items import Hop, Item, Question
from longhop.rehearsal.fallible.judging import Judge
from longhop.rehearsal.fallible.model import FallibleModel
from longhop.rehearsal.fallible.solving import Solver
from longhop.rehearsal.fallible.world import Rates, World

__all__ = [
    "FallibleModel",
    "Faults",
    "Hop",
    "Item",
    "Judge",
    "Question",
    "Rates",
    "Solver",
    "World",
]
