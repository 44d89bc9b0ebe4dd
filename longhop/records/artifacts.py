"""References to what is stored, and what a stage hands on."""

import re
from collections.abc import Mapping

from longhop.records.accounts import Balance
from longhop.records.base import Record
from longhop.records.money import Bill


class Artifact(Record):
    """An immutable Parquet object, named by its content. Tasks exchange these, never rows.

    {"kind": "single_hop", "hash": "6a0f…", "rows": 412, "bytes": 80211, "schema_version": "3d71…"}
    """

    kind: str
    hash: str
    rows: int
    bytes: int
    schema_version: str

    @property
    def path(self) -> str:
        """Where it lies in the store."""
        return f"artifacts/{self.kind}/{self.hash}.parquet"


def parts_of(artifacts: Mapping[str, Artifact], name: str) -> list[Artifact]:
    """The artifacts of that name, one or one a shard (`name-0`, `name-1`, …), in their order."""
    found = [each for each in artifacts if re.fullmatch(rf"{re.escape(name)}(?:-\d+)?", each)]
    return [artifacts[each] for each in sorted(found, key=lambda it: (len(it), it))]


class Outcome(Record):
    """What one task run made: artifacts by name, and counts that balance.

    {"artifacts": {"kept": {…}, "rejected": {…}}, "balances": [{…}],
     "usage": {"some-model": {…}}, "changes": {"white_space": 412}}

    `usage` counts the answers that were used, fresh or remembered alike, by model; `changes` has
    the places that were changed in what was accepted, by the kind of change. `notes` say what was
    wanted and could not be.
    """

    artifacts: dict[str, Artifact]
    balances: tuple[Balance, ...] = ()
    usage: Bill = {}
    changes: dict[str, int] = {}
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Artifact:
        return self.artifacts[name]


class Receipt(Record):
    """A stage's record that its artifacts are whole: written last and once.

    {"stage": "ask", "revision": 1, "key": "…", "outcome": {…}}
    """

    stage: str
    revision: int
    key: str
    outcome: Outcome
