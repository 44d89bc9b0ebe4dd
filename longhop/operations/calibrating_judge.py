"""A judge held against people: rows that they labelled, and what the judge gives each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from longhop.concurrency import run_each
from longhop.errors import ConfigError
from longhop.ports import ChatModel, NoReply
from longhop.records.calibration import Calibration, Mode, Scored
from longhop.records.model import Prompt
from longhop.records.replies import Reply
from longhop.records.verification import Judgement, MultiHop
from longhop.verification.judging import judge_one, judged_length

if TYPE_CHECKING:
    from longhop.llm.client import RememberingModel

P = TypeVar("P", bound=Reply)


def read_drawn(path: Path) -> dict[str, MultiHop]:
    """The rows that `longhop sheet` drew, by their ids.

    Raises:
        ConfigError: The file cannot be read, or a line of it is no such row.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    rows: dict[str, MultiHop] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = MultiHop.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            said = f"{place} {first['msg']}".strip()
            raise ConfigError(
                f"{path}:{number} is no row that `longhop sheet` wrote: {said}"
            ) from error
        if row.id in rows:
            raise ConfigError(f"{path}:{number}: {row.id} stands there twice")
        rows[row.id] = row
    if not rows:
        raise ConfigError(f"{path} holds no row; `longhop sheet` writes it beside the sheet")
    return rows


def check_target(path: Path) -> None:
    """Refuse a place for a calibration that holds something else, or that nothing can go to.

    Raises:
        ConfigError: The message says what is there.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        if path.parent.is_dir():
            return
        raise ConfigError(f"--out {path}: there is no folder {path.parent}") from error
    except OSError as error:
        raise ConfigError(f"--out {path}: {error.strerror}") from error
    try:
        Calibration.model_validate_json(data)
    except ValidationError as error:
        raise ConfigError(
            f"--out {path} is there already and is no calibration; name another file"
        ) from error


@dataclass(frozen=True)
class Bench:
    """The judges of a spec, as they sit over one row.

    `agreement` is the share of the judgements that must reach a threshold alone.
    """

    judges: tuple[Prompt, ...]
    mode: Mode
    agreement: float

    async def score(
        self, rows: Sequence[MultiHop], good: Mapping[str, bool], *, model: ChatModel
    ) -> list[Scored]:
        """The rows as a calibration takes them, without those that a judge said nothing of.

        A build turns such rows away whatever the threshold.
        """

        async def judge(row: MultiHop) -> tuple[Judgement, ...] | NoReply:
            return await judge_one(row, self.judges, self.mode, model=model)

        found = await run_each(rows, judge)
        return [
            Scored(
                id=row.id,
                score=self.highest_kept(judgements),
                good=good[row.id],
                language=row.language,
                length=judged_length(row),
            )
            for row, judgements in zip(rows, found, strict=True)
            if not isinstance(judgements, NoReply)
        ]

    def highest_kept(self, judgements: Sequence[Judgement]) -> float:
        """The highest threshold at which a build keeps a row with these judgements.

        Of one judge that is its score, of several the mean, or less where too few of them reach
        that. A class is 1 or 0, and 1 is reached where all of them say so.
        """
        scores = sorted((each.score for each in judgements), reverse=True)
        if self.mode is Mode.CLASSIFICATION:
            return scores[-1]
        count = len(scores)
        needed = next(each for each in range(count + 1) if each / count >= self.agreement)
        return min(mean(scores), scores[needed - 1]) if needed else mean(scores)

    async def count_prompts(
        self, rows: Sequence[MultiHop], model: "RememberingModel"
    ) -> tuple[int, int]:
        """How many prompts judge the rows, and how many of these have no remembered answer."""
        noted = _Noting(model)
        for row in rows:
            for judge in self.judges:
                await judge_one(row, (judge,), self.mode, model=noted)
        fresh = {key for key in noted.keys if model.kept(key) is None}
        return len(noted.keys), len(fresh)


@dataclass
class _Noting:
    """A ChatModel that sends nothing, and notes the keys of what it would have sent."""

    model: "RememberingModel"
    keys: list[str] = field(default_factory=list)

    async def ask(
        self,
        prompt: Prompt,
        language: str,
        values: Mapping[str, object],
        reply: type[P],  # noqa: ARG002
    ) -> P | NoReply:
        """No reply, ever."""
        self.keys.append(self.model.request(prompt, language, values).key)
        return NoReply(refused=True, detail="not sent", raw="")
