"""Before any document is asked: embed them, place them in clusters, survey them."""

from flows.building import Build
from flows.rounds import Rounds
from longhop.spec import DatasetSpec
from tasks.embed_documents import embed_documents, embed_reference
from tasks.place_documents import place_documents
from tasks.survey_documents import survey_documents


async def choose_documents(build: Build) -> Rounds:
    """Embed the documents, place them in clusters, and survey them; they are drawn in rounds."""
    spec, start = build.spec, build.start
    embedded = await build.all(
        embed_documents,
        [
            {"documents": each, "model": spec.embedding.model, "weights": start.weights}
            for each in build.documents
        ],
    )
    build.vectors = [each["vectors"] for each in embedded]
    placed = await build.one(
        place_documents,
        vectors=build.vectors,
        plan=spec.clustering,
        weights=start.weights,
        dataset=spec.name,
        codebook=start.from_base("codebook"),
    )
    build.book.artifacts |= placed.artifacts
    reference = None
    if start.reference:
        (path, hashed), *_ = start.reference.items()
        near = await build.one(
            embed_reference,
            path=path,
            hashed=hashed,
            model=spec.embedding.model,
            weights=start.weights,
        )
        reference = near["vectors"]
    surveyed = await build.one(
        survey_documents,
        vectors=build.vectors,
        chunks=build.chunks,
        placements=placed["placements"],
        reference=reference,
        neighbours=_wants_neighbours(spec, sum(each.rows for each in build.documents)),
        dataset=spec.name,
        asked=start.from_base("draws"),
    )
    return Rounds(build, surveyed["field"], surveyed["kept"], reference)


def _wants_neighbours(spec: DatasetSpec, documents: int) -> bool:
    """Whether a policy will look at the neighbours of documents: finding them takes long."""
    chooses = spec.selection.chooses(documents, budgeted=spec.budget.stated)
    return chooses and spec.selection.policy in ("hybrid", "knn")
