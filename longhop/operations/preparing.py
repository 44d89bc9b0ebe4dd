"""Everything that a build needs to know before its first stage, found out before it costs."""

from collections.abc import Mapping
from pathlib import Path

import longhop
from longhop.corpus.pairs import read_pairs
from longhop.corpus.reading import fingerprint_files, list_files, look_at_corpus
from longhop.corpus.tokenizing import vocabulary_of
from longhop.errors import ConfigError, EndpointError
from longhop.identity import digest
from longhop.llm.prompts import REPLY_OF, refuse_strangers
from longhop.llm.spending import Purse
from longhop.operations.budgeting import require_prices
from longhop.operations.calibrated import read_calibration
from longhop.ports import Sources
from longhop.publishing.decontaminating import read_benchmarks, touches
from longhop.publishing.prompting import FRAMES
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.calibration import Calibration, Mode
from longhop.records.manifest import Manifest
from longhop.records.model import Prompt
from longhop.records.money import Prices
from longhop.records.takedowns import Takedowns
from longhop.resources import Resources
from longhop.spec import DatasetSpec

# Which model's role asks with which prompt.
ROLE_OF = {
    "ask": "ask",
    "find": "ask",
    "single_hop": "ask",
    "mend": "ask",
    "merge": "merge",
    "judge": "judge",
    "classify": "judge",
    "compare": "judge",
    "answer": "prove",
    "closed_book": "prove",
    "context": "write",
}
REHEARSAL = "rehearsal-"


class Preparation(Record):
    """The inputs of a build by their hashes, its frozen prompts, and the version it continues.

    {"corpus": {"corpus.jsonl": "6a0f…"}, "benchmarks": {}, "reference": {}, "seeds": {},
     "prompts": {"merge": {…}, …}, "weights": "3c1f…", "vocabulary": "…", "prices": null,
     "base": null, "rebuilds": "", "calibration": null, "labels": {"sheet.csv": "…"},
     "tokenizers": {"qwen/tokenizer.json": "…"}, "takedowns": {"documents": []}}

    `rebuilds` is the version that is built again, where nothing is new since it.
    """

    corpus: dict[str, str]
    benchmarks: dict[str, str]
    reference: dict[str, str]
    seeds: dict[str, str]
    prompts: dict[str, Prompt]
    weights: str
    vocabulary: str
    prices: Prices | None
    base: Manifest | None
    rebuilds: str = ""
    calibration: Calibration | None = None
    calibrated: dict[str, str] = {}
    labels: dict[str, str] = {}
    tokenizers: dict[str, str] = {}
    takedowns: Takedowns = Takedowns()

    @staticmethod
    def table_of(files: dict[str, str], path: str | None) -> tuple[str, str]:
        """The path to read the files by that a path stands for, and their hash: of one its own."""
        (name, hashed), *others = files.items()
        if others and path is not None:
            return path, digest(sorted(files.items()))
        return name, hashed

    @property
    def inputs(self) -> dict[str, str]:
        """Every input file by its hash."""
        return {
            **self.corpus,
            **self.benchmarks,
            **self.reference,
            **self.seeds,
            **self.calibrated,
            **self.labels,
            **self.tokenizers,
        }

    @property
    def prompt_hashes(self) -> dict[str, str]:
        """Every prompt's texts by their hash."""
        return {
            f"{name}.{language}": text
            for name, prompt in sorted(self.prompts.items())
            for language, text in prompt.templates.items()
        }

    def from_base(self, name: str) -> Artifact | None:
        """An artifact of the base, if there is a base and it has one of that name."""
        return self.base.artifacts.get(name) if self.base else None

    def parts_of_base(self, name: str) -> list[Artifact]:
        """The artifacts of the base of that name, one or one a shard."""
        return parts_of(self.base.artifacts, name) if self.base else []


async def prepare(spec: DatasetSpec, base: str, live: Resources) -> Preparation:
    """What a build starts from, once its endpoint has all models.

    Raises:
        ConfigError, EndpointError, StorageError: A file, the tokenizer, the embedder, the store,
            the endpoint or a model is not what the spec or the settings say.
    """
    preparation = prepare_inputs(spec, base, live)
    await check_models(spec, live)
    return preparation


