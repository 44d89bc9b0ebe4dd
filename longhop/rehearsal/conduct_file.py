"""A conduct that is written down."""

from pathlib import Path

from longhop.fields import read_fields
from longhop.rehearsal.conduct import Conduct


def read_conduct(path: Path) -> Conduct:
    """The conduct in a YAML file of its fields; raises ConfigError as `read_fields` does."""
    return read_fields(path, Conduct, what="conduct", hint="one is such as `error_share: 0.1`")
