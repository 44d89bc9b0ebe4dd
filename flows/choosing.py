"""Before any document is asked: embed them, place them in clusters, survey them."""

from flows.building import Build
from flows.rounds import Rounds
from flows.surveying import embed_all, own_model, survey
from tasks.place_documents import place_documents


async def choose_documents(build: Build) -> Rounds:
    """Embed the documents, place them in clusters, and survey them; they are drawn in rounds."""
    spec, start = build.spec, build.start
    build.vectors = await embed_all(build, own_model(build))
    placed = await build.one(
        place_documents,
        vectors=build.vectors,
        plan=spec.clustering,
        weights=start.weights,
        dataset=spec.name,
        codebook=start.from_base("codebook"),
    )
    build.book.artifacts |= placed.artifacts
    return Rounds(build, await survey(build, own_model(build), build.vectors))