def prepare_inputs(spec: DatasetSpec, base: str, live: Resources) -> Preparation:
    """What a build starts from, but for the endpoint; raises as `prepare` does."""
    check_store(live)
    sources = live.sources
    preparation = Preparation(
        corpus=fingerprint_files(list_files(spec.corpus, sources), sources, what="corpus"),
        benchmarks=fingerprint_files(spec.decontamination.benchmarks, sources, what="benchmark"),
        reference=_one(spec.selection.reference, sources, "reference set"),
        seeds=_one(spec.seeds.path, sources, "seed pairs"),
        prompts=freeze_prompts(spec, live),
        weights=live.embedder(spec.embedding.model, spec.embedding.precision).weights,
        vocabulary=vocabulary_of(spec.contexts.tokenizer),
        prices=_prices(spec, live),
        base=live.datasets.resolve(spec.name, base),
        calibrated=_one(spec.verification.calibration, sources, "calibration"),
        labels=_labels(spec, sources),
        tokenizers=_counting(spec),
        takedowns=live.datasets.takedowns(spec.name).bare,
    )
    preparation = preparation.model_copy(
        update={"calibration": read_calibration(spec, preparation.prompts, sources)}
    )
    _refuse_unreadable(spec, sources)
    _refuse_contaminated(spec, preparation.prompts, live)
    _refuse_resharding(spec, preparation.base)
    return _rebuilding(preparation, spec, live)


def models_of(spec: DatasetSpec) -> dict[str, str]:
    """The model's name in each role; `judge 2` and so on are the judges beside the first."""
    roles = {role: spec.models.of(role).name for role in sorted(set(ROLE_OF.values()))}
    roles |= {f"judge {number}": each.name for number, each in enumerate(spec.models.judges, 2)}
    if spec.models.audit is not None:
        roles["audit"] = spec.models.audit.name
    return roles


def is_rehearsal(spec: DatasetSpec) -> bool:
    """Whether any role is played by the rehearsal model."""
    return any(name.startswith(REHEARSAL) for name in models_of(spec).values())


def freeze_prompts(spec: DatasetSpec, live: Resources) -> dict[str, Prompt]:
    """Every prompt with its texts kept in the store, from the spec's folder where it has them."""
    folder = Path(spec.prompts) if spec.prompts else None
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"prompts {folder}: there is no such folder (from {Path.cwd()})")
    if folder is not None:
        refuse_strangers(folder, prompts_of(spec))
    return {
        name: live.prompts.freeze(
            name, spec.models.of(ROLE_OF[name]), folder, reasons=_reasons(spec, name)
        )
        for name in prompts_of(spec)
    }


def prompts_of(spec: DatasetSpec) -> list[str]:
    """The prompts that a build of the spec asks with."""
    unused = {"single_hop"} if spec.questions.answers == "after" else {"ask", "find"}
    if spec.verification.attempts == 1:
        unused.add("mend")
    unused.add("classify" if spec.verification.judging is Mode.SCORING else "judge")
    return [name for name in REPLY_OF if name not in unused]


def _reasons(spec: DatasetSpec, name: str) -> bool:
    if name == "merge":
        return spec.questions.merging.rationale
    return spec.questions.rationale and name in ("find", "single_hop")


def check_store(live: Resources) -> None:
    """Write to the store and read back, so that a store that cannot be used is known at once."""
    live.files.tidy()
    live.files.write("probe", b"written before each build")
    live.files.read("probe")


async def check_models(spec: DatasetSpec, live: Resources) -> None:
    """Ask the endpoint which models it has; one it does not list is tried with a single token."""
    endpoint, roles = live.model.endpoint, models_of(spec)
    listed = await endpoint.models()
    for name in sorted(set(roles.values()) - (listed or frozenset())):
        if endpoint.abilities.knows(name) or await endpoint.knows(name):
            continue
        shown = "it lists " + ", ".join(sorted(listed)[:5]) if listed else "is /v1 missing?"
        wanted = ", ".join(role for role, each in roles.items() if each == name)
        raise EndpointError(
            f"endpoint {endpoint.address} has no model {name!r}, which the spec wants"
            f" to {wanted}; {shown}"
        )


