"""How rows are written for trainers, how long they are there, and what each should weigh."""

from enum import StrEnum

from longhop.records.base import Record


class Format(StrEnum):
    """The layouts in which rows are written for trainers, each in a folder of its own."""

    MESSAGES = "messages"
    PROMPT_COMPLETION = "prompt_completion"
    SHAREGPT = "sharegpt"
    LONGMIT = "longmit"


class Axis(StrEnum):
    """What kinds of rows can be told apart by; of pairs the composition is the kind of answer."""

    COMPOSITION = "composition"
    HOPS = "hops"
    SCOPE = "scope"
    LENGTH = "length"
    LANGUAGE = "language"


class Size(Record):
    """The rows of one rendered file, and how long their conversations are by each tokenizer.

    {"path": "messages/train/8192.jsonl", "split": "train", "bucket": 8192, "rows": 118,
     "tokens": {"tekken": 480211}, "longest": {"tekken": 4188}, "cut_off": {"tekken": 4316}}

    `tokens` is the sum. At `cut_off` no row loses a token, as long as the chat template adds no
    more to it than was allowed for. `bucket` is missing where there are none, and of rows that are
    longer than the last.
    """

    path: str
    split: str
    bucket: int | None
    rows: int
    tokens: dict[str, int]
    longest: dict[str, int]
    cut_off: dict[str, int]


class Weighed(Record):
    """The rows of one kind in a split, and the loss weight that each of them has.

    {"split": "train", "kind": ["bridge"], "rows": 80, "weight": 0.840896}
    """

    split: str
    kind: tuple[str, ...]
    rows: int
    weight: float


class Sizes(Record):
    """How long the rendered rows of a version are, and what they weigh.

    {"template_tokens": 128, "files": [{…}], "weights": [{…}]}
    """

    template_tokens: int
    files: tuple[Size, ...]
    weights: tuple[Weighed, ...]
