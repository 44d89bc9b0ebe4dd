"""Link single-hop questions into groups, and take those of a round."""

from longhop.identity import shard_of
from longhop.questions.linking import link_questions as link
from longhop.questions.linking.signals import open_closeness
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import Document, DocumentVector
from longhop.records.questions import HopGroup, SingleHop
from longhop.records.verification import Returned
from longhop.resources import resources
from longhop.spec.sections import Questions
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("link", revision=5)
def link_questions(
    questions: Artifact,
    vectors: list[Artifact],
    documents: list[Artifact],
    plan: Questions,
    dataset: str,
    base: list[Artifact],
    worded: list[Artifact],
) -> Outcome:
    """The groups to merge in the order in which they are, those of the base first.

    `fresh` are those among them that were not `worded` in an earlier epoch. `vectors`
    are those of the questions or of their documents, whichever are compared; `documents` are needed
    where the words of documents are.
    """
    store = resources().store
    pool = store.read(questions, SingleHop)
    meant = {each.document_id: each.vector for each in store.read_all(vectors, DocumentVector)}
    closeness, index = open_closeness(pool, plan, meant, _texts(pool, documents))
    linked = link(
        pool,
        closeness,
        index,
        plan,
        dataset=dataset,
        base=list({each.id: each for each in store.read_all(base, HopGroup)}.values()),
    )
    known = {each.group.id for each in store.read_all(worded, Returned)}
    fresh = [each for each in linked.groups if each.id not in known]
    artifacts = {
        "groups": store.write("groups", linked.groups, HopGroup),
        "fresh": store.write("groups", fresh, HopGroup),
    }
    left = {str(reason): count for reason, count in sorted(linked.left.items())}
    return write_rejected(
        "link",
        "group",
        artifacts,
        accepted=len(linked.groups),
        rejected=linked.rejected,
        left=left,
        notes=linked.notes,
    )


def _texts(pool: list[SingleHop], documents: list[Artifact]) -> dict[str, str]:
    """The documents that questions were asked about."""
    asked = {each.document_id for each in pool}
    store = resources().store
    rows = (each for part in documents for each in store.iterate(part, Document))
    return {each.id: each.text for each in rows if each.id in asked}


@stage("take", revision=2)
def take_groups(groups: Artifact, first: int, last: int, shards: int) -> Outcome:
    """The groups [first, last), cut into shards by their ids."""
    store = resources().store
    taken = sorted(store.read(groups, HopGroup)[first:last], key=lambda each: each.id)
    parts: list[list[Returned]] = [[] for _ in range(shards)]
    for group in taken:
        parts[shard_of(group.id, shards)].append(Returned(group=group, history=()))
    return Outcome(
        artifacts={
            f"todo-{shard}": store.write("todo", part, Returned) for shard, part in enumerate(parts)
        }
    )
