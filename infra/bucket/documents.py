"""The bucket's documents, with names filled in."""

import json
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
ROLES = ("builder", "reader", "housekeeper")


def policy(bucket: str, prefix: str, principals: dict[str, str]) -> dict[str, Any]:
    """Who may do what: one principal for each of the roles.

    A principal is what the server calls a user: an ARN with Amazon and Ceph, an access key with the
    Versity gateway.
    """
    missing = sorted(set(ROLES) - set(principals))
    if missing:
        raise ValueError(f"no principal is named for {', '.join(missing)}")
    return _filled("policy.json", bucket=bucket, prefix=_plain(prefix), **principals)


def lifecycle(prefix: str) -> dict[str, Any]:
    """What the bucket may forget by age: nothing that is paid for or published."""
    return _filled("lifecycle.json", prefix=_plain(prefix))


def _plain(prefix: str) -> str:
    """A prefix without slashes around it: an empty one would open the whole bucket."""
    plain = prefix.strip("/")
    if not plain or any(each in plain for each in "*?$"):
        raise ValueError(f"the prefix {prefix!r} names no folder of the bucket, such as store")
    return plain


def _filled(name: str, **values: str) -> dict[str, Any]:
    document = json.loads((HERE / name).read_text(encoding="utf-8"))
    filled: dict[str, Any] = _replaced(document, values)
    return filled


def _replaced(value: Any, values: dict[str, str]) -> Any:
    """The same value with names filled in, wherever a text has them."""
    if isinstance(value, str):
        return Template(value).substitute(values)
    if isinstance(value, list):
        return [_replaced(each, values) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, values) for key, each in value.items()}
    return value
