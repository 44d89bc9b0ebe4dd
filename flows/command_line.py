"""The `longhop` command. Whatever is heavy is imported when a command needs it."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    help="Verified long-context, multi-hop datasets from a corpus of documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

SpecPath = Annotated[Path, typer.Argument(help="A YAML spec; `longhop init` writes one.")]


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("spec.yaml"),
    name: Annotated[str, typer.Option(help="The dataset's name.")] = "my-dataset",
    corpus: Annotated[str, typer.Option(help="A file, a folder or a glob.")] = "corpus.jsonl",
    model: Annotated[str, typer.Option(help="The model's name.")] = "rehearsal-1",
) -> None:
    """Write a commented spec to start from."""
    with told():
        from longhop.spec.starting import write_starting_spec

        write_starting_spec(path, name, corpus, model)
    typer.echo(f"wrote {path}")


@app.command()
def check(spec: SpecPath) -> None:
    """Say what the corpus is, and whether the spec, store, endpoint and models are ready."""
    with told():
        from flows.running import quiet_prefect

        quiet_prefect()
        from flows.checking import check_start

        asyncio.run(check_start(spec, typer.echo))


@app.command()
def estimate(
    spec: SpecPath,
    ask: Annotated[
        int, typer.Option(help="Chunks to ask for real; the build finds their answers.", min=0)
    ] = 0,
    pairs: Annotated[bool, typer.Option("--pairs", help="Of `longhop select`.")] = False,
    contexts: Annotated[bool, typer.Option("--contexts", help="Of `longhop synthesize`.")] = False,
) -> None:
    """Say what a build will cost in requests, tokens, money and time, for nothing."""
    with told():
        from flows.running import quiet_prefect

        quiet_prefect()
        from flows.estimating import tell_estimate

        kind = "pairs" if pairs else "contexts" if contexts else ""
        asyncio.run(tell_estimate(spec, ask, typer.echo, kind))


@app.command()
def preview(
    spec: SpecPath,
    documents: Annotated[
        int, typer.Option(help="Documents to look at; at most 8 of their chunks.", min=1, max=8)
    ] = 4,
    groups: Annotated[
        int, typer.Option(help="Groups to merge, judge and prove.", min=1, max=8)
    ] = 3,
    prompts: Annotated[bool, typer.Option(help="Show each prompt and its raw reply.")] = True,
    ask: Annotated[bool, typer.Option(help="Send them; else prompts alone, for nothing.")] = True,
    out: Annotated[
        Path | None, typer.Option(help="A Markdown file (or .html), or its folder, for the whole.")
    ] = None,
) -> None:
    """Show what a build does with a few documents, prompt by prompt; it pays those not again."""
    with told():
        from flows.running import quiet_prefect

        quiet_prefect()
        from flows.previewing import Wanted, tell_preview

        wanted = Wanted(documents, groups, ask, prompts, out)
        asyncio.run(tell_preview(spec, wanted, typer.echo))


@app.command()
def build(
    spec: SpecPath,
    base: Annotated[
        str, typer.Option(help="The version to continue: latest, none, or its name.")
    ] = "latest",
) -> None:
    """Build the next version of a dataset and publish it."""
    with told():
        from flows.running import run_build

        run_build(spec, base)


@app.command()
def select(
    spec: SpecPath,
    base: Annotated[
        str, typer.Option(help="The version to continue: latest, none, or its name.")
    ] = "latest",
) -> None:
    """Publish the pairs of the documents that are worth asking, and nothing after them."""
    with told():
        from flows.running import run_build

        run_build(spec, base, "pairs")


@app.command()
def synthesize(
    spec: SpecPath,
    base: Annotated[
        str, typer.Option(help="The version to continue: latest, none, or its name.")
    ] = "latest",
) -> None:
    """Publish rows of the seed pairs alone, with documents that the model writes for them."""
    with told():
        from flows.running import run_build

        run_build(spec, base, "contexts")


@app.command()
def diff(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset in the store.")],
    version: Annotated[
        str, typer.Argument(help="The version to look at: latest, or its name.")
    ] = "latest",
    other: Annotated[
        str | None, typer.Argument(help="The version before it; its base if not given.")
    ] = None,
    rows: Annotated[
        int, typer.Option(help="Rows to name, of each reason; -1 for all.", min=-1)
    ] = 3,
) -> None:
    """Say which rows of a version were added, removed or changed against another one, and why."""
    with told():
        from flows.diffing import tell_diff

        asyncio.run(tell_diff(dataset, version, other, rows, typer.echo))


@app.command()
def takedown(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset in the store.")],
    documents: Annotated[list[str], typer.Argument(help="Ids of documents.")],
    every: Annotated[
        bool, typer.Option("--all", help="Name the rows of every kept version, too.")
    ] = False,
    erase: Annotated[
        bool,
        typer.Option("--erase", help="Remove their text from the whole store, older versions too."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Take documents out of a dataset, for good: publish its latest version without them."""
    with told():
        from flows.taking_down import Wanted, take_documents_down

        wanted = Wanted(tuple(documents), every=every, erase=erase)
        asyncio.run(take_documents_down(dataset, wanted, typer.echo, _sure if yes else _asked))


