"""A version made by hand, whose rows are good or bad as their ids say, and people who see it."""

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from longhop.identity import keyed_share
from longhop.operations.labelling.sheet import COLUMNS
from longhop.records.questions import Composition
from longhop.records.replies import Judged, Reply
from longhop.records.verification import Judgement, MultiHop
from longhop.resources import Silence
from longhop.settings import Settings
from longhop.storage.files import LocalFiles
from tests.fakes import BORN, FOUNDED, ScriptedModel, multi_hop
from tests.longhop.storage.test_artifacts import manifest
from tests.world import WorldResources

CRITERIA = ("clarity", "faithfulness", "coherence", "complexity")


def is_good(number: int, share: float = 0.6) -> bool:
    """The truth of a row, which people see and a judge may."""
    return keyed_share("good", number) < share


def row(number: int, *, language: str = "en", characters: int = 0, **changes: Any) -> MultiHop:
    """A row of its own group, longer by so many characters."""
    question = f"Who founded place {number}{' or so' * (characters // 6)}?"
    hops = tuple(each.model_copy(update={"language": language}) for each in (BORN, FOUNDED))
    known = {"id": f"m-{number:04}", "group_id": f"g-{number:04}", "composer": "SECRET-composer"}
    return multi_hop(*hops, question=question).model_copy(update={**known, **changes})


def published(number: int, **changes: Any) -> MultiHop:
    """A row that was kept."""
    return row(number, judgements=(judgement(9),), proof="complete", **changes)


def turned_away(number: int, **changes: Any) -> MultiHop:
    """A row that the judge gave little."""
    return row(number, judgements=(judgement(5),), **changes)


def single(number: int) -> MultiHop:
    """A row of context synthesis: no judge sees it."""
    return row(number, composition=Composition.SINGLE, hops=(BORN,), proof="complete")


def judgement(score: int) -> Judgement:
    return Judgement(
        rationale="SECRET-rationale", model="SECRET-judge", **dict.fromkeys(CRITERIA, score)
    )


def judged(score: int) -> Judged:
    return Judged(rationale="So.", **dict.fromkeys(CRITERIA, score))


def number_of(values: Mapping[str, Any]) -> int:
    """Which row a judge is asked about."""
    return int("".join(each for each in values["question"] if each.isdigit()))


class LabelledWorld(WorldResources):
    """Resources whose judge is a script of the row's number; its endpoint has every model."""

    def judged_by(self, script: Callable[[int], Reply | Any]) -> "LabelledWorld":
        """With a judge that says so of a row, and has not been asked yet."""
        model: Any = ScriptedModel(lambda _, values: script(number_of(values)))

        async def models() -> frozenset[str]:
            return frozenset({"scripted", "other"})

        model.endpoint = SimpleNamespace(models=models, address="scripted")
        self.__dict__["model"] = model
        return self

    def publish(
        self, rows: Iterable[MultiHop], low: Iterable[MultiHop] = (), *, hold: bool = False
    ) -> str:
        """A version of these rows; its name."""
        parts = {"rows": self.store.write("multi_hop", rows, MultiHop)}
        gone = list(low)
        if gone:
            halves = (gone[::2], gone[1::2])
            parts |= {
                f"low-{at}": self.store.write("multi_hop", half, MultiHop)
                for at, half in enumerate(halves)
            }
        made = manifest().model_copy(update={"artifacts": parts})
        return self.datasets.publish(made, {"README.md": b"#"}, hold=hold)


def make_labelled(folder: Path) -> LabelledWorld:
    """The resources on a store of their own."""
    settings = Settings(store=str(folder / "store"))
    live = LabelledWorld(settings, LocalFiles(folder / "store"), Silence())
    return live.judged_by(lambda number: judged(9 if is_good(number) else 6))


def read_sheet(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def fill(
    path: Path,
    into: Path,
    *,
    says: Callable[[int], bool] = is_good,
    labeller: str = "kim",
    **more: Any,
) -> Path:
    """The sheet as somebody fills it in; with `first`, only so many of its rows."""
    rows = read_sheet(path)
    for each in rows[: more.get("first", len(rows))]:
        verdict = "yes" if says(int(each["id"].removeprefix("m-"))) else "no"
        each |= {"good": verdict, "multi_hop": "yes", "labeller": labeller}
    with into.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return into
