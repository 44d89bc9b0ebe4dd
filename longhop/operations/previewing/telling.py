"""Tells a page what the stages of a preview asked and made: each row and each system turn once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from longhop.corpus.languages.codes import prompt_language
from longhop.operations.previewing.pages import Page
from longhop.operations.previewing.recording import Exchange, Recorder
from longhop.operations.previewing.rows import Rows
from longhop.operations.previewing.trying import read_rows
from longhop.records.accounts import Balance
from longhop.records.artifacts import Artifact, Outcome
from longhop.resources import Resources

ROWS = 30
# Characters that a terminal shows of a system turn, of the first prompt of a kind, of the others.
_SYSTEM, _FIRST, _OTHER = 4000, 1600, 320
# What is in no row that a person would read.
_UNTOLD = frozenset({"codebook", "draws", "placements", "todo", "vectors"})
_SAID = {
    "ask": "the questions that each chunk answers",
    "gather": "each question once",
    "link": "questions that belong together, and why",
    "merge": "one question for each group",
    "judge": "scores by criterion",
    "prove": "answered with all evidence, and not without any of it",
    "gate": "seed pairs that a document can be written for",
    "write": "a document for a seed pair",
}


class Teller:
    """Says under the heading of a stage which prompts it sent, what it made, what it turned away.

    It knows neither how many prompts a stage sends nor which fields a row has. Without `prompts`
    rows alone are told.
    """

    def __init__(self, page: Page, recorder: Recorder, *, prompts: bool = True) -> None:
        self.page = page
        self.recorder = recorder
        self.prompts = prompts
        self._rows = Rows()
        self._stage = ""
        self._system: dict[str, int] = {}

    def tell_asked(self, stage: str) -> None:
        """Every prompt that came since, with its reply."""
        exchanges = self.recorder.take()
        for number, each in enumerate(exchanges if self.prompts else (), 1):
            self._begin(stage)
            self.tell_exchange(each, f"{stage} {number}/{len(exchanges)}")

    def tell_made(
        self, stage: str, outcomes: Iterable[Outcome], live: Resources, most: int
    ) -> None:
        """The first rows that a stage made and turned away, as far as they are new, and counts."""
        for outcome in outcomes:
            for balance in outcome.balances:
                if balance.taken:
                    self._begin(stage)
                    self.tell_balance(balance)
            for note in outcome.notes:
                self.page.say("", note)
            for name, artifact in outcome.artifacts.items():
                if artifact.kind not in _UNTOLD:
                    self._tell_rows(stage, name, artifact, live, most)

    def tell_balance(self, balance: Balance) -> None:
        """What went into a stage, what passed, and why the rest did not."""
        gone = {**balance.rejected, **balance.failed, **balance.left}
        reasons = ", ".join(f"{name} {count:,}" for name, count in sorted(gone.items()))
        told = f"{balance.accepted:,} of {balance.taken:,} {balance.unit}s passed"
        self.page.say(balance.stage, told + (f"; not {reasons}" if reasons else ""))

    def tell_row(self, row: Mapping[str, Any]) -> None:
        """A row that is no stage's own."""
        self.page.row(self._rows.fields(row))

    def tell_exchange(self, each: Exchange, called: str) -> None:
        """A prompt with all that it is sent with, turn by turn, and what came back."""
        prompt = each.prompt
        facts = [
            f"prompt {prompt.name}.{prompt_language(each.language)}",
            f"model {prompt.model}",
            f"temperature {prompt.temperature:g}",
            f"max_tokens {prompt.max_tokens:,}",
            f"reply {prompt.reply}" + (f" ({each.form})" if each.form else ""),
        ]
        if each.replies:
            paid = "remembered" if each.remembered else "asked now"
            facts.append(f"{paid}, {each.read:,} tokens read and {each.written:,} written")
        self.page.say(called, "; ".join(facts))
        known = all(turn.content in self._system for turn in each.messages if turn.role == "system")
        most = _OTHER if known else _FIRST
        for turn in each.messages:
            if turn.role != "system":
                self.page.text(f"{turn.role} turn", turn.content, most)
            elif turn.content in self._system:
                self.page.say("", f"system turn {self._system[turn.content]}, as above")
            else:
                number = self._system[turn.content] = len(self._system) + 1
                self.page.text(f"system turn {number}", turn.content, _SYSTEM)
        for number, reply in enumerate(each.replies):
            again = f" to the second try; the first could not be used: {each.again}"
            self.page.text("reply" + (again if number else ""), reply, most)
        if each.lost and self.recorder.limit:
            self.page.text("no reply", each.lost, most)

    def _begin(self, stage: str) -> None:
        if stage != self._stage:
            self._stage = stage
            said = _SAID.get(stage, "")
            self.page.heading(f"{stage}: {said}" if said else stage)

    def _tell_rows(
        self, stage: str, name: str, artifact: Artifact, live: Resources, most: int
    ) -> None:
        rows = read_rows(live, artifact, most)
        if rows and rows[0].get("stage") == stage:
            rows = [{key: value for key, value in row.items() if key != "stage"} for row in rows]
        told: Sequence[Any] = [fields for row in rows if (fields := self._rows.fields(row))]
        if not told:
            return
        self._begin(stage)
        self.page.say("", f"{name}:")
        for fields in told:
            self.page.row(fields)
        if artifact.rows > most:
            self.page.say("", f"and {artifact.rows - most:,} more {name}")
