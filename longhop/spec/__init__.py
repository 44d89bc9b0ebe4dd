"""What a dataset is: frozen, strict, hashed, published with it."""

import re
from math import ceil
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from longhop.identity import digest
from longhop.records.numbers import NoTruth
from longhop.records.seeds import FEWEST_TOKENS, ROOM
from longhop.spec.sections import (
    Budget,
    Caps,
    Chunking,
    Cleaning,
    Clustering,
    Contexts,
    Corpus,
    Decontamination,
    Deduplication,
    Embedding,
    Models,
    Publishing,
    Questions,
    Section,
    Seeds,
    Selection,
    Splits,
    Verification,
)


def _plain_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", value):
        raise ValueError(
            f"{value!r} is no name: lower-case letters, digits and dashes, 63 at most, a letter or"
            " digit first"
        )
    return value


def _power_of_two(value: int) -> int:
    if value & (value - 1):
        raise ValueError(f"{value} is not a power of two")
    return value


class DatasetSpec(Section):
    """A dataset: its corpus, what is asked of it, by which models, and what a row must stand.

    Where it is built (endpoint, store, keys, concurrency) is settings, and not in here.
    """

    name: Annotated[str, AfterValidator(_plain_name)] = Field(
        description="Lower-case letters, digits, dashes."
    )
    corpus: Corpus = Corpus()
    models: Models
    shards: Annotated[int, Field(ge=1, le=4096), NoTruth, AfterValidator(_power_of_two)] = Field(
        4, description="Parts that the work is cut into; a power of two, fixed for good."
    )
    cleaning: Cleaning = Cleaning()
    deduplication: Deduplication = Deduplication()
    decontamination: Decontamination = Decontamination()
    splits: Splits = Splits()
    chunking: Chunking = Chunking()
    embedding: Embedding = Embedding()
    clustering: Clustering = Clustering()
    selection: Selection = Selection()
    questions: Questions = Questions()
    verification: Verification = Verification()
    contexts: Contexts = Contexts()
    publishing: Publishing = Publishing()
    seeds: Seeds = Seeds()
    caps: Caps = Caps()
    budget: Budget = Budget()
    prompts: str | None = Field(
        None, description="A folder with .j2 files that stand in for the packaged prompts."
    )

    @model_validator(mode="after")
    def _made_of_something(self) -> "DatasetSpec":
        if not self.corpus.paths and self.seeds.path is None:
            raise ValueError(
                "corpus.paths is missing: give files, folders or globs; only `longhop synthesize`"
                " does without, from seeds.path"
            )
        return self

    @model_validator(mode="after")
    def _drawn_anew(self) -> "DatasetSpec":
        """An answer without a temperature is the same however often it is asked for."""
        wanted, models = self.verification, self.models
        judges = (models.of("judge"), *models.judges)
        for times, named, asked in (
            (wanted.samples, "samples", judges),
            (wanted.probes, "probes", (models.of("prove"),)),
        ):
            cold = [each.name for each in asked if each.temperature == 0]
            if times > 1 and cold:
                raise ValueError(
                    f"verification.{named} is {times}, but {cold[0]} has temperature 0 and says the"
                    " same each time: give it a temperature, or ask once"
                )
        cold_judges = [each for each in judges if each.temperature == 0]
        if twice := next((each for each in cold_judges if cold_judges.count(each) > 1), None):
            raise ValueError(
                f"models: {twice.name} judges twice at temperature 0 and says the same each time:"
                " give it a temperature, or name another"
            )
        return self

    @model_validator(mode="after")
    def _can_be_written(self) -> "DatasetSpec":
        """So many requests, with so many tokens in a reply, have room for a document."""
        writer = self.models.of("write")
        if self.seeds.path is None and not self.seeds.rows:
            return self
        wanted = f"seeds.tokens {self.seeds.tokens}"
        tokens = float(self.seeds.tokens or 0)
        if not tokens:
            wanted, tokens = f"seeds.words {self.seeds.words}", self.seeds.words * FEWEST_TOKENS
        needed = ceil(tokens / (ROOM * writer.max_tokens))
        if needed > self.seeds.requests:
            raise ValueError(
                f"{wanted} takes at least {needed} requests of a model with"
                f" max_tokens {writer.max_tokens}; seeds.requests is {self.seeds.requests}, raise"
                " either"
            )
        return self

    def stated(self) -> dict[str, object]:
        """The spec without its defaults, as it is hashed and published.

        A field that is new in a later release is not in it, so it voids nothing.
        """
        return self.model_dump(mode="json", exclude_defaults=True)

    @property
    def hash(self) -> str:
        """The name of all that the spec says."""
        return digest("spec", self.stated())


__all__ = ["DatasetSpec"]
