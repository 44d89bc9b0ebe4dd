"""The last gate before contexts: every proved row checked once more, and each there once."""

from longhop.records.accounts import Rejection
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.examples import ComposedContext
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.verification.checks import check_row
from longhop.verification.deduplicating import find_duplicates
from tasks.evidence import read_evidence
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("check_rows", revision=1)
def check_rows(rows: list[Artifact], chunks: list[Artifact], base: Artifact | None) -> Outcome:
    """The rows that stand all checks, without those that are there twice; the base's come first.

    `base` is the contexts of the version that is continued.
    """
    store = resources().store
    proved = sorted(store.read_all(rows, MultiHop), key=lambda each: each.id)
    shown = read_evidence(chunks, (hop for row in proved for hop in row.hops))
    sound, rejected = [], []
    for row in proved:
        finding = check_row(row, shown)
        if finding is None:
            sound.append(row)
            continue
        reason, detail = finding
        rejected.append(
            Rejection(
                stage="check_rows", item=row.id, reason=reason, detail=detail, raw=row.question
            )
        )
    incumbents = {each.row_id for each in store.read(base, ComposedContext)} if base else set()
    twins = find_duplicates(sound, incumbents)
    rejected += twins
    gone = {each.item for each in twins}
    kept = [row for row in sound if row.id not in gone]
    written = {"kept": store.write("multi_hop", kept, MultiHop)}
    return write_rejected("check_rows", "row", written, accepted=len(kept), rejected=rejected)
