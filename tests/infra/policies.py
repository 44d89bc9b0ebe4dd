"""What a bucket's documents allow and forget, by the rules of S3 that they use and no others."""

import re
from typing import Any

_KNOWN = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


def allows(
    policy: dict[str, Any], who: str, action: str, resource: str, *, prefix: str | None = None
) -> bool:
    """Whether a policy lets somebody do something: one statement says so and none forbids it.

    `prefix` is what a listing asks for; where a condition wants one, none is no match.
    """
    said = [
        each["Effect"]
        for each in policy["Statement"]
        if _concerns(each, who, action, resource, prefix)
    ]
    return "Allow" in said and "Deny" not in said


def forgets(lifecycle: dict[str, Any], key: str) -> list[str]:
    """The rules by which what lies at a key now is gone, or moved, at some age."""
    return [
        rule["ID"]
        for rule in lifecycle["Rules"]
        if key.startswith(rule["Filter"]["Prefix"])
        and ({"Expiration", "Transitions", "Transition"} & set(rule))
    ]


def _concerns(
    statement: dict[str, Any], who: str, action: str, resource: str, prefix: str | None
) -> bool:
    assert set(statement) <= _KNOWN, f"a statement has what is not looked at here: {statement}"
    return (
        who in statement["Principal"]["AWS"]
        and any(_like(action, each) for each in statement["Action"])
        and any(_like(resource, each) for each in statement["Resource"])
        and all(_holds(kind, test, prefix) for kind, test in statement.get("Condition", {}).items())
    )


def _holds(kind: str, test: dict[str, list[str]], prefix: str | None) -> bool:
    assert kind == "StringLike", kind
    assert set(test) == {"s3:prefix"}, test
    return prefix is not None and any(_like(prefix, each) for each in test["s3:prefix"])


def _like(value: str, pattern: str) -> bool:
    """S3's wildcards: a star is any characters, slashes too; a question mark is one."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None