async def try_models(spec: DatasetSpec, live: Resources) -> dict[str, str]:
    """What each model understands of structured answers; one that never answered is tried out.

    A build does without: there the first request finds it out, so that nothing is spent on a corpus
    that cannot give a dataset.

    Raises:
        EndpointError: The endpoint refuses what the spec says of a model, such as its temperature.
    """
    endpoint = live.model.endpoint
    models = [*(spec.models.of(role) for role in sorted(set(ROLE_OF.values())))]
    models += [*spec.models.judges, *filter(None, [spec.models.audit])]
    warmth = {each.name: each.temperature for each in models}
    return {name: await endpoint.try_out(name, warmth[name]) for name in sorted(warmth)}


def _rebuilding(start: Preparation, spec: DatasetSpec, live: Resources) -> Preparation:
    """The start of the base itself, where nothing is other than when the base was built.

    Such a build is that build again: it finds every receipt and publishes nothing. Where its own
    base was deleted since, it is continued like any other.
    """
    base = start.base
    if base is None:
        return start
    same = (
        base.spec_hash == spec.hash
        and base.inputs == start.inputs
        and base.prompts == start.prompt_hashes
        and base.weights == start.weights
        and base.vocabulary == start.vocabulary
        and base.code == longhop.__version__
        and base.takedowns == start.takedowns.marks
        and not base.is_rebuilt
    )
    if not same or not live.datasets.has(spec.name, base.base):
        return start
    before = live.datasets.resolve(spec.name, base.base)
    return start.model_copy(update={"base": before, "rebuilds": base.version})


def _refuse_unreadable(spec: DatasetSpec, sources: Sources) -> None:
    """Files that every line of is needed, or of which none would do, are read once up front."""
    if spec.corpus.paths:
        look_at_corpus(spec.corpus, sources)
    for path in (spec.selection.reference, spec.seeds.path):
        if path is not None:
            read_pairs(path, sources, license="")


def _refuse_contaminated(spec: DatasetSpec, prompts: Mapping[str, Prompt], live: Resources) -> None:
    """What models are told, and what stands around every row, is no benchmark's either.

    An item that serves as an example in a prompt would come back in any answer.
    """
    plan = spec.decontamination
    known = read_benchmarks(plan.benchmarks, live.sources, ngram=plan.ngram)
    for name, prompt in prompts.items():
        for language, hashed in prompt.templates.items():
            if held := touches(live.prompts.text(hashed), known):
                told = f"the prompt {name}.{language}.j2 holds {held[0].item.place}"
                raise ConfigError(f"{told}, an item that decontamination.benchmarks keep out")
    for frame in FRAMES:
        if held := touches(frame, known):
            place = held[0].item.place
            raise ConfigError(f"{place} are the words that stand around every question: {frame!r}")


def _refuse_resharding(spec: DatasetSpec, base: Manifest | None) -> None:
    before = base.spec.get("shards", DatasetSpec.model_fields["shards"].default) if base else None
    if before is not None and before != spec.shards:
        raise ConfigError(
            f"shards: {spec.name} began with {before} and the spec says {spec.shards}; keep it, or"
            " build from scratch with base none"
        )


def _prices(spec: DatasetSpec, live: Resources) -> Prices | None:
    """What the user's list says of the models of this dataset."""
    models = frozenset(models_of(spec).values())
    Purse(live.prices, live.settings.spend_limit).require_prices(models)
    require_prices(spec.budget, live.prices, models)
    if live.prices is None:
        return None
    known = {name: price for name, price in live.prices.models.items() if name in models}
    return live.prices.model_copy(update={"models": known})


def _labels(spec: DatasetSpec, sources: Sources) -> dict[str, str]:
    """The sheets that people filled in, every line of which is read before anything is paid."""
    paths = spec.verification.labels
    if far := next((each for each in paths if "://" in each), None):
        raise ConfigError(f"labels {far}: sheets are read from this machine's files alone")
    found = fingerprint_files(paths, sources, what="labels")
    # What it is made of takes a second to import, and few builds have labels.
    from longhop.operations.labelling.importing import read_labels

    read_labels(map(Path, found))
    return found


def _counting(spec: DatasetSpec) -> dict[str, str]:
    """The tokenizer files by which rendered rows are counted, but for that of the contexts."""
    known = {"tekken", spec.contexts.tokenizer}
    return {each: vocabulary_of(each) for each in spec.publishing.tokenizers if each not in known}


def _one(path: str | None, sources: Sources, what: str) -> dict[str, str]:
    return fingerprint_files((path,), sources, what=what) if path is not None else {}
