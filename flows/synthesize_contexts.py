"""Context synthesis alone: from trusted pairs to rows whose documents a model wrote."""

from typing import Annotated, Any

from prefect import flow
from pydantic import Field

from flows.build_dataset import RUNNER
from flows.building import Build
from flows.order import publish
from flows.producing import produce
from flows.writing import write_documents
from longhop.spec.sections import Count, ModelName, Money, Place, Tokens
from tasks.versions import Published

CONTEXTS = "contexts"


@flow(
    name="synthesize-contexts",
    flow_run_name="synthesize {name}",
    task_runner=RUNNER,
    persist_result=False,
)
async def synthesize_contexts(
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")],
    seeds: Place,
    model: ModelName,
    corpus: list[Place] = [],  # noqa: B006
    lengths: Annotated[list[Tokens], Field(min_length=1)] = [4096],  # noqa: B006
    answers: Count | None = None,
    money: Money | None = None,
    base: Annotated[str, Field(pattern=r"^(latest|none|v-[0-9a-f]{16})$")] = "latest",
    approve: bool = False,
    advanced: dict[str, Any] = {},  # noqa: B006
) -> Any:
    """Publish rows of trusted questions and answers, with documents that were written for them.

    Args:
        name: What the dataset is called: lower-case letters, digits and dashes.
        seeds: A file of trusted questions and answers, as the worker sees it, or s3://.
        model: A model of the worker's endpoint, for all roles.
        corpus: Files, folders or globs of documents that may stand beside the written ones.
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
        "corpus": corpus or None,
        "model": model,
        "seeds": seeds,
        "lengths": lengths,
        "answers": answers,
        "money": money,
    }
    return await produce(fields, advanced, base, _make, approve=approve, kind=CONTEXTS)


async def _make(build: Build, hold: bool) -> Published:
    return await publish(build, await write_documents(build), hold=hold)
