"""The estimate: units by habits, prompts by a sample, time by what the endpoint sustains."""

from collections.abc import Mapping

from longhop.corpus.tokenizing import open_tokenizer
from longhop.llm.prompts import TRIAL
from longhop.operations.estimating.habits import Habit, habits_of, size_of_document
from longhop.operations.estimating.sampling import Sample
from longhop.operations.preparing import ROLE_OF, Preparation
from longhop.records.estimate import Estimate, Range, StageEstimate
from longhop.resources import Resources
from longhop.spec import DatasetSpec

# Seconds that an answer takes where nothing is known of the endpoint.
_LATENCY = Range(low=0.5, likely=4.0, high=20.0)
# Tokens of a question with its answer, and with its evidence.
_PAIR, _WITH_EVIDENCE = Range(low=15, likely=30, high=60), Range(low=40, likely=80, high=160)
# How much longer than others the documents may be that a policy chooses.
_CHOSEN = Range(low=0.5, likely=1.0, high=2.0)
# The share of the groups that end as proved rows.
_PROVED = Range(low=0.1, likely=0.5, high=1.0)
_PROMPT_OF = {"merge": "merge", "judge": "judge", "prove": "answer"}
_PROMPT_OF |= {
    "write": "context",
    "rewrite": "context",
    "prove seeds": "answer",
    "probe": "answer",
    "audit": "answer",
}


