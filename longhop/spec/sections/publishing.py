"""How finished rows are written for trainers."""

from itertools import pairwise
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, model_validator

from longhop.records.numbers import NoTruth
from longhop.records.renderings import Axis, Format
from longhop.spec.sections.fields import Place, Section, Share, Tokens


def tokenizer_name(place: str) -> str:
    """What a tokenizer is called in rows: its folder, or its file if that has a name of its own.

    Where it lies is nobody's business who reads the rows.
    """
    path = PurePosixPath(place)
    return path.parent.name or path.stem if path.name == "tokenizer.json" else path.stem


class Publishing(Section):
    """How finished rows are written for trainers, beside the canonical ones."""

    renderings: tuple[Format, ...] = Field(
        (Format.MESSAGES,),
        min_length=1,
        description="Layouts: messages (OpenAI, TRL), prompt_completion (TRL), sharegpt"
        " (LLaMA-Factory, Axolotl), longmit.",
    )
    files: Literal["jsonl", "parquet"] = Field(
        "jsonl",
        description="As which they are written; as parquet, the card gives each a name to load.",
    )
    sizes: bool = Field(
        False,
        description="Whether each rendered row says the tokens of its whole conversation and its"
        " loss weight, and the version its cut-offs.",
    )
    tokenizers: tuple[Place, ...] = Field(
        (),
        description="Those that count: tekken, or paths of tokenizer.json; that of the contexts if"
        " none is given. Buckets go by the first.",
    )
    buckets: tuple[Tokens, ...] = Field(
        (),
        description="Cut-offs, ascending: each has a file a split, with the rows that fit it and"
        " no smaller one. No buckets: one file a split.",
    )
    template_tokens: Annotated[int, Field(ge=0, le=10_000), NoTruth] = Field(
        128, description="What a chat template may add to a conversation; part of all cut-offs."
    )
    weigh_by: tuple[Axis, ...] = Field(
        (Axis.COMPOSITION,),
        description="What tells the kinds of rows apart that loss weights balance: composition,"
        " hops, scope, length (the wanted one), language.",
    )
    evenness: Share = Field(
        0.5,
        description="How far they do: at 0 all rows weigh 1, at 1 all kinds weigh the same in sum,"
        " between them a row weighs by that power of how rare its kind is.",
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> "Publishing":
        for name in ("renderings", "tokenizers", "weigh_by"):
            given = getattr(self, name)
            if twice := next((each for each in given if given.count(each) > 1), None):
                raise ValueError(f"{name}: {twice} stands there twice")
        names = [tokenizer_name(each) for each in self.tokenizers]
        if twice := next((each for each in names if names.count(each) > 1), None):
            raise ValueError(f"tokenizers: two are called {twice}; rename a file, or its folder")
        for name in ("tokenizers", "buckets"):
            if getattr(self, name) and not self.sizes:
                raise ValueError(f"{name} rest on counted rows: set publishing.sizes to true, too")
        for one, other in pairwise(self.buckets):
            if one >= other:
                raise ValueError(f"buckets: {other} comes after {one}; they must ascend")
        if self.buckets and self.buckets[0] <= self.template_tokens:
            raise ValueError(
                f"buckets: {self.buckets[0]} holds nothing beside template_tokens"
                f" {self.template_tokens}"
            )
        return self