def _sure(_: str) -> bool:
    return True


def _asked(question: str) -> bool:
    """Whether a person says yes; where nobody is there to be asked, `--yes` says it."""
    if not sys.stdin.isatty():
        from longhop.errors import ConfigError

        raise ConfigError(f"{question} Nobody is there to be asked: say so with --yes")
    return typer.confirm(question)


@app.command()
def sheet(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset in the store.")],
    version: Annotated[
        str, typer.Option(help="The version to draw from: latest, or its name.")
    ] = "latest",
    rows: Annotated[int, typer.Option(help="Rows to draw.", min=1)] = 200,
    out: Annotated[
        Path | None, typer.Option(help="A folder for the files; sheet-DATASET if not given.")
    ] = None,
    published_only: Annotated[
        bool,
        typer.Option("--published-only", help="Draw no row that the judge turned away."),
    ] = False,
) -> None:
    """Draw rows of a version at random, and write a sheet on which people label them."""
    with told():
        from flows.labelling import Wanted, draw_sheet

        wanted = Wanted(version, rows, published_only, out)
        asyncio.run(draw_sheet(dataset, wanted, typer.echo))


@app.command()
def report(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset in the store.")],
    version: Annotated[str, typer.Option(help="The version: latest, or its name.")] = "latest",
    out: Annotated[
        Path | None, typer.Option(help="The file; report-DATASET.html if not given.")
    ] = None,
) -> None:
    """Write the page of a published version again, from its files alone."""
    with told():
        from flows.reporting import Wanted, report_version

        asyncio.run(report_version(dataset, Wanted(version, out), typer.echo))


@app.command()
def audit(
    files: Annotated[
        list[str],
        typer.Argument(help="Files, folders, s3:// addresses, or datasets of the store."),
    ],
    out: Annotated[Path, typer.Option(help="A folder for figures, rows and page.")] = Path("audit"),
    layout: Annotated[
        str, typer.Option(help="The form of the rows, where their fields do not tell it.")
    ] = "",
    columns: Annotated[
        list[str] | None, typer.Option(help="Our name of a field with theirs: question=query.")
    ] = None,
    tokenizer: Annotated[
        str, typer.Option(help="What tokens are counted with: tekken, or a tokenizer.json.")
    ] = "tekken",
    benchmarks: Annotated[
        list[str] | None, typer.Option(help="Files whose items are looked for.")
    ] = None,
    rows: Annotated[
        int | None, typer.Option(help="A sample of so many, by hash; all if not given.", min=1)
    ] = None,
) -> None:
    """Measure any data set of long-context questions, whoever made it, without a model."""
    with told():
        from flows.auditing import audit_to_folder, plan_of

        plan = plan_of(files, layout, columns or (), tokenizer, benchmarks or (), rows)
        asyncio.run(audit_to_folder(plan, out, typer.echo))


