"""The user's price list."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from longhop.errors import ConfigError
from longhop.records.money import Prices


def read_prices(path: Path) -> Prices:
    """The price list in a YAML file.

    Raises:
        ConfigError: It cannot be read, or a field is wrong; the message names it.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise ConfigError(f"prices {path}: {why}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(f"prices {path} is not YAML: {' '.join(str(error).split())}") from error
    try:
        return Prices.model_validate(content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'the list'}: {each['msg']}"
            for each in error.errors(include_url=False, include_input=False)
        )
        raise ConfigError(f"prices {path}: {wrong}") from error
