"""What contexts look like, and the pairs for which documents are written."""

from typing import Annotated

from pydantic import Field, model_validator

from longhop.records.examples import Arm, Template
from longhop.records.numbers import NoTruth
from longhop.records.seeds import Form
from longhop.spec.sections.fields import Place, Section, Share, Tokens


class Contexts(Section):
    """What a row's context looks like."""

    tokens: tuple[Tokens, ...] = Field(
        (4096,), min_length=1, description="Lengths; each row takes one of them."
    )
    tokenizer: str = Field(
        "tekken", description="tekken, or the path of a Hugging Face tokenizer.json."
    )
    same_cluster: Share = Field(
        0.5, description="Share of the distractors that come from the clusters of the evidence."
    )
    retrieved: Share = Field(
        0.0, description="Share that comes nearest to the question and its steps by words (BM25)."
    )
    synthetic: Share = Field(
        0.0,
        description="Share that was written for other seed pairs of the same task, where the row"
        " is one of a seed pair; what is left of 1 is drawn from all other documents.",
    )
    templates: tuple[Template, ...] = Field(
        (Template.NUMBERED,),
        min_length=1,
        description="How documents stand there; each row takes one: numbered (with number and"
        " title), titled, bare.",
    )
    arms: tuple[Arm, ...] = Field(
        (),
        description="Control arms, published beside the rows: the same questions with no context"
        " (none), the evidence alone (gold), among 1, 5 or 10 documents (n1, n5, n10), or with a"
        " context without evidence (wrong).",
    )

    @model_validator(mode="after")
    def _whole(self) -> "Contexts":
        shares = {each: getattr(self, each) for each in ("same_cluster", "retrieved", "synthetic")}
        total = sum(shares.values())
        if total > 1 + 1e-9:
            told = ", ".join(f"{name} {share:g}" for name, share in shares.items())
            raise ValueError(
                f"{told} add up to {total:g}, above 1: lower one of them by {total - 1:g}"
            )
        return self


class Seeds(Section):
    """Trusted pairs for which the model writes the missing document (context synthesis)."""

    path: Place | None = Field(
        None,
        description="A table with `question` and `answer`; `task` (which pairs are siblings),"
        " `form`, `license` and `language` if there are.",
    )
    license: str = Field("unknown", description="The licence of seeds that name none.")
    words: Annotated[int, Field(ge=50)] = Field(
        250,
        description="Words a document has, give or take a tenth; characters in Chinese and the"
        " like.",
    )
    tokens: Annotated[int, Field(ge=100), NoTruth] | None = Field(
        None, description="Tokens a document has, give or take a tenth; counts instead of words."
    )
    requests: Annotated[int, Field(ge=1, le=64), NoTruth] = Field(
        8, description="Most requests that one document may take: a section or several in each."
    )
    form: Form = Field(
        Form.ENCYCLOPEDIA_ARTICLE,
        description="What kind of document is written for seeds that name none.",
    )
    yes_no: Share = Field(
        0.1, description="Most of the taken seeds that may be answered by yes or no."
    )
    unanswerable: Share = Field(
        0.0, description="Most of them whose answer may be that there is none: unanswerable."
    )
    rows: Share = Field(
        0.0,
        description="Share of the proved multi-hop rows whose documents are written anew, too.",
    )
