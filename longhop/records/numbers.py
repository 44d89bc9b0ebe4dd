"""What counts as a number where a person writes one."""

from pydantic import BeforeValidator


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"a number is wanted, and it is {str(value).lower()}")
    return value


# YAML's yes, no, true and false are no numbers, though Python counts with them. It stands after the
# bounds of a field: before them it would hide them from the form's schema.
NoTruth = BeforeValidator(_no_truth)
