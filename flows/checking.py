"""`longhop check`: what the corpus is and whether a build can start from it, for nothing.

The corpus goes through the stages of a build that need no model, so the build finds their receipts.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from flows.book import Book
from flows.building import Build
from flows.order import prepare_documents
from flows.running import Lines
from flows.writing import gate_seeds
from longhop.corpus.reading import count_endings, list_passed_over
from longhop.corpus.reading.rows import Place
from longhop.operations.preparing import (
    Preparation,
    check_models,
    models_of,
    prepare_inputs,
    try_models,
)
from longhop.operations.surveying import Survey, foresee, survey_chunks
from longhop.publishing.funnel import add_up
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Artifact
from longhop.records.corpus import Chunk
from longhop.resources import Resources, open_resources
from longhop.spec import DatasetSpec
from longhop.spec.loading import load_spec
from tasks.turned_away import locate

# A larger corpus takes long enough for a person to want to see it move.
_LARGE = 50_000_000
_SHOWN, _LONGEST = 3, 100


async def check_start(path: Path, tell: Callable[[str], object]) -> bool:
    """Tell what a build of the spec in a file would start from; true if nothing is in its way.

    Raises:
        LongHopError: A build could not start at all; the lines told so far say how far it came.
    """
    spec = load_spec(path)
    async with open_resources() as live:
        tell(f"spec         {spec.name} {spec.hash[:16]}")
        start = prepare_inputs(spec, "latest", live)
        tell(f"store        {live.files.root}: can be written")
        tell(f"base         {_base(spec, start, live)}")
        size = sum(live.sources.size(each) for each in start.corpus)
        files = f"{_counted(len(start.corpus), 'file')}, {size / 1e6:,.3g} MB"
        tell(f"corpus       {files if start.corpus else 'none: rows of seed pairs alone'}")
        others = list_passed_over(spec.corpus, live.sources)
        if others:
            passed = f"{_counted(len(others), 'other file')} ({count_endings(others)})"
            tell(f"             passed over: {passed}")
        if size > _LARGE:
            live.progress = Lines()
        build = Build(spec, start, here=True)
        try:
            if spec.corpus.paths:
                await prepare_documents(build)
            if start.seeds:
                await gate_seeds(build)
        finally:
            for line in (*_funnel(build.book), *_rejects(build, live)):
                tell(line)
        advice = _surveyed(build, live, tell) if spec.corpus.paths else []
        for line in advice:
            tell(f"note         {line}")
        await check_models(spec, live)
        abilities = await try_models(spec, live)
        models = ", ".join(f"{role} {name}" for role, name in models_of(spec).items())
        tell(f"endpoint     {live.model.endpoint.address}: answers, and has the models")
        tell(f"models       {models}")
        tell(f"answers      {', '.join(f'{name}: {each}' for name, each in abilities.items())}")
    which = "a build" if spec.corpus.paths else "`longhop synthesize`"
    tell(f"{which} can start" + (", with the notes above" if advice else ""))
    return not advice


def _surveyed(build: Build, live: Resources, tell: Callable[[str], object]) -> list[str]:
    """Tell what the documents are; what stands in the way of the wanted dataset."""
    survey = survey_chunks(
        chunk for part in build.chunks for chunk in live.store.iterate(part, Chunk)
    )
    for line in _described(survey, build.spec):
        tell(line)
    return foresee(survey, build.spec)


def _base(spec: DatasetSpec, start: Preparation, live: Resources) -> str:
    latest = live.datasets.latest(spec.name)
    if latest and (start.base is None or start.base.version != latest):
        return f"{latest}, and nothing is new since: building it again would publish nothing"
    return start.base.version if start.base else "none: the first version"


def _rejects(build: Build, live: Resources) -> Iterator[str]:
    """The first few of what each stage turned away, and where all of it lies."""
    by_stage: dict[str, list[Artifact]] = {}
    for part in build.book.rejected:
        for each in islice(live.store.iterate(part, Rejection), 1):
            by_stage.setdefault(each.stage, []).append(part)
    for stage, parts in by_stage.items():
        rows = (each for part in parts for each in live.store.iterate(part, Rejection))
        for each in locate(list(islice(rows, _SHOWN)), build.sources):
            why = f"{each.reason} ({each.detail})" if each.detail else str(each.reason)
            place = str(Place(each.file, each.line)) if each.file else ""
            names = dict.fromkeys(_shortened(name) for name in (place, each.item) if name)
            yield f"rejected     {stage}: {' '.join(names)} {_shortened(why)}"
        paths = ", ".join(f"{live.files.root}/{part.path}" for part in parts)
        yield f"             all of them: {paths}"


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


def _funnel(book: Book) -> Iterator[str]:
    for each in add_up(book.balances):
        gone = {**each.rejected, **each.left}
        reasons = ", ".join(f"{name} {count:,}" for name, count in sorted(gone.items()))
        yield (
            f"{each.stage:<12} {each.accepted:,} of {_counted(each.taken, each.unit)}"
            + (f"; not {reasons}" if reasons else "")
        )
    if book.changes:
        changed = ", ".join(f"{name} {count:,}" for name, count in sorted(book.changes.items()))
        yield f"changed      {changed}"


def _described(survey: Survey, spec: DatasetSpec) -> Iterator[str]:
    yield (
        f"text         {survey.tokens:,} tokens ({spec.contexts.tokenizer}) in"
        f" {_counted(survey.chunks, 'chunk')}, the longest of {survey.longest_chunk}"
    )
    languages = ", ".join(f"{name} {count:,}" for name, count in survey.languages.items())
    yield f"languages    {languages}"
    licenses = ", ".join(f"{name} {count:,}" for name, count in survey.licenses.items())
    yield f"licences     {_shortened(licenses)}"
    shelves = ", ".join(f"{name} {tokens:,}" for name, tokens in survey.shelves.items())
    yield f"splits       {shelves} (tokens)"
    yield (
        f"links        {survey.linked:,} of {_counted(survey.documents, 'document')} share one of"
        f" {_counted(survey.names, 'name')} with another of their split"
    )


def _counted(count: int, unit: str) -> str:
    return f"{count:,} {unit}" + ("" if count == 1 else "s")
