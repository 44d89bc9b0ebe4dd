"""`longhop preview`: what a build would do with a few documents, prompt by prompt and row by row.

The corpus goes through the stages that need no model as in a build, which finds their receipts. All
other stages are taken by the same order as in a build, on a few chunks, and leave nothing but their
answers in the memo, which a build finds too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.building import Build
from flows.choosing import choose_documents
from flows.foreseeing import sample_build
from flows.order import prepare_documents
from flows.questioning import build_questions
from flows.running import Lines
from flows.writing import write_documents
from longhop.corpus.languages.codes import prompt_language
from longhop.errors import ConfigError
from longhop.llm.prompts import TRIAL
from longhop.operations.estimating import Estimator
from longhop.operations.preparing import Preparation, check_models, prepare_inputs
from longhop.operations.previewing import (
    ROWS,
    Choice,
    Exchange,
    Html,
    Markdown,
    Page,
    Recorder,
    Shelves,
    Teller,
    Terminal,
    choose_chunks,
    most_prompts,
    tell_context,
    tell_corpus,
    tell_cost,
    trying,
)
from longhop.operations.previewing.html import MARK
from longhop.publishing.funnel import add_up
from longhop.records.artifacts import Artifact, Outcome, parts_of
from longhop.records.corpus import Chunk, Document, Source
from longhop.records.verification import MultiHop
from longhop.resources import Resources, open_resources
from longhop.spec import DatasetSpec
from longhop.spec.form import require_inputs
from longhop.spec.loading import load_spec
from longhop.spec.sections import Budget, Selection
from tasks.stage import Share, Stage

Tell = Callable[[str], object]

# A larger corpus takes long enough for a person to want to see it move.
_LARGE = 50_000_000
_SEEDS = 1
_TITLE = "Preview of"
# Files of these names become pages for a browser.
_PAGES = (".html", ".htm")
# The mark of a page stands in its head.
_HEAD = 4096
_PLACE = ("item", "file", "line")


@dataclass(frozen=True)
class Wanted:
    """How much is previewed, and what is shown of it.

    Without `ask` nothing is sent, without `prompts` rows alone are told; `out` takes the whole, as
    a page for a browser where its name ends so.
    """

    documents: int = 4
    groups: int = 3
    ask: bool = True
    prompts: bool = True
    out: Path | None = None


async def tell_preview(path: Path, wanted: Wanted, tell: Tell) -> None:
    """Tell what a build of the spec in a file makes of a few documents.

    Raises:
        LongHopError: A build could not start, or the endpoint fails; what was told so far stands.
    """
    spec = load_spec(path)
    require_inputs(spec)
    out = _writable(wanted.out, spec.name) if wanted.out is not None else None
    kind = Html if out is not None and out.suffix in _PAGES else Markdown
    whole: Html | Markdown = kind(f"{_TITLE} {spec.name}")
    try:
        async with open_resources() as live:
            await _preview(spec, wanted, live, Page(Terminal(tell), whole))
    finally:
        if out is not None:
            out.write_text(whole.page, encoding="utf-8")
            tell(f"the whole, uncut: {out}")


async def _preview(spec: DatasetSpec, wanted: Wanted, live: Resources, page: Page) -> None:
    start = prepare_inputs(spec, "latest", live)
    if sum(live.sources.size(each) for each in start.corpus) > _LARGE:
        live.progress = Lines()
    corpus = Build(spec, start, here=True)
    await prepare_documents(corpus)
    choice = choose_chunks(
        lambda: (each for part in corpus.chunks for each in live.store.iterate(part, Chunk)),
        documents=wanted.documents,
        name=spec.name,
    )
    seeds = _SEEDS if start.seeds else 0
    limit = most_prompts(
        spec, start.prompts, chunks=len(choice.chunks), groups=wanted.groups, seeds=seeds
    )
    recorder, before = Recorder(live.model, limit if wanted.ask else 0), live.model.status.requests
    teller = Teller(page, recorder, prompts=wanted.prompts)
    documents = _documents(corpus, live, choice)
    places = _places(corpus, live, choice)
    tell_corpus(teller, spec, choice, documents, places, add_up(corpus.book.balances))
    with trying(live, recorder) as tried:
        trial = Trial(_few(spec, wanted), _alone(start), here=True, teller=teller, tried=tried)
        trial.documents = [tried.store.write("documents", documents, Document)]
        trial.chunks = [tried.store.write("chunks", choice.chunks, Chunk)]
        if wanted.ask:
            sample = sample_build(trial, tried)
            found = Estimator(trial.spec, start, tried, sample).estimate(seeds=seeds)
            tell_cost(teller, found, limit, live.prices)
            await check_models(spec, live)
        proved = await build_questions(trial, await choose_documents(trial))
        seeded = Trial(trial.spec, trial.start, here=True, teller=teller, tried=tried, most=_SEEDS)
        proved += await write_documents(seeded)
        row = _furthest([*proved, *reversed(trial.candidates), *reversed(seeded.candidates)], tried)
        if row is not None:
            shelves = Shelves(
                documents=corpus.documents,
                chunks=corpus.chunks,
                memberships=parts_of(corpus.book.artifacts, "memberships"),
                written=tried.store.read_all(seeded.written, Document),
                evidence=tried.store.read_all([*trial.chunks, *seeded.written_chunks], Chunk),
            )
            tell_context(teller, row, spec, live, shelves)
    if wanted.prompts:
        _tell_trials(teller, start, choice, live)
    _tell_end(teller, live, before)


@dataclass
class Trial(Build):
    """A build of a few chunks that tells what each of its stages asked and made.

    It takes all that there is in one round, or the first `most` of it.
    """

    teller: Teller = field(kw_only=True)
    tried: Resources = field(kw_only=True)
    most: int | None = None
    candidates: list[Artifact] = field(default_factory=list)

    def rounds(
        self,
        items: int,
        share: float,  # noqa: ARG002
        most: int = 1,  # noqa: ARG002
    ) -> Iterator[tuple[range, str]]:
        """One round, whatever the budget."""
        yield range(items if self.most is None else min(items, self.most)), ""

    async def _run(self, stage: Stage, shares: Sequence[Share]) -> list[Outcome]:
        try:
            outcomes = await super()._run(stage, shares)
        finally:
            self.teller.tell_asked(stage.name)
        if self.teller.recorder.limit:
            self.teller.tell_made(stage.name, outcomes, self.tried, self.most or ROWS)
        made = [each for outcome in outcomes for each in outcome.artifacts.values()]
        self.candidates += [each for each in made if each.kind == "multi_hop"]
        return outcomes


def _few(spec: DatasetSpec, wanted: Wanted) -> DatasetSpec:
    """The spec of so many groups, of all documents that there are, in one shard, unbudgeted."""
    groups = min(wanted.groups, spec.questions.groups)
    questions = spec.questions.model_copy(update={"groups": groups})
    return spec.model_copy(
        update={
            "questions": questions,
            "selection": Selection(),
            "budget": Budget(),
            "shards": 1,
        }
    )


def _alone(start: Preparation) -> Preparation:
    """The start without the groups and draws of a base: they would come before these documents."""
    return start.model_copy(update={"base": None})


def _documents(corpus: Build, live: Resources, choice: Choice) -> list[Document]:
    """The chosen documents, in the order in which they were chosen."""
    found = {
        each.id: each
        for part in corpus.documents
        for each in live.store.iterate(part, Document)
        if each.id in choice.documents
    }
    return [found[each] for each in choice.documents]


def _places(corpus: Build, live: Resources, choice: Choice) -> dict[str, str]:
    """The file and the line that each chosen document was read from."""
    found: dict[str, str] = {}
    for part in (each for each in corpus.sources if each.kind == "sources"):
        for batch in live.store.batches(part, Source, _PLACE):
            columns = (batch.column(name).to_pylist() for name in _PLACE)
            for item, file, line in zip(*columns, strict=True):
                if item in choice.documents:
                    found[item] = file if line is None else f"{file}:{line}"
    return found


def _furthest(parts: Sequence[Artifact], tried: Resources) -> MultiHop | None:
    """A proved question, else one that came as far as any."""
    return next((each for part in parts for each in tried.store.read(part, MultiHop)), None)


def _tell_trials(teller: Teller, start: Preparation, choice: Choice, live: Resources) -> None:
    """The prompts that nothing was sent with, for want of another one's reply."""
    sent = {each.prompt.name for each in teller.recorder.exchanges}
    languages = sorted({prompt_language(each.language) for each in choice.chunks})
    for name, prompt in start.prompts.items():
        if name not in sent and (name != "context" or start.seeds):
            teller.page.heading(f"{name}, with trial values")
            for language in languages:
                messages = live.prompts.messages(prompt, language, TRIAL)
                teller.tell_exchange(Exchange(name, prompt, language, messages), "prompt")


def _tell_end(teller: Teller, live: Resources, before: int) -> None:
    """What was sent, and that nothing else has come of it."""
    status, page = live.model.status, teller.page
    page.heading("done")
    kept = sum(each.remembered for each in teller.recorder.exchanges)
    paid = f" for {status.cost}" if status.cost else ""
    page.say("asked", f"{status.requests - before:,} requests now{paid}; {kept:,} remembered")
    page.say("", "nothing is published; a build pays for none of these answers that it needs")


def _writable(out: Path, name: str) -> Path:
    """Where the whole preview goes: an earlier preview is written over, and nothing else.

    Raises:
        ConfigError: There is another file, or none can be written there.
    """
    path = out / f"preview-{name}.md" if out.is_dir() else out
    try:
        with path.open("a+", encoding="utf-8", errors="replace") as file:
            file.seek(0)
            begun = file.read(_HEAD)
    except OSError as error:
        raise ConfigError(f"--out {path}: {error.strerror or error}") from error
    if begun and not (begun.startswith(f"# {_TITLE}") or MARK in begun):
        raise ConfigError(f"--out {path} is there already and is no preview; name another file")
    return path
