"""Credit documents with the proved rows that rest on them."""

from longhop.records.artifacts import Artifact, Outcome
from longhop.records.selection import Credit, Round
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.selection.crediting import credit_supports
from tasks.stage import stage


@stage("credit", revision=1)
def credit_rows(rounds: list[Round], rows: list[Artifact]) -> Outcome:
    """The credit of all documents asked so far: their shares of the rows, in place of pairs."""
    store = resources().store
    proved = store.read_all(rows, MultiHop)
    worth = credit_supports([[hop.document_id for hop in row.hops] for row in proved])
    artifacts = {}
    for number, each in enumerate(rounds):
        credited = [
            known.model_copy(update={"reward": worth.get(known.document_id, 0.0)})
            for known in store.read(each.credits, Credit)
        ]
        artifacts[f"credits-{number}"] = store.write("credits", credited, Credit)
    return Outcome(artifacts=artifacts)
