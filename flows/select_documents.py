"""EQUAL alone: from a corpus and a reference set to the pairs of documents worth asking."""

import asyncio
from typing import Annotated, Any

from prefect import flow
from pydantic import Field

from flows.build_dataset import RUNNER
from flows.building import Build
from flows.producing import produce
from flows.questioning import ask_documents
from longhop.errors import ConfigError
from longhop.spec import DatasetSpec
from longhop.spec.sections import Count, ModelName, Money, Place
from tasks.gather_pairs import gather_pairs
from tasks.publish_pairs import PAIRS, publish_pairs
from tasks.versions import Published


@flow(
    name="select-documents",
    flow_run_name="select {name}",
    task_runner=RUNNER,
    persist_result=False,
)
async def select_documents(
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")],
    corpus: Annotated[list[Place], Field(min_length=1)],
    model: ModelName,
    documents: Count | None = None,
    reference: Place | None = None,
    answers: Count | None = None,
    money: Money | None = None,
    base: Annotated[str, Field(pattern=r"^(latest|none|v-[0-9a-f]{16})$")] = "latest",
    approve: bool = False,
    advanced: dict[str, Any] = {},  # noqa: B006
) -> Any:
    """Publish the questions and answers of the documents that are worth asking.

    Args:
        name: What the dataset is called: lower-case letters, digits and dashes.
        corpus: Files, folders or globs, as the worker sees them, or s3:// addresses.
        model: A model of the worker's endpoint, for all roles.
        documents: How many documents to ask about. All of them if not given.
        reference: A file of questions and answers that the pairs are to come close to.
        answers: The most model answers this version may use, remembered ones counted too.
        money: The most money this version may cost, by the worker's price list.
        base: The version that is continued: latest, none (from scratch), or a version's name.
        approve: Wait for a person to resume this run before it becomes the latest version.
        advanced: Everything else that a spec can say, section by section. What has a field above
            is refused here.
    """
    fields = {
        "name": name,
        "corpus": corpus,
        "model": model,
        "documents": documents,
        "reference": reference,
        "answers": answers,
        "money": money,
    }
    return await produce(
        fields, advanced, base, _make, approve=approve, kind=PAIRS, refuse=_refuse_rows
    )


def _refuse_rows(spec: DatasetSpec) -> None:
    """What rests on rows of several hops is none of this flow's."""
    if spec.selection.objective == "rows":
        raise ConfigError("selection.objective: select-documents makes pairs; rows need a build")
    if spec.caps.stated:
        raise ConfigError("caps: select-documents makes pairs; caps are for the rows of a build")


async def _make(build: Build, hold: bool) -> Published:
    spec, start = build.spec, build.start
    rounds, gathered = await ask_documents(build)
    made = await build.one(
        gather_pairs,
        questions=gathered,
        found=[each.found for each in rounds.settled],
        chunks=build.chunks,
        draws=build.book.artifacts["draws"],
        reference=rounds.sight.reference,
        benchmarks=start.benchmarks,
        ngram=spec.decontamination.ngram,
    )
    build.book.artifacts[PAIRS] = made["pairs"]
    given: dict[str, Any] = {"made": build.made(build.documents), "hold": hold}
    if build.here:
        return publish_pairs.fn(spec, start, **given)
    return await asyncio.to_thread(publish_pairs.submit(spec, start, **given).result)
