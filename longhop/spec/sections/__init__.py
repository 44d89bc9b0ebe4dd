"""The sections of a spec. A field that can change a row stands here, whatever it is about."""

from longhop.spec.sections.caps import Caps
from longhop.spec.sections.contexts import Contexts, Seeds
from longhop.spec.sections.corpus import (
    Chunking,
    Cleaning,
    Columns,
    Corpus,
    Decontamination,
    Deduplication,
    Splits,
)
from longhop.spec.sections.fields import (
    Count,
    Groups,
    ModelName,
    Money,
    Place,
    Section,
    Share,
    SomeShare,
    Tokens,
)
from longhop.spec.sections.models import Budget, Model, Models
from longhop.spec.sections.publishing import Publishing
from longhop.spec.sections.questions import HOPS_OF, Merging, Questions
from longhop.spec.sections.selection import (
    BLIND,
    Clustering,
    Embedding,
    PolicyName,
    Selection,
    Stopping,
)
from longhop.spec.sections.verification import Release, Verification

__all__ = [
    "BLIND",
    "HOPS_OF",
    "Budget",
    "Caps",
    "Chunking",
    "Cleaning",
    "Clustering",
    "Columns",
    "Contexts",
    "Corpus",
    "Count",
    "Decontamination",
    "Deduplication",
    "Embedding",
    "Groups",
    "Merging",
    "Model",
    "ModelName",
    "Models",
    "Money",
    "Place",
    "PolicyName",
    "Publishing",
    "Questions",
    "Release",
    "Section",
    "Seeds",
    "Selection",
    "Share",
    "SomeShare",
    "Splits",
    "Stopping",
    "Tokens",
    "Verification",
]
