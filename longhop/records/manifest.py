"""What a dataset version is made of."""

import json

from longhop.identity import digest
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.records.money import Bill, Prices, add_bills
from longhop.records.release import Release
from longhop.records.renderings import Sizes

# The stage of what was taken down of a version.
TAKE_DOWN = "take_down"
# Fields that came later: where they say nothing, they do not change what a version is called.
_LATER = (
    *("notes", "release", "probes", "kind", "contamination", "parted", "sizes"),
    *("reasons", "takedowns"),
)


class PublishedFile(Record):
    """A file of a version.

    {"path": "data/train.parquet", "sha256": "…", "bytes": 412031, "rows": 118}
    """

    path: str
    sha256: str
    bytes: int
    rows: int


class Manifest(Record):
    """Spec, hashes, models, prompts, counts and files of one version. It holds no times.

    {"name": "almanac", "base": "none", "spec": {…}, "spec_hash": "…", "code": "0.1.0",
     "models": {"ask": "rehearsal-1", …}, "rehearsal": true, "prompts": {"single_hop.en": "…"},
     "inputs": {"corpus.jsonl": "…"}, "weights": "…", "vocabulary": "…",
     "balances": [{…}], "usage": {"ask": {"some-model": {…}}}, "prices": {…},
     "rows": {"train": 118}, "proofs": {"complete": 120}, "licenses": {"CC0-1.0": 40},
     "artifacts": {"codebook": {…}, …}, "files": [{…}], "cleaning": {"white_space": 412},
     "changes": {"added": 120, …}, "reasons": {"added": {"new_document": 100, …}, …},
     "takedowns": ["t-5f0c…"], "shorter": 3, "notes": ["questions.mix wants …"],
     "sizes": {…}}

    `notes` say what the spec wanted and could not be; `release` has the shares that were measured
    of the rows, and what was demanded of them. `probes` counts the rows that were asked with their
    distractors alone (`distractors_asked`); what was answered so is turned away. `kind` is `pairs`
    where the rows are single questions with their answers, and nothing where they are multi-hop.
    `sizes` says how long the rendered rows are and what they weigh, where they were counted.
    `contamination` says of each benchmark how many of its `items` were met, and how much each stage
    turned away for them. `parted` counts the documents, near-duplicate groups and questions of all
    splits, read back from the data files: none of the first two stands in two of them.
    `changes` counts the rows against the base, `reasons` why those are other that are; each of them
    is named in `changes.parquet`. `takedowns` are the marks of all documents that were taken down.
    """

    name: str
    base: str
    spec: dict[str, object]
    spec_hash: str
    code: str
    models: dict[str, str]
    rehearsal: bool
    prompts: dict[str, str]
    inputs: dict[str, str]
    weights: str
    vocabulary: str
    balances: tuple[Balance, ...]
    usage: dict[str, Bill]
    prices: Prices | None
    rows: dict[str, int]
    proofs: dict[str, int]
    licenses: dict[str, int]
    artifacts: dict[str, Artifact]
    files: tuple[PublishedFile, ...]
    cleaning: dict[str, int]
    changes: dict[str, int]
    shorter: int
    notes: tuple[str, ...] = ()
    release: Release | None = None
    probes: dict[str, int] = {}
    kind: str = ""
    sizes: Sizes | None = None
    contamination: dict[str, dict[str, int]] = {}
    parted: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {}
    takedowns: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The name of the version: the hash of all that the manifest says."""
        empty = {name for name in _LATER if not getattr(self, name)}
        said = self.model_dump(mode="json", exclude=empty)
        return f"v-{digest(said)[:16]}"

    @property
    def is_rebuilt(self) -> bool:
        """Whether it is its base without what was taken down, and no build made it."""
        return any(each.stage == TAKE_DOWN for each in self.balances)

    @property
    def bill(self) -> Bill:
        """The usage of all stages."""
        bill: Bill = {}
        for each in self.usage.values():
            bill = add_bills(bill, each)
        return bill

    def to_json(self) -> bytes:
        """The manifest as a file for people and programs."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1).encode()
