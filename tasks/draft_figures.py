"""The figures that are published beside the rows: rounds, scores, clusters, labels."""

import heapq
from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

import numpy as np

from longhop.identity import digest
from longhop.operations.labelling.importing import good_by_row
from longhop.publishing import figures
from longhop.publishing.drafting import Drafts, ParquetDraft
from longhop.publishing.figures.agreeing import measure_labels
from longhop.publishing.figures.mapping import draw_map
from longhop.publishing.report.files import VersionFiles
from longhop.records.adaptation import Adaptation
from longhop.records.artifacts import parts_of
from longhop.records.base import Record
from longhop.records.calibration import Calibration, Labels
from longhop.records.corpus import DocumentVector, Draw, Placement
from longhop.records.figures import JudgedScore, MappedCluster, MapPoint, MeasuredLabels
from longhop.records.manifest import Manifest
from longhop.records.pairs import Pair
from longhop.records.selection import RoundTrace
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.spec import DatasetSpec
from longhop.verification.judging import JudgePlan
from tasks.versions import Made, read_adaptation

R = TypeVar("R", bound=Record)

# Documents that are drawn on the map: more of them are one cloud.
_ON_MAP = 1500


NO_LABELS = Labels(labels=(), unlabelled=0, agreements=())


def draft_figures(
    drafts: Drafts,
    spec: DatasetSpec,
    made: Made,
    labels: Labels,
    calibration: Calibration | None,
) -> None:
    """Write the figures of the rows or pairs that were made."""
    found = FigureDrafts(drafts, spec, made, labels, calibration)
    store, artifacts = resources().store, made.artifacts
    if "rows" in artifacts:
        for row in store.iterate(artifacts["rows"], MultiHop):
            found.add_row(row)
    if "pairs" in artifacts:
        for pair in store.iterate(artifacts["pairs"], Pair):
            found.add_pair(pair.document_id)
    found.finish()


def calibration_of(version: Manifest) -> Calibration | None:
    """The calibration that was published with a version, if its judge had one."""
    if figures.CALIBRATION not in {each.path for each in version.files}:
        return None
    live = resources()
    folder = live.datasets.folder(version.name, version.version)
    with live.files.local_copy(f"{folder}/{figures.CALIBRATION}") as copy:
        files = VersionFiles({figures.CALIBRATION: copy})
        return next(files.records(figures.CALIBRATION, Calibration))


class FigureDrafts:
    """What figures need of the rows, noted as these go by, and the files that come of it.

    Memory holds a number for each document that rows rest on, and a few for each document there is.
    """

    def __init__(
        self,
        drafts: Drafts,
        spec: DatasetSpec,
        made: Made,
        labels: Labels,
        calibration: Calibration | None,
    ) -> None:
        self._drafts = drafts
        self._calibration = calibration
        self._made = made
        wanted = spec.verification
        self._plan = JudgePlan(
            judges=(),
            mode=wanted.judging,
            threshold=wanted.judge_threshold,
            agreement=wanted.agreement,
            calibration=calibration,
            last=True,
        )
        self._labels = labels
        self._good = good_by_row(self._labels.labels)
        self._kept: dict[str, bool] = {}
        self._resting: Counter[str] = Counter()
        self._scores = Drafted(drafts, figures.SCORES, JudgedScore)

    def add_row(self, row: MultiHop) -> None:
        """Note a published row."""
        self._resting.update({hop.document_id for hop in row.hops})
        self._judged(row, kept=True)

    def add_pair(self, document: str) -> None:
        """Note the document of a published pair."""
        self._resting[document] += 1

    def finish(self) -> None:
        """Write the files, each where there is something to be said."""
        for part in parts_of(self._made.artifacts, "low"):
            for row in resources().store.iterate(part, MultiHop):
                self._judged(row, kept=False)
        self._scores.close()
        self._draft(figures.ROUNDS, RoundTrace, self._rounds())
        self._draft(figures.CLUSTERS, MappedCluster, self._clusters())
        measured = measure_labels(self._labels, self._good, self._kept)
        self._draft(figures.LABELS, MeasuredLabels, measured)
        calibration, adaptation = self._calibration, read_adaptation(self._made)
        self._draft(figures.CALIBRATION, Calibration, [calibration] if calibration else [])
        self._draft(figures.ADAPTATION, Adaptation, [adaptation] if adaptation else [])

    def _judged(self, row: MultiHop, *, kept: bool) -> None:
        if row.score is None:
            return
        if row.id in self._good:
            self._kept[row.id] = kept or self._kept.get(row.id, False)
        threshold = self._plan.threshold_of(row)
        self._scores.add(
            JudgedScore(score=row.score, threshold=threshold, kept=kept, language=row.language)
        )

    def _draft(self, path: str, kind: type[R], records: Iterable[R]) -> None:
        drafted = Drafted(self._drafts, path, kind)
        for each in records:
            drafted.add(each)
        drafted.close()

    def _rounds(self) -> list[RoundTrace]:
        trace = self._made.artifacts.get("trace")
        return resources().store.read(trace, RoundTrace) if trace else []

    def _clusters(self) -> list[MappedCluster]:
        """Every cluster in the order of their numbers, with those documents that are on the map."""
        store, artifacts = resources().store, self._made.artifacts
        if "placements" not in artifacts or not self._made.vectors:
            return []
        drawn = store.iterate(artifacts["draws"], Draw) if "draws" in artifacts else ()
        asked = {each.document_id for each in drawn}
        placed = {
            each.document_id: each.cluster
            for each in store.iterate(artifacts["placements"], Placement)
        }
        points: dict[int, list[MapPoint]] = {}
        for document, (x, y) in self._places(placed.keys()):
            point = MapPoint(x=x, y=y, asked=document in asked, rows=self._resting[document])
            points.setdefault(placed[document], []).append(point)
        every, of_asked, rows = Counter(placed.values()), Counter[int](), Counter[int]()
        for document, cluster in placed.items():
            of_asked[cluster] += document in asked
            rows[cluster] += self._resting[document]
        return [
            MappedCluster(
                cluster=each,
                documents=every[each],
                asked=of_asked[each],
                rows=rows[each],
                points=tuple(points.get(each, ())),
            )
            for each in sorted(every)
        ]

    def _places(self, known: Iterable[str]) -> list[tuple[str, tuple[int, int]]]:
        """Some documents by keyed hash, and where they are on the map."""
        ranked = ((digest("map", each), each) for each in known)
        wanted = {each for _, each in heapq.nsmallest(_ON_MAP, ranked)}
        found: dict[str, np.ndarray] = {}
        for part in self._made.vectors:
            for vector in resources().store.iterate(part, DocumentVector):
                if vector.document_id in wanted:
                    found[vector.document_id] = np.array(vector.vector, np.int16)
        names = sorted(found)
        if not names:
            return []
        return list(zip(names, draw_map(np.stack([found[each] for each in names])), strict=True))


class Drafted(Generic[R]):
    """A Parquet file of records that is begun with the first of them."""

    def __init__(self, drafts: Drafts, path: str, kind: type[R]) -> None:
        self._drafts = drafts
        self._path = path
        self._kind = kind
        self._table: ParquetDraft[R] | None = None

    def add(self, record: R) -> None:
        """Take one record."""
        if self._table is None:
            self._table = self._drafts.parquet(self._path, self._kind)
        self._table.add(record)
        self._table.draft.rows += 1

    def close(self) -> None:
        """Nothing more will come."""
        if self._table is not None:
            self._table.close()
