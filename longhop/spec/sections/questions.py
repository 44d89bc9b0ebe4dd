"""What is asked, and how single questions become multi-hop ones."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from longhop.records.questions import Composition, Scope
from longhop.spec.mix import Mix
from longhop.spec.sections.fields import Count, Groups, Section, Share


class Merging(Section):
    """How a group becomes one question. MIMG did best without documents and without rationale."""

    documents: bool = Field(False, description="Whether the model sees the chunks, too.")
    rationale: bool = Field(False, description="Whether it writes down its reasoning first.")
    steps: Literal["whole", "pairs"] = Field(
        "whole", description="pairs: a chain is merged two questions at a time."
    )


# How many hops a group can have.
HOPS_OF = {
    Composition.BRIDGE: (2, 3, 4),
    Composition.COMPARISON: (2,),
    Composition.TEMPORAL: (2, 3, 4),
    Composition.INTERSECTION: (2,),
    Composition.AGGREGATE: (2,),
    Composition.BRIDGE_COMPARISON: (3, 4),
}
_COMPOSITIONS = tuple(each for each in Composition if each is not Composition.SINGLE)


class Questions(Section):
    """What is asked, and how single questions become multi-hop ones.

    What MIMG (arXiv 2409.01893) found best is the default of each choice.
    """

    per_chunk: Annotated[int, Field(ge=1, le=10)] = Field(3, description="Most questions a chunk.")
    answers: Literal["after", "together"] = Field(
        "after",
        description="after: questions first, answered in a second request; together: in one.",
    )
    rationale: bool = Field(
        False, description="Whether the model writes down its reasoning before an answer."
    )
    hops: tuple[Annotated[int, Field(ge=2, le=4)], ...] = Field(
        (2, 3, 4), min_length=1, description="Numbers of hops that are wanted."
    )
    compositions: tuple[Composition, ...] = Field(
        _COMPOSITIONS,
        min_length=1,
        description="bridge: chains and trees; comparison: two numbers; temporal: dates;"
        " intersection: the one thing of two facts; aggregate: a total; bridge_comparison: a"
        " comparison with one or both described.",
    )
    scopes: tuple[Scope, ...] = Field(
        tuple(Scope), min_length=1, description="inter: several documents; intra: one."
    )
    mix: Mix = Mix()
    groups: Groups = Field(400, description="Most groups that are merged.")
    reuse: Count = Field(3, description="Groups that one single-hop question may stand in.")
    similarity: Literal["questions", "documents"] = Field(
        "questions", description="What is compared to find partners."
    )
    retrieval: Literal["embedding", "bm25"] = Field(
        "embedding", description="How it is compared: by meaning or by words."
    )
    min_similarity: Share = Field(0.0, description="Partners that are less alike are passed over.")
    max_similarity: Share = Field(
        1.0, description="Partners that are more alike are passed over: all but the same question."
    )
    merging: Merging = Merging()

    @model_validator(mode="after")
    def _known(self) -> "Questions":
        if Composition.SINGLE in self.compositions:
            raise ValueError(f"a composition is one of {', '.join(_COMPOSITIONS)}")
        there = {"composition": self.compositions, "hops": self.hops, "scope": self.scopes}
        for axis, values in there.items():
            unwanted = sorted(set(self.mix.axes()[axis]) - {str(each) for each in values})
            if unwanted:
                raise ValueError(f"mix wants {axis} {unwanted[0]}, which nothing here asks for")
        possible = {hops for each in self.compositions for hops in HOPS_OF[each]}
        if possible.isdisjoint(self.hops):
            named = ", ".join(self.compositions)
            most = f"{min(possible)} to {max(possible)}"
            raise ValueError(f"{named}: such groups have {most} hops, not {self.hops[0]}")
        if self.min_similarity > self.max_similarity:
            raise ValueError(
                f"min_similarity {self.min_similarity:g} is above max_similarity"
                f" {self.max_similarity:g}"
            )
        return self
