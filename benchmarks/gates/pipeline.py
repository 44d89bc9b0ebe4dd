"""The product's stages in a row, as a build strings them, over the documents of one world."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from unittest.mock import patch

from gates.in_process import InProcess
from gates.meaning import embed_words

from longhop.corpus.languages.codes import LANGUAGES
from longhop.identity import keyed_order, make_id
from longhop.questions.asking import AskPlan, ask_chunks
from longhop.questions.gathering import gather_questions
from longhop.questions.linking import link_questions
from longhop.questions.linking.closeness import nearest
from longhop.questions.linking.signals import open_closeness
from longhop.questions.merging import MergePlan, merge_groups
from longhop.records.calibration import Calibration, Mode
from longhop.records.corpus import Chunk, Split
from longhop.records.model import Prompt
from longhop.records.questions import Composition, HopGroup, HopLink, Scope, SingleHop
from longhop.records.verification import MultiHop, Returned
from longhop.rehearsal.fallible import World
from longhop.spec.sections import Questions
from longhop.verification.checks import check_row
from longhop.verification.deduplicating import find_duplicates
from longhop.verification.judging import JudgePlan, judge_questions
from longhop.verification.proving import ProvePlan, prove_questions

GATES = ("checks", "link_test", "judge", "proof", "dedup", "repair")
_PARTNERS = 3  # similar questions of each, where no link test decides (as LongMIT has it)
_REPLIES = {
    "ask": "asked_questions", "find": "found_answers", "merge": "merged_question",
    "judge": "judgement", "answer": "short_answer", "closed_book": "short_answer",
    "compare": "compared_answers",
}  # fmt: skip
PROMPTS = {
    name: Prompt(
        name=name,
        templates=dict.fromkeys(LANGUAGES, ""),
        reply=reply,
        reply_schema="",
        model="fallible",
        temperature=0.7,
        max_tokens=1024,
    )
    for name, reply in _REPLIES.items()
}


@dataclass(frozen=True)
class Choices:
    """What a spec would say: times that a judge and a solver are asked, and that groups are worded.

    `calibration` is that of the judge; without one nothing is kept. `off` are gates left out.
    """

    calibration: Calibration | None = None
    samples: int = 1
    probes: int = 1
    attempts: int = 2
    off: Set[str] = frozenset()

    @property
    def judges(self) -> tuple[Prompt, ...]:
        """A prompt for each time that the judge is asked."""
        first = PROMPTS["judge"]
        return tuple(first.model_copy(update={"sample": at}) for at in range(self.samples))


@dataclass
class Built:
    """The finished rows, and what they took: groups, rejections by stage and reason."""

    documents: int = 0
    questions: int = 0
    groups: int = 0
    rows: list[MultiHop] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)


async def build_rows(world: World, choices: Choices, model: InProcess) -> Built:
    """Ask, gather, link, word, check: the rows of a world."""
    chunks = chunks_of(world)
    built = Built(documents=len(chunks))
    with _without_checks() if "checks" in choices.off else ExitStack():
        groups = await find_groups(chunks, choices, model, built)
        rows = await _word(groups, chunks, choices, model, built)
    built.rows = list(_finish(rows, chunks, choices, built))
    return built


async def find_groups(
    chunks: Mapping[str, Chunk], choices: Choices, model: InProcess, built: Built
) -> list[HopGroup]:
    """The groups that are merged."""
    plan = AskPlan(prompt=PROMPTS["ask"], find=PROMPTS["find"], limit=3)
    asked = await ask_chunks(list(chunks.values()), plan, model=model)
    built.rejected.update(f"ask {each.reason}" for each in asked.rejected_questions)
    questions, vectors = asked.questions, embed_words(asked.questions)
    if "dedup" not in choices.off:
        questions, twins = gather_questions(questions, vectors)
        built.rejected.update(f"gather {each.reason}" for each in twins)
    # Each question in one group: of rows that share a hop only the first would be unique.
    wanted = Questions(groups=len(questions) or 1, reuse=1)
    closeness, index = open_closeness(questions, wanted, vectors, {})
    linked = link_questions(questions, closeness, index, wanted, dataset="fallible")
    built.rejected.update(f"link {each.reason}" for each in linked.rejected)
    built.questions, built.groups = len(questions), len(linked.groups)
    if "link_test" not in choices.off:
        return linked.groups
    places, ids = range(len(questions)), [each.id for each in questions]
    pairs = [
        similar_pair(questions[one], questions[other])
        for one, other, _ in nearest(closeness, places, ids, most=_PARTNERS)
        if questions[one].language == questions[other].language
    ]
    return keyed_order(pairs, lambda each: each.id, "similar")[: built.groups]


def similar_pair(one: SingleHop, other: SingleHop) -> HopGroup:
    """Two questions as if the second asked about what the first leads to."""
    return HopGroup(
        id=make_id("g", one.id, other.id),
        composition=Composition.BRIDGE,
        scope=Scope.INTER,
        hops=(one, other),
        links=(HopLink(head=0, tail=1, mention=one.answer),),
        why="similar",
    )


async def first_wordings(world: World, model: InProcess) -> list[MultiHop]:
    """What a judge is given first: the merged questions that stand the checks."""
    chunks, choices, built = chunks_of(world), Choices(), Built()
    groups = await find_groups(chunks, choices, model, built)
    todo = [Returned(group=each, history=()) for each in groups]
    merged = await merge_groups(todo, MergePlan(prompt=PROMPTS["merge"], last=True), model=model)
    return merged.kept


async def _word(
    groups: Sequence[HopGroup],
    chunks: Mapping[str, Chunk],
    choices: Choices,
    model: InProcess,
    built: Built,
) -> list[MultiHop]:
    """The proved wordings of groups; what is turned away goes back with its reason."""
    found: list[MultiHop] = []
    todo = [Returned(group=each, history=()) for each in groups]
    attempts = 1 if "repair" in choices.off else choices.attempts
    for attempt in range(1, attempts + 1):
        last = attempt == attempts
        passed = await merge_groups(
            todo, MergePlan(prompt=PROMPTS["merge"], last=last), model=model
        )
        todo = list(passed.returned)
        gates = [("merge", passed)]
        if "judge" not in choices.off:
            judge = partial(judge_questions, plan=_judge_plan(choices, last=last))
            passed = await judge(passed.kept, model=model)
            gates.append(("judge", passed))
            todo += passed.returned
        if "proof" not in choices.off:
            proof = _prove_plan(choices, last=last)
            passed = await prove_questions(passed.kept, chunks, proof, model=model)
            gates.append(("prove", passed))
            todo += passed.returned
        for name, sifted in gates:
            told = (f"{name} {each.reason}, attempt {attempt}" for each in sifted.rejected)
            built.rejected.update(told)
        found += passed.kept
    return found


def _finish(
    rows: Sequence[MultiHop], chunks: Mapping[str, Chunk], choices: Choices, built: Built
) -> Iterator[MultiHop]:
    """The rows that stand all checks, each once."""
    sound = []
    for row in sorted(rows, key=lambda each: each.id):
        finding = None if "checks" in choices.off else check_row(row, chunks)
        built.rejected.update([f"check_rows {finding[0]}"] if finding else [])
        sound += [row] if finding is None else []
    twins = [] if "dedup" in choices.off else find_duplicates(sound)
    built.rejected.update(f"check_rows {each.reason}" for each in twins)
    gone = {each.item for each in twins}
    yield from (row for row in sound if row.id not in gone)


def _judge_plan(choices: Choices, *, last: bool) -> JudgePlan:
    return JudgePlan(
        judges=choices.judges,
        mode=Mode.SCORING,
        threshold=8.0,
        agreement=0.0,
        calibration=choices.calibration,
        last=last,
    )


def _prove_plan(choices: Choices, *, last: bool) -> ProvePlan:
    return ProvePlan(
        answer=PROMPTS["answer"],
        closed_book=PROMPTS["closed_book"],
        compare=PROMPTS["compare"],
        samples=choices.probes,
        last=last,
    )


@contextmanager
def _without_checks() -> Iterator[None]:
    """What a model says is taken as it is."""
    with ExitStack() as stack:
        for place in ("questions.locating.check_single_hop", "questions.merging.check_merged"):
            stack.enter_context(patch(f"longhop.{place}", return_value=None))
        yield


def chunks_of(world: World) -> dict[str, Chunk]:
    """The documents of a world, each a chunk of its own."""
    languages = {each.id: each.language for each in world.items}
    chunks = {}
    for document in world.documents():
        name, text = document["id"], document["text"]
        chunks[name] = Chunk(
            id=name,
            document_id=name,
            title=document["title"],
            text=text,
            start=0,
            end=len(text),
            tokens=0,
            license="CC0-1.0",
            language=languages[name.rpartition("-")[0]],
            split=Split.TRAIN,
        )
    return chunks
