"""The plans of model stages: what each depends on, from the spec and the frozen prompts."""

from collections import Counter

from longhop.contexts.gating import GatePlan
from longhop.contexts.measuring import Measure
from longhop.contexts.writing import WritePlan
from longhop.corpus.tokenizing import open_tokenizer
from longhop.operations.preparing import Preparation
from longhop.questions.asking import AskPlan
from longhop.records.calibration import Mode
from longhop.records.model import Prompt
from longhop.spec import DatasetSpec
from longhop.verification.auditing import FIRST_SAMPLE, AuditPlan
from longhop.verification.judging import JudgePlan
from longhop.verification.proving import ProvePlan


def ask_plan(spec: DatasetSpec, start: Preparation) -> AskPlan:
    """How a chunk is asked about."""
    prompts, together = start.prompts, spec.questions.answers == "together"
    return AskPlan(
        prompt=prompts["single_hop" if together else "ask"],
        find=None if together else prompts["find"],
        mend=prompts.get("mend"),
        limit=spec.questions.per_chunk,
        attempts=spec.verification.attempts,
    )


def judge_plan(spec: DatasetSpec, start: Preparation, *, last: bool = True) -> JudgePlan:
    """Who judges a wording, and what it takes to be kept."""
    wanted = spec.verification
    return JudgePlan(
        judges=judges_of(spec, start.prompts),
        mode=wanted.judging,
        threshold=wanted.judge_threshold,
        agreement=wanted.agreement,
        calibration=start.calibration,
        last=last,
    )


def judges_of(spec: DatasetSpec, frozen: dict[str, Prompt]) -> tuple[Prompt, ...]:
    """A prompt for each judge and each time it is asked."""
    first = frozen["judge" if spec.verification.judging is Mode.SCORING else "classify"]
    others = (
        {"model": each.name, "temperature": each.temperature, "max_tokens": each.max_tokens}
        for each in spec.models.judges
    )
    judges = [first, *(first.model_copy(update=each) for each in others)]
    asked: Counter[tuple[str, float, int]] = Counter()
    prompts = []
    for judge in judges:
        # One that is named twice is asked under other numbers: else it would say the same again.
        key = (judge.model, judge.temperature, judge.max_tokens)
        for _ in range(spec.verification.samples):
            prompts.append(judge.model_copy(update={"sample": asked[key]}))
            asked[key] += 1
    return tuple(prompts)


def prove_plan(spec: DatasetSpec, start: Preparation, *, last: bool = True) -> ProvePlan:
    """How a wording is proved."""
    return ProvePlan(
        answer=start.prompts["answer"],
        closed_book=start.prompts["closed_book"],
        compare=start.prompts["compare"],
        samples=spec.verification.probes,
        last=last,
    )


def gate_plan(spec: DatasetSpec) -> tuple[GatePlan, Measure]:
    """Which seed pairs are taken, and how long their documents are."""
    seeds, tokenizer = spec.seeds, open_tokenizer(spec.contexts.tokenizer)
    measure = Measure(seeds.tokens or seeds.words, tokenizer, in_tokens=seeds.tokens is not None)
    return GatePlan(yes_no=seeds.yes_no, unanswerable=seeds.unanswerable), measure


def write_plan(spec: DatasetSpec, start: Preparation) -> WritePlan:
    """How a missing document is written."""
    seeds = spec.seeds
    return WritePlan(
        prompt=start.prompts["context"],
        words=seeds.words,
        tokens=seeds.tokens,
        form=seeds.form.value,
        requests=seeds.requests,
    )


def audit_plan(spec: DatasetSpec, start: Preparation) -> AuditPlan:
    """How finished rows are judged and proved once more: under other numbers than before."""
    judge, prove = judge_plan(spec, start), prove_plan(spec, start)
    names = ("answer", "closed_book", "compare")
    judges = judge.judges
    if spec.models.audit is not None:  # one judge, to whose scores no other's calibration applies
        judges, judge = judges[:1], judge.model_copy(update={"calibration": None})
    return AuditPlan(
        judge=judge.model_copy(update={"judges": tuple(_anew(each, spec) for each in judges)}),
        prove=prove.model_copy(update={each: _anew(getattr(prove, each), spec) for each in names}),
        rows=spec.verification.audit,
        dataset=spec.name,
    )


def doubt_of_audit(spec: DatasetSpec) -> str | None:
    """What is to be said of an audit whose answers cannot differ from those that chose the rows."""
    roles = {"judge": spec.models.of("judge"), "prove": spec.models.of("prove")}
    asked = {name: spec.models.audit or each for name, each in roles.items()}
    same = [name for name, each in roles.items() if asked[name] == each and each.temperature == 0]
    if not spec.verification.audit or not same:
        return None
    who = " and ".join({"judge": "the judge", "prove": "the solver"}[each] for each in same)
    return (
        f"verification.audit asks {who} once more at temperature 0, so the answers are those that"
        " chose the rows, and the audit flatters them: name another model under models.audit, or"
        " give a temperature"
    )


def _anew(prompt: Prompt, spec: DatasetSpec) -> Prompt:
    changed: dict[str, object] = {"sample": FIRST_SAMPLE + prompt.sample}
    if (model := spec.models.audit) is not None:
        changed |= {"model": model.name, "temperature": model.temperature}
        changed["max_tokens"] = model.max_tokens
    return prompt.model_copy(update=changed)
