"""Which documents there are, and what becomes of them before anything is asked."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from longhop.corpus.languages.codes import language_code
from longhop.spec.sections.fields import Count, Place, Section, Share


class Columns(Section):
    """What the corpus calls its columns; a dot reaches into a nested one (`meta.license`)."""

    text: str = Field("text", description="The text of a document; must be there.")
    id: str = Field("id", description="Its id; where it is missing the text's hash is the id.")
    title: str = Field("title", description="Its title; may be missing.")
    license: str = Field("license", description="Its licence; may be missing.")
    language: str = Field(
        "language", description="Its ISO 639-1 code; detected where it is missing."
    )
    domain: str = Field(
        "domain", description="What it is about, for caps.domain alone; may be missing."
    )


class Corpus(Section):
    """Which documents there are."""

    paths: tuple[Place, ...] = Field(
        (),
        description="Files, folders or globs, from the working directory or s3://: JSONL, JSON, "
        "Parquet, Arrow, CSV, TSV, text, Markdown, HTML, plain, .gz or .zst, or in .zip or .tar.",
    )
    columns: Columns = Columns()
    license: str = Field("unknown", description="The licence of documents that name none.")
    max_rejected: Share = Field(
        0.5, description="A larger share of unreadable lines stops the build."
    )


class Cleaning(Section):
    """Which documents are taken, and what is done to their text before anything rests on it."""

    licenses: tuple[str, ...] | None = Field(
        None, min_length=1, description="Licences that are allowed; all if not given."
    )
    languages: tuple[str, ...] | None = Field(
        None, min_length=1, description="ISO 639-1 codes that are wanted; all if not given."
    )
    min_characters: Count = Field(80, description="Documents shorter than this are turned away.")
    max_characters: Count = Field(
        2_000_000, description="Documents longer than this are turned away."
    )
    personal_data: Literal["keep", "mask", "reject"] = Field(
        "keep", description="What becomes of e-mail addresses, telephone and account numbers."
    )

    @model_validator(mode="after")
    def _codes(self) -> "Cleaning":
        for each in self.languages or ():
            if not language_code(each):
                raise ValueError(f"languages: {each!r} is no ISO 639 code such as en or zh")
        return self


class Deduplication(Section):
    """When two documents count as one."""

    jaccard: Share = Field(0.65, description="Near-duplicates share this much of their shingles.")
    containment: Share = Field(
        0.9, description="A document of which this much lies in a longer one is turned away."
    )
    shingle: Count = Field(3, description="Words in a shingle; characters in Chinese.")


class Decontamination(Section):
    """Which texts must not be trained on."""

    benchmarks: tuple[str, ...] = Field(
        (), description="JSONL or JSONL.gz files; every text in them is kept out."
    )
    ngram: Annotated[int, Field(ge=5)] = Field(
        13,
        description="So many words of an item in a row are too many; so is more than half of it in"
        " shorter runs, and of an item below ten words all of it.",
    )


class Splits(Section):
    """The shares of the parts. A near-duplicate group falls to one part whole."""

    train: Share = 0.9
    validation: Share = 0.05
    test: Share = 0.05

    @model_validator(mode="after")
    def _whole(self) -> "Splits":
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-9:
            raise ValueError(f"train, validation and test add up to {total:g} instead of 1")
        return self


class Chunking(Section):
    """How documents are cut."""

    tokens: Annotated[int, Field(ge=32)] = Field(320, description="Most tokens in a chunk.")