@app.command()
def calibrate(
    spec: SpecPath,
    rows: Annotated[Path, typer.Argument(help="The rows.jsonl that `longhop sheet` wrote.")],
    labels: Annotated[list[Path], typer.Argument(help="Sheets that people filled in.")],
    precision: Annotated[
        float, typer.Option(help="The share of the kept rows that is to be good.")
    ] = 0.9,
    confidence: Annotated[
        float, typer.Option(help="How sure it is to be of all thresholds together.")
    ] = 0.95,
    buckets: Annotated[
        int, typer.Option(help="Lengths of rows with thresholds of their own.", min=1, max=20)
    ] = 1,
    out: Annotated[
        Path, typer.Option(help="Where it goes; an earlier calibration is written over.")
    ] = Path("calibration.json"),
) -> None:
    """Find the lowest scores at which what the judge keeps is as good as people want it."""
    with told():
        from flows.calibrating import Wanted, calibrate_judge

        wanted = Wanted(precision, confidence, buckets, out)
        met = asyncio.run(calibrate_judge(spec, rows, labels, wanted, typer.echo))
    if not met:
        raise typer.Exit(1)


@app.command()
def push(
    dataset: Annotated[str, typer.Argument(help="The name of a dataset in the store.")],
    repository: Annotated[str, typer.Argument(help="Where it goes: owner/name.")],
    version: Annotated[
        str, typer.Option(help="The version to send: latest, or its name.")
    ] = "latest",
    endpoint: Annotated[
        str | None, typer.Option(help="Another hub than that of HF_ENDPOINT.")
    ] = None,
    private: Annotated[
        bool, typer.Option("--private", help="Let nobody see the repository, if it is new.")
    ] = False,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Send what was turned away, too.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Send it though it misses its release gate.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent.")] = False,
) -> None:
    """Send a version to a Hugging Face hub, as one commit with its tag; HF_TOKEN has to be set."""
    with told():
        from flows.pushing import Wanted
        from flows.pushing import push as send

        wanted = Wanted(
            dataset,
            repository,
            version,
            endpoint=endpoint,
            private=private,
            dry=dry_run,
            aside=rejected,
            anyway=anyway,
        )
        asyncio.run(send(wanted, typer.echo))


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where the demo's files go.")] = Path("demo"),
    model: Annotated[
        str | None, typer.Option(help="A real model, at OPENAI_BASE_URL with OPENAI_API_KEY.")
    ] = None,
) -> None:
    """Build a small dataset from embedded texts; with the rehearsal model unless one is named."""
    with told():
        from flows.demonstrating import run_demo

        run_demo(folder, model or os.environ.get("LONGHOP_MODEL"))


@app.command()
def deploy(
    file: Annotated[Path, typer.Option(help="What is deployed.")] = Path(
        "deployments/prefect.yaml"
    ),
) -> None:
    """Deploy nightly and on-demand builds to a Prefect server, from the repository's root."""
    with told():
        from flows.deploying import deploy

        deploy(file, typer.echo)


@app.command()
def rehearse(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8399,
    conduct: Annotated[
        Path | None, typer.Option(help="A YAML file that says how it misbehaves.")
    ] = None,
) -> None:
    """Serve the rehearsal model: a rule-based stand-in behind an OpenAI-compatible endpoint."""
    from longhop.rehearsal import serve
    from longhop.rehearsal.conduct_file import read_conduct

    def announce(url: str) -> None:
        typer.echo(f"rehearsal-1 listens on {url}")
        sys.stdout.flush()

    with told():
        behaviour = read_conduct(conduct) if conduct else None
        try:
            asyncio.run(serve(host, port, conduct=behaviour, on_ready=announce))
        except KeyboardInterrupt:
            typer.echo("stopped")
        except OSError as error:
            from longhop.errors import ConfigError

            raise ConfigError(f"{host}:{port}: {error.strerror}") from error


@contextmanager
def told() -> Iterator[None]:
    """A user's mistake ends in one message and exit status 1, never in a traceback."""
    from longhop.errors import LongHopError
    from longhop.secrets import scrub

    try:
        yield
    except LongHopError as error:
        typer.echo(f"longhop: {scrub(str(error))}", err=True)
        raise typer.Exit(1) from None
    except BrokenPipeError:  # nobody reads any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        typer.echo(scrub(f"longhop: {error.strerror or error}{where}"), err=True)
        raise typer.Exit(1) from None


def main() -> Any:
    """The entry point of the installed command."""
    return app()


if __name__ == "__main__":
    main()
