"""What the flows that publish have in common: from a form to a version that was told of."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from flows.approving import approved, not_released
from flows.building import Build
from flows.order import prepare_documents
from flows.showing import show_ending, show_start
from flows.watching import told_to_prefect
from longhop.errors import ConfigError, LongHopError, NotReleased
from longhop.operations.news import news_since
from longhop.operations.preparing import prepare
from longhop.records.manifest import Manifest
from longhop.resources import open_resources
from longhop.spec import DatasetSpec
from longhop.spec.form import spec_of
from tasks.stage import told
from tasks.versions import Published

_MADE_BY = {
    "": "build-dataset",
    "pairs": "select-documents",
    "contexts": "synthesize-contexts",
}


async def produce(
    fields: Mapping[str, Any],
    advanced: Mapping[str, Any],
    base: str,
    make: Callable[[Build, bool], Awaitable[Published]],
    *,
    approve: bool,
    kind: str = "",
    refuse: Callable[[DatasetSpec], None] | None = None,
) -> Any:
    """The version that `make` makes of the prepared documents; our errors are failed states.

    `kind` is that of the rows; a dataset keeps to one.
    """
    name = str(fields["name"])
    async with open_resources() as live, told_to_prefect(live, name) as page:
        try:
            spec = spec_of(fields, advanced)
            if refuse is not None:
                refuse(spec)
            build = Build(spec, await prepare(spec, base, live), kind=kind)
            continued = live.datasets.resolve(name, build.start.rebuilds or base)
            _refuse_other_kind(continued, kind)
            if spec.corpus.paths:
                await prepare_documents(build)
            news = None
            if spec.corpus.paths:
                news = news_since(continued, build.book.artifacts, live.store)
            await show_start(build, news, live)
            published = await make(build, approve)
            published = published.model_copy(update={"news": news})
            await show_ending(published, live, hold=approve)
            page.finished = True
            if published.missed:
                raise NotReleased(not_released(published))
            if approve and published.new:
                await page.wait_for_a_person()
                return await approved(published, live)
            return published
        except LongHopError as error:
            return told(error)


def _refuse_other_kind(continued: Manifest | None, kind: str) -> None:
    if continued is not None and continued.kind != kind:
        raise ConfigError(
            f"{continued.name} {continued.version} was made by {_MADE_BY[continued.kind]}, and this"
            f" is {_MADE_BY[kind]}: give the dataset another name"
        )
