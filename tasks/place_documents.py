"""Place documents in clusters."""

from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Codebook, Placement
from longhop.resources import resources
from longhop.selection.clustering import fit_codebook
from longhop.selection.clustering import place_documents as place
from longhop.spec.sections import Clustering
from tasks.matrices import read_vectors
from tasks.stage import stage


@stage("cluster", revision=2)
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
    ids, steps = read_vectors(vectors)
    kept = store.read(codebook, Codebook)[0] if codebook else None
    if kept is None or kept.weights != weights:
        kept = fit_codebook(ids, steps, plan, weights=weights, dataset=dataset)
    return Outcome(
        artifacts={
            "codebook": store.write("codebook", [kept], Codebook),
            "placements": store.write("placements", place(ids, steps, kept), Placement),
        }
    )
