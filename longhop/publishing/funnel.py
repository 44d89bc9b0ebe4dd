"""The funnel: what went into each stage and what became of it."""

from collections.abc import Iterable, Sequence

from longhop.records.accounts import Balance

ORDER = (
    "read",
    "clean",
    "decontaminate",
    "deduplicate",
    "ask",
    "check",
    "gather",
    "pairs",
    "link",
    "merge",
    "judge",
    "gate",
    "write",
    "withhold",
    "prove",
    "take_rows",
    "rewrite",
    "exchange_rows",
    "check_rows",
    "compose",
    "decontaminate_rows",
    "cap_rows",
    "probe",
    "audit",
    "take_down",
)


def add_up(balances: Iterable[Balance]) -> tuple[Balance, ...]:
    """One balance a stage, shards and attempts added, in the order of the data's way."""
    total: dict[str, Balance] = {}
    for each in balances:
        total[each.stage] = total[each.stage] + each if each.stage in total else each
    return tuple(sorted(total.values(), key=lambda each: ORDER.index(each.stage)))


def funnel_rows(balances: Sequence[Balance]) -> list[dict[str, str | int]]:
    """The funnel as a table: a row a stage, the reasons of what did not pass in words."""
    return [
        {
            "stage": each.stage,
            "unit": each.unit,
            "in": each.taken,
            "accepted": each.accepted,
            "rejected": sum(each.rejected.values()),
            "failed": sum(each.failed.values()),
            "left": sum(each.left.values()),
            "reasons": ", ".join(
                f"{reason} {count}"
                for part in (each.rejected, each.failed, each.left)
                for reason, count in sorted(part.items(), key=lambda it: (-it[1], it[0]))
            ),
        }
        for each in balances
    ]
