"""Control arms as they are published: the rows' own turns, with less of their contexts or none."""

from collections.abc import Sequence

from longhop.contexts.arms import parts_of_arm
from longhop.contexts.composing import Composer
from longhop.publishing.drafting import Draft, Drafts
from longhop.publishing.prompting import prompt_of
from longhop.publishing.rendering import find_anchor, to_messages
from longhop.records.corpus import Split
from longhop.records.examples import Arm, ComposedContext
from longhop.records.verification import MultiHop


class ArmRendering:
    """Rows on their way into the files of each arm, `arms/<arm>/<split>.jsonl`, with their ids."""

    def __init__(self, drafts: Drafts, arms: Sequence[Arm], composer: Composer) -> None:
        self._drafts = drafts
        self._arms = list(dict.fromkeys(arms))
        self._composer = composer
        self._open: dict[tuple[Arm, Split], Draft] = {}

    def add(self, row: MultiHop, context: ComposedContext) -> None:
        """Take one row."""
        for arm in self._arms:
            draft = self._draft(arm, row.split)
            draft.write(self._line(arm, row, context).encode())
            draft.rows += 1

    def finish(self) -> None:
        """Nothing more will come."""
        for each in self._open.values():
            each.close()

    def _draft(self, arm: Arm, split: Split) -> Draft:
        if (arm, split) not in self._open:
            self._open[arm, split] = self._drafts.open(f"arms/{arm}/{split}.jsonl")
        return self._open[arm, split]

    def _line(self, arm: Arm, row: MultiHop, context: ComposedContext) -> str:
        parts = parts_of_arm(arm, row, context, self._composer)
        text, _ = self._composer.text(parts, context.language, context.layout.template)
        anchor = find_anchor(parts, context, self._composer)
        prompt = prompt_of(row.question, row.answer, text, context.language, anchor=anchor)
        return to_messages(row.id, prompt, row.answer)
