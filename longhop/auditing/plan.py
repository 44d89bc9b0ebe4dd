"""What is audited, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AuditPlan:
    """The files of an audit and what they are held against.

    `columns` has our name of a field with theirs; `rows` is how many are drawn by keyed hash, all
    of them if none is given; `ngram` is that of decontamination.
    """

    paths: tuple[str, ...]
    layout: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    tokenizer: str = "tekken"
    benchmarks: tuple[str, ...] = ()
    rows: int | None = None
    ngram: int = 13
