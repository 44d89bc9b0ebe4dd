"""What policies are given: documents and reference as one model sees them."""

from dataclasses import dataclass
from typing import Any

from flows.building import Build
from longhop.records.artifacts import Artifact
from tasks.embed_documents import embed_documents, embed_reference
from tasks.survey_documents import survey_documents


@dataclass(frozen=True)
class Model:
    """An embedder as stages are told of it: by name, or by the artifact of adapted weights."""

    name: str | Artifact
    weights: str
    precision: str
    adapted: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """The arguments that say it to a stage."""
        return {"model": self.name, "weights": self.weights, "precision": self.precision}


@dataclass(frozen=True)
class Sight:
    """The model that selection sees with, and what it sees: documents and the reference."""

    model: Model
    standings: Artifact
    kept: Artifact
    reference: Artifact | None


def own_model(build: Build) -> Model:
    """The spec's embedder."""
    embedding = build.spec.embedding
    return Model(embedding.model, build.start.weights, embedding.precision)


async def embed_all(build: Build, model: Model) -> list[Artifact]:
    """The vectors of all documents, a part a shard."""
    turn = ", adapted" if model.adapted else ""
    embedded = await build.all(
        embed_documents,
        [{"documents": each, **model.told} for each in build.documents],
        turn=turn,
    )
    return [each["vectors"] for each in embedded]


async def survey(build: Build, model: Model, vectors: list[Artifact]) -> Sight:
    """All that a policy knows of the documents before any is asked.

    Clusters are those of the spec's own embedder, whichever sees: they are frozen for later nights.
    """
    spec, start = build.spec, build.start
    part = "all, adapted" if model.adapted else "all"
    reference = None
    if start.reference:
        path, hashed = start.table_of(start.reference, spec.selection.reference)
        near = await build.one(
            embed_reference,
            part=part,
            path=path,
            hashed=hashed,
            languages=build.documents,
            **model.told,
        )
        reference = near["vectors"]
    surveyed = await build.one(
        survey_documents,
        part=part,
        vectors=vectors,
        chunks=build.chunks,
        placements=build.book.artifacts["placements"],
        reference=reference,
        neighbours=_wants_neighbours(build),
        dataset=spec.name,
        asked=start.from_base("draws"),
    )
    return Sight(model, surveyed["field"], surveyed["kept"], reference)


def _wants_neighbours(build: Build) -> bool:
    """Whether a policy will look at the neighbours of documents: finding them takes long."""
    spec, documents = build.spec, sum(each.rows for each in build.documents)
    chooses = spec.selection.chooses(documents, budgeted=spec.budget.stated)
    return chooses and spec.selection.policy in ("hybrid", "knn")
