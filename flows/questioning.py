"""Questions of several hops: ask in rounds, gather, link, word; in epochs where rows teach."""

from math import ceil

from flows.building import Build
from flows.choosing import choose_documents
from flows.rounds import Epoch, Rounds
from flows.wording import word_groups
from longhop.records.artifacts import Artifact, parts_of
from tasks.ask_questions import gather_questions
from tasks.credit_rows import credit_rows
from tasks.link_questions import link_questions, take_groups


async def ask_documents(build: Build) -> tuple[Rounds, Artifact]:
    """Choose documents and ask about them, round by round: the rounds, and all their questions."""
    rounds = await choose_documents(build)
    await rounds.run()
    await rounds.leave()
    return rounds, await _gather(build, rounds)


async def build_questions(build: Build, rounds: Rounds) -> list[Artifact]:
    """The proved rows of all that is asked.

    Where rows are what documents are chosen for, asking stops between its epochs until the rows
    that could be made so far are proved; what they say of documents decides who is asked next.
    """
    proved: list[Artifact] = []
    worded: list[Artifact] = []
    groups: Artifact | None = None
    for epoch in rounds.epochs():
        await rounds.run(epoch)
        last = rounds.ended is not None
        groups, fresh = await _link(build, rounds, groups, worded, last=last)
        proved += await _word(build, fresh, worded, epoch, last=last)
        if last:
            build.book.artifacts["groups"] = groups
        else:
            await _credit(build, rounds, proved, epoch.turn)
    await rounds.leave()
    return proved


async def _gather(build: Build, rounds: Rounds) -> Artifact:
    gathered = await build.one(
        gather_questions,
        questions=rounds.questions,
        vectors=rounds.vectors,
        base=build.start.from_base("groups"),
    )
    return gathered["questions"]


async def _link(
    build: Build,
    rounds: Rounds,
    before: Artifact | None,
    worded: list[Artifact],
    *,
    last: bool,
) -> tuple[Artifact, Artifact]:
    """The groups of all that was asked, and those that no earlier epoch has worded.

    What gathering and linking count is counted once: they go over all questions each time.
    """
    counting = build if last else build.apart()
    spec, start = build.spec, build.start
    plan = spec.questions
    if not last:
        plan = plan.model_copy(update={"groups": max(1, ceil(plan.groups * rounds.progress))})
    by_document = plan.similarity == "documents"
    by_words = by_document and plan.retrieval == "bm25"
    linked = await counting.one(
        link_questions,
        questions=await _gather(counting, rounds),
        vectors=build.vectors if by_document else rounds.vectors,
        documents=build.documents if by_words else [],
        plan=plan,
        dataset=spec.name,
        base=[each for each in (start.from_base("groups"), before) if each],
        worded=worded,
    )
    return linked["groups"], linked["fresh"]


async def _word(
    build: Build, groups: Artifact, worded: list[Artifact], epoch: Epoch, *, last: bool
) -> list[Artifact]:
    """The proved wordings of the groups, as far as the budget goes; `worded` takes which they were.

    What an epoch's share does not reach is left to the next one, and counted in the last alone.
    """
    proved: list[Artifact] = []
    done = 0
    share = 1.0 if last else epoch.share * (1 - build.spec.budget.asking)
    for taken, turn in build.rounds(groups.rows, share=share, most=epoch.rounds):
        todo = await build.one(
            take_groups,
            part=f"all{epoch.turn}{turn}",
            groups=groups,
            first=taken.start,
            last=taken.stop,
            shards=build.spec.shards,
        )
        parts = parts_of(todo.artifacts, "todo")
        worded += parts
        proved += await word_groups(build, [[each] for each in parts], epoch.turn + turn)
        done = taken.stop
    if last:
        build.note_left("merge", "wording", groups.rows - done)
    return proved


async def _credit(build: Build, rounds: Rounds, proved: list[Artifact], epoch: str) -> None:
    """Let the rows that were proved so far say what the documents are worth."""
    outcome = await build.one(credit_rows, part=f"all{epoch}", rounds=rounds.settled, rows=proved)
    rounds.credited = [
        each.model_copy(update={"credits": found})
        for each, found in zip(rounds.settled, parts_of(outcome.artifacts, "credits"), strict=True)
    ]
