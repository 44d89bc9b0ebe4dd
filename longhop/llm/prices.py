"""The user's price list."""

from pathlib import Path

from longhop.fields import read_fields
from longhop.records.money import Prices


def read_prices(path: Path) -> Prices:
    """The price list in a YAML file; raises ConfigError as `read_fields` does."""
    return read_fields(path, Prices, what="prices", hint="docs/model.md shows a list")
