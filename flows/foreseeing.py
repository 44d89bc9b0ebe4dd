"""What is left of a build once its documents are ready: foreseen from a sample of them."""

from flows.building import Build
from longhop.contexts.gating import gate_seeds
from longhop.corpus.pairs import read_pairs
from longhop.corpus.tokenizing import open_tokenizer
from longhop.operations.estimating import Estimator, Sample, take_sample
from longhop.operations.planning import ask_plan, gate_plan
from longhop.records.corpus import Chunk
from longhop.records.estimate import Estimate
from longhop.resources import Resources
from longhop.spec import DatasetSpec


def sample_build(build: Build, live: Resources) -> Sample:
    """Some of the chunks, the size of their prompts, and how many were asked before."""
    tokenizer = open_tokenizer(build.spec.contexts.tokenizer)
    chunks = (each for part in build.chunks for each in live.store.iterate(part, Chunk))
    plan = ask_plan(build.spec, build.start)
    return take_sample(chunks, plan, live, tokenizer, build.spec.name)


def foresee_build(build: Build, live: Resources, sample: Sample) -> Estimate:
    """Requests, tokens and time, as ranges."""
    estimator = Estimator(build.spec, build.start, live, sample)
    seeds = 0 if build.kind == "pairs" else _seeds(build.spec, live)
    return estimator.estimate(build.kind, seeds=seeds)


def _seeds(spec: DatasetSpec, live: Resources) -> int:
    if spec.seeds.path is None:
        return 0
    pairs, _ = read_pairs(spec.seeds.path, live.sources, license=spec.seeds.license)
    return len(gate_seeds(pairs, *gate_plan(spec))[0])