class Estimator:
    """What a build will use: units by habits, tokens by a sample, time by the endpoint's rate."""

    def __init__(
        self, spec: DatasetSpec, start: Preparation, live: Resources, sample: Sample
    ) -> None:
        self.spec = spec
        self.start = start
        self.live = live
        self.sample = sample
        self.tokenizer = open_tokenizer(spec.contexts.tokenizer)
        self.habits = habits_of(spec, start.base)

    def estimate(self, kind: str = "", *, seeds: int) -> Estimate:
        """The estimate of rows of a kind, where so many seed pairs are given documents."""
        chunks = self._chunks()
        questions = chunks * (self.sample.questions or self.habits.questions)
        groups = (questions * self.habits.groups).at_most(self.spec.questions.groups)
        units = {"ask": chunks, "merge": groups, "judge": groups, "prove": groups}
        if self.spec.verification.distractor_probes:
            units["probe"] = groups
        if self.spec.verification.audit:
            units["audit"] = Range.exactly(self.spec.verification.audit)
        if self.spec.seeds.rows:  # of those that are proved; what is written is proved again
            taken = groups.times(self.spec.seeds.rows)
            units |= {"rewrite": taken * _PROVED, "prove": groups + taken * _PROVED}
        if kind == "pairs":
            units = {"ask": chunks}
        if kind == "contexts":
            units = {}
        if seeds:
            units |= {"write": Range.exactly(seeds), "prove seeds": Range.exactly(seeds)}
        stages = tuple(self._stage(stage, unit) for stage, unit in units.items())
        seconds, basis = self._seconds(stages)
        return Estimate(
            stages=stages, seconds=seconds, rate_basis=basis, remembered=self.sample.remembered
        )

    def _chunks(self) -> Range:
        """Those that are asked about; a policy may prefer long documents, or short ones."""
        selection, documents = self.spec.selection, len(self.sample.by_document)
        if not selection.chooses(documents, budgeted=False):
            return Range.exactly(self.sample.of)
        chunks = self.sample.chunks_of(selection.most(documents))
        chunks = chunks if selection.policy == "random" else chunks * _CHOSEN
        # A rule may end it anywhere, and nobody knows before.
        return chunks * Range(low=0.02, likely=0.5, high=1.0) if selection.stop.stated else chunks

    def _stage(self, stage: str, units: Range) -> StageEstimate:
        habit, sample = self.habits.stages[stage], self.sample
        answers = units * habit.answers
        if stage == "ask" and sample.answers is not None:
            answers = units * sample.answers
        prompt = sample.plan.prompt if stage == "ask" else self.start.prompts[self._name(stage)]
        model = self.spec.models.of(ROLE_OF[prompt.name])
        read, written, basis = habit.read, habit.written, habit.basis
        if stage == "ask":
            read, basis = sample.read, f"prompts of {len(sample.chunks)} chunks, answers {basis}"
            if sample.written is not None:
                written = sample.written
                basis = f"prompts of {len(sample.chunks)} chunks, answers of {sample.asked}"
        elif read is None:
            read = self._read(stage)
        return StageEstimate(
            stage=stage,
            model=model.name,
            answers=answers,
            fresh=answers.without(self._remembered(stage, habit)),
            read=read,
            written=written.at_most(model.max_tokens),
            basis=basis,
        )

    def _name(self, stage: str) -> str:
        """The prompt that a stage asks with, or with most of all."""
        name = _PROMPT_OF[stage]
        return name if name in self.start.prompts else "classify"

    def _remembered(self, stage: str, habit: Habit) -> Range:
        """The share of a stage's answers that is in the memo: seen for asking, guessed after it.

        What follows from answers that are all new cannot have been asked before.
        """
        known = self.sample.remembered
        if stage == "ask":
            return known
        likely = known.likely if habit.is_known else 0.0
        return Range(low=0.0, likely=likely, high=1.0 if known.likely > 0 else 0.0)

    def _read(self, stage: str) -> Range:
        """The tokens of a stage's prompt: its template with little in it, and what will fill it."""
        prompt, count = self.start.prompts[self._name(stage)], self.tokenizer.count
        prompts = self.live.prompts
        turns = prompts.messages(prompt, "en", TRIAL)
        frame = count(prompts.text(prompt.reply_schema)) + sum(
            count(each.content) for each in turns
        )
        few, many = min(self.spec.questions.hops), max(self.spec.questions.hops)
        hops = Range(low=few, likely=(few + many) / 2, high=many)
        lengths, size = self.spec.contexts.tokens, size_of_document(self.spec)
        filling: Mapping[str, Range] = {
            "merge": hops * _PAIR,
            "judge": hops * _WITH_EVIDENCE,
            # Of the probes one sees no document, one all, and each of the others all but one.
            "prove": hops * Range(low=0.3, likely=0.6, high=1.0).times(self.sample.tokens_of_chunk),
            "probe": Range(low=min(lengths), likely=sum(lengths) / len(lengths), high=max(lengths)),
            "audit": hops * Range(low=0.2, likely=0.5, high=1.0).times(self.sample.tokens_of_chunk),
            # A continuation has all that was written before it.
            "write": _PAIR + Range(low=0.0, likely=0.5, high=1.0).times(size),
            "rewrite": hops * _PAIR + Range(low=0.0, likely=0.5, high=1.0).times(size),
            "prove seeds": Range(low=0.1, likely=0.4, high=1.0).times(size),
        }
        return Range.exactly(frame) + filling[stage]

    def _seconds(self, stages: tuple[StageEstimate, ...]) -> tuple[Range, str]:
        """How long fresh answers take, by the last run, the sample or a guess, and by the caps."""
        settings = self.live.settings
        single = [each for each in stages if each.stage not in settings.batch]
        fresh = sum((each.fresh for each in single), Range.exactly(0))
        tokens = sum((each.tokens for each in single), Range.exactly(0))
        seconds, basis = self._uncapped(fresh)
        if len(single) < len(stages):
            basis += "; batches on top, within a day each"
        for amount, cap in (
            (fresh, settings.requests_per_minute),
            (tokens, settings.tokens_per_minute),
        ):
            if cap is None:
                continue
            least = amount.times(60 / cap)
            if least.likely > seconds.likely:
                basis = f"the cap of {cap:,.10g} a minute"
            seconds = seconds.at_least(least)
        return seconds, basis

    def _uncapped(self, fresh: Range) -> tuple[Range, str]:
        slots = self.live.settings.concurrency
        last = self.live.datasets.last_rate(self.spec.name)
        if last is not None:
            seconds = fresh * Range(low=0.7, likely=1.0, high=1.5).times(1 / last)
            return seconds, f"{last:.1f} answers a second, as in the last run"
        if self.sample.seconds_each is not None:
            each = Range(low=0.8, likely=1.2, high=4.0).times(self.sample.seconds_each)
            return fresh * each.times(1 / slots), f"{slots} in flight, as slow as the sample's"
        seconds = fresh * _LATENCY.times(1 / slots)
        return seconds, f"guessed: {slots} in flight, {_LATENCY.low:g} to {_LATENCY.high:g} s each"
