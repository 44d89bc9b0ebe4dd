"""Place documents in clusters, and draw those to ask about."""

from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Codebook, DocumentVector, Draw, Placement
from longhop.resources import resources
from longhop.selection.clustering import fit_codebook
from longhop.selection.clustering import place_documents as place
from longhop.selection.policies.drawing import draw_documents as draw
from longhop.selection.vectors import stack
from longhop.spec.sections import Clustering, Selection
from tasks.stage import stage


@stage("cluster", revision=1)
def place_documents(
    vectors: list[Artifact],
    plan: Clustering,
    weights: str,
    dataset: str,
    codebook: Artifact | None,
) -> Outcome:
    """The cluster of every document under the base's codebook, or under one fitted now.

    A codebook of other weights places nothing, so it is fitted anew.
    """
    store = resources().store
    rows = store.read_all(vectors, DocumentVector)
    kept = store.read(codebook, Codebook)[0] if codebook else None
    if kept is None or kept.weights != weights:
        kept = fit_codebook(rows, plan, weights=weights, dataset=dataset)
    placements = sorted(place(rows, kept), key=lambda each: each.document_id)
    return Outcome(
        artifacts={
            "codebook": store.write("codebook", [kept], Codebook),
            "placements": store.write("placements", placements, Placement),
        }
    )


@stage("draw", revision=1)
def draw_documents(
    vectors: list[Artifact],
    reference: Artifact | None,
    plan: Selection,
    dataset: str,
    asked: Artifact | None,
) -> Outcome:
    """The documents to ask about: those of the base, then those that the policy chooses."""
    store = resources().store
    rows = {each.document_id: each for each in store.read_all(vectors, DocumentVector)}
    near = store.read(reference, DocumentVector) if reference else []
    draws = draw(
        sorted(rows),
        rows,
        stack([each.vector for each in near]) if near else None,
        plan,
        dataset=dataset,
        asked=store.read(asked, Draw) if asked else [],
    )
    return Outcome(artifacts={"draws": store.write("draws", draws, Draw)})
