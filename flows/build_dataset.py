"""The whole way: from a corpus to a published dataset."""

import os
from typing import Annotated, Any

from prefect import flow
from prefect.task_runners import ThreadPoolTaskRunner
from pydantic import Field

from flows.building import Build
from flows.order import find_rows, publish
from flows.producing import produce
from longhop.spec.sections import Count, Groups, ModelName, Money, Place, Tokens
from tasks.versions import Published

# CPU stages run side by side, one a core; model stages stay in the flow's own loop.
RUNNER: Any = ThreadPoolTaskRunner(max_workers=os.cpu_count() or 1)


@flow(
    name="build-dataset",
    flow_run_name="build {name}",
    task_runner=RUNNER,
    persist_result=False,
)
async def build_dataset(
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")],
    corpus: Annotated[list[Place], Field(min_length=1)],
    model: ModelName,
    documents: Count | None = None,
    reference: Place | None = None,
    seeds: Place | None = None,
    groups: Groups = 400,
    lengths: Annotated[list[Tokens], Field(min_length=1)] = [4096],  # noqa: B006
    answers: Count | None = None,
    money: Money | None = None,
    base: Annotated[str, Field(pattern=r"^(latest|none|v-[0-9a-f]{16})$")] = "latest",
    approve: bool = False,
    advanced: dict[str, Any] = {},  # noqa: B006
) -> Any:
    """Build the next version of a dataset, from its corpus to its published rows.

    Args:
        name: What the dataset is called: lower-case letters, digits and dashes.
        corpus: Files, folders or globs, as the worker sees them, or s3:// addresses.
        model: A model of the worker's endpoint, for all roles. Name several under models, in
            advanced.
        documents: How many documents to ask about. All of them if not given.
        reference: A file of questions and answers that the dataset is to come close to.
        seeds: A file of trusted questions and answers for which documents are written.
        groups: The most groups of single questions that are merged into multi-hop ones.
        lengths: Tokens of the contexts. Each row takes one of these lengths.
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
        "seeds": seeds,
        "groups": groups,
        "lengths": lengths,
        "answers": answers,
        "money": money,
    }
    return await produce(fields, advanced, base, _make, approve=approve)


async def _make(build: Build, hold: bool) -> Published:
    return await publish(build, await find_rows(build), hold=hold)
