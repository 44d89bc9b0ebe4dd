"""The pairs of all rounds as they are published: measured, and no benchmark's."""

from longhop.publishing.pairs import make_pair
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Draw
from longhop.records.pairs import Pair
from longhop.records.questions import SingleHop
from longhop.records.selection import FoundPair
from longhop.resources import resources
from tasks.evidence import read_evidence
from tasks.matrices import read_vectors
from tasks.screening import Screen
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("pairs", revision=3)
def gather_pairs(
    questions: Artifact,
    found: list[Artifact],
    chunks: list[Artifact],
    draws: Artifact,
    reference: Artifact | None,
    benchmarks: dict[str, str],
    ngram: int,
) -> Outcome:
    """The questions, each measured against the reference, whose words are not a benchmark's."""
    store = resources().store
    hops = store.read(questions, SingleHop)
    shown = read_evidence(chunks, hops)
    measured = {each.question_id: each for each in store.read_all(found, FoundPair)}
    drawn = {each.document_id: each for each in store.read(draws, Draw)}
    references = read_vectors([reference])[0] if reference else []
    kept, rejected = [], []
    with Screen("pairs", benchmarks, ngram) as screen:
        for hop in hops:
            finding = screen.look(hop.id, f"{hop.question}\n{hop.answer}")
            if finding is not None:
                rejected.append(finding)
                continue
            kept.append(
                make_pair(
                    hop,
                    measured[hop.id],
                    chunks=shown,
                    references=references,
                    draw=drawn[hop.document_id],
                )
            )
    written = {"pairs": store.write("pairs", kept, Pair), **screen.artifacts}
    return write_rejected("pairs", "pair", written, accepted=len(kept), rejected=rejected)
