"""Link single-hop questions into groups, cut into shards by the groups' ids."""

from longhop.identity import shard_of
from longhop.questions.linking import link_questions as link
from longhop.records.artifacts import Artifact, Outcome
from longhop.records.corpus import DocumentVector
from longhop.records.questions import HopGroup, SingleHop
from longhop.records.verification import Returned
from longhop.resources import resources
from longhop.spec.sections import Questions
from tasks.sifted import write_rejected
from tasks.stage import stage


@stage("link", revision=1)
def link_questions(
    questions: Artifact,
    vectors: list[Artifact],
    plan: Questions,
    dataset: str,
    shards: int,
    base: Artifact | None,
) -> Outcome:
    """The groups to merge, those of the base first."""
    store = resources().store
    linked = link(
        store.read(questions, SingleHop),
        {each.document_id: each for each in store.read_all(vectors, DocumentVector)},
        plan,
        dataset=dataset,
        base=store.read(base, HopGroup) if base else (),
    )
    groups = sorted(linked.groups, key=lambda each: each.id)
    artifacts = {
        f"todo-{shard}": store.write(
            "todo",
            [
                Returned(group=group, history=())
                for group in groups
                if shard_of(group.id, shards) == shard
            ],
            Returned,
        )
        for shard in range(shards)
    }
    artifacts["groups"] = store.write("groups", groups, HopGroup)
    left = {str(reason): count for reason, count in sorted(linked.left.items())}
    return write_rejected(
        "link", "group", artifacts, accepted=len(groups), rejected=linked.rejected, left=left
    )
