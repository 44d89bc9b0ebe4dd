"""References to what is stored, and what a stage hands on."""

import re
from collections.abc import Mapping

from longhop.records.accounts import Balance
from longhop.records.base import Record


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


class Usage(Record):
    """Answers that were used, fresh or remembered alike, and the tokens they had taken.

    {"answers": 40, "input_tokens": 21240, "output_tokens": 4011}
    """

    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            answers=self.answers + other.answers,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class Outcome(Record):
    """What one task run made: artifacts by name, and counts that balance.

    {"artifacts": {"kept": {…}, "rejected": {…}}, "balances": [{…}], "usage": {…},
     "changes": {"white_space": 412}}

    `changes` has the places that were changed in what was accepted, by the kind of change.
    """

    artifacts: dict[str, Artifact]
    balances: tuple[Balance, ...] = ()
    usage: Usage = Usage()
    changes: dict[str, int] = {}

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
