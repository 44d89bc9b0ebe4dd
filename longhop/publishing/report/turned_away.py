"""What was turned away: counted whole, and some of each reason to look at, by keyed hash."""

from collections import Counter
from typing import Any

from longhop.identity import digest
from longhop.publishing.report.entries import cut
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.tallying import Shown
from longhop.records.accounts import Failure, TurnedAway

# Of each stage and reason; a reply of a model is seldom longer than the second.
_OF_EACH = 25
_RAW = 1200

Lost = tuple[str, str]


class TurnedAwayItems:
    """Counts by stage and reason of all that was turned away or failed, and some of each."""

    def __init__(self, files: VersionFiles) -> None:
        self.counts: Counter[Lost] = Counter()
        shown: dict[Lost, Shown[dict[str, Any]]] = {}
        lost: tuple[tuple[str, type[TurnedAway | Failure]], ...] = (
            ("rejected.parquet", TurnedAway),
            ("failed.parquet", Failure),
        )
        for path, kind in lost:
            for each in files.records(path, kind):
                key = each.stage, str(each.reason)
                self.counts[key] += 1
                hashed = digest("turned away", *key, each.item, each.detail)
                shown.setdefault(key, Shown(_OF_EACH)).add(_entry(each), hashed, each.item)
        self.shown = [each for key in sorted(shown) for each in shown[key].items]


def _entry(lost: TurnedAway | Failure) -> dict[str, Any]:
    place = raw = ""
    if isinstance(lost, TurnedAway):
        raw = lost.raw
        place = f"{lost.file or ''}" + (f":{lost.line}" if lost.line is not None else "")
    return {
        "id": lost.item,
        "f": {"stage": lost.stage, "reason": str(lost.reason)},
        "detail": cut(lost.detail, _RAW),
        "raw": cut(raw, _RAW),
        "failed": isinstance(lost, Failure),
        "place": place,
    }
