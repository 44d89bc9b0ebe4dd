"""From a YAML file to a spec, or to one message that says what would be right."""

from pathlib import Path
from typing import Any

from longhop.fields import check_fields, read_fields
from longhop.spec import DatasetSpec


def load_spec(path: Path) -> DatasetSpec:
    """The spec in a YAML file; raises ConfigError as `read_fields` does."""
    hint = "`longhop init` writes one to start from"
    return read_fields(path, DatasetSpec, what="spec", hint=hint)


def parse_spec(content: dict[Any, Any], *, origin: str = "spec") -> DatasetSpec:
    """The spec in a mapping; raises ConfigError as `read_fields` does."""
    return check_fields(content, DatasetSpec, origin=origin)
