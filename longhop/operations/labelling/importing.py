"""The sheets that people filled in, read back: each label as it was written, or none at all."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from longhop.errors import ConfigError
from longhop.operations.labelling.sheet import ASKED, COLUMNS, SHOWN, unguard
from longhop.records.calibration import Agreement, Label, Labels
from longhop.verification.statistics import cohen_kappa

_ANSWERS = {"yes": True, "no": False}
_SEPARATORS = ",;\t"
# The texts of the rows may be left out of a sheet: nothing is read from them.
_NEEDED = tuple(each for each in COLUMNS if each not in SHOWN[1:])
_TOLD = 20


def read_labels(paths: Iterable[Path], *, known: Collection[str] | None = None) -> Labels:
    """The labels of one or several sheets, and how far those who gave them agree.

    A row of which nothing is answered is counted as unlabelled. One that is labelled twice by one
    person counts once, and must say the same. Where `known` is given, it holds the ids of the rows
    that were drawn.

    Raises:
        ConfigError: A sheet cannot be read, or says something that is no label; the message names
            the file, line, column, what stands there and what may.
    """
    found: dict[tuple[str, str], tuple[Label, str]] = {}
    wrong: list[str] = []
    unlabelled = 0
    for path in paths:
        for place, row in _rows(path):
            label, faults = _label(row, known)
            wrong += [f"{place}, {each}" for each in faults]
            if label is None:
                unlabelled += not faults
                continue
            before, where = found.setdefault((label.id, label.labeller), (label, place))
            if before != label:
                said = f"{label.labeller!r} labelled {label.id!r} another way in {where}"
                wrong.append(f"{place}: {said}; one of the two must go")
    if wrong:
        more = f"\n  and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
        raise ConfigError("labels are wrong:\n  " + "\n  ".join(wrong[:_TOLD]) + more)
    labels = tuple(label for _, (label, _) in sorted(found.items()))
    return Labels(labels=labels, unlabelled=unlabelled, agreements=tuple(_agreements(labels)))


def good_by_row(labels: Iterable[Label]) -> dict[str, bool]:
    """Whether each row is good: if all who labelled it say so, and that it is multi-hop.

    A row that people do not agree on is not one to count on. Left out, it would make a judge look
    better than it is, since it errs where people do.
    """
    good: dict[str, bool] = {}
    for each in labels:
        good[each.id] = good.get(each.id, True) and each.good and each.multi_hop
    return good


def _label(row: Mapping[str, str], known: Collection[str] | None) -> tuple[Label | None, list[str]]:
    """The label of a row, or nothing; and what is wrong with it, column by column."""
    name = unguard(row["id"])
    faults = [] if name else [_fault("id", "", "the id of a row")]
    if name and known is not None and name not in known:
        faults.append(_fault("id", name, "the id of a row that was drawn"))
    said = {each: row[each].strip() for each in ASKED}
    if not any(said.values()):
        return None, faults
    for asked, given in said.items():
        if not given and asked == "unique":
            continue
        if given.casefold() not in _ANSWERS:
            wanted = "yes, no or nothing" if asked == "unique" else "yes or no"
            faults.append(_fault(asked, row[asked], wanted))
    labeller = unguard(row["labeller"]).strip()
    if not labeller:
        faults.append(_fault("labeller", "", "the name of who labelled the row"))
    if faults:
        return None, faults
    answers = {asked: _ANSWERS.get(given.casefold()) for asked, given in said.items()}
    return Label.model_validate(
        {"id": name, "labeller": labeller, "comment": unguard(row["comment"]).strip(), **answers}
    ), []


def _fault(column: str, value: str, wanted: str) -> str:
    stands = f"{value!r} stands there" if value.strip() else "nothing stands there"
    return f"column {column}: {stands}; it must be {wanted}"


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a sheet by the names of its columns, each with the line that it begins on."""
    records = _records(path)
    line, names = next(records, (1, []))
    names = [each.strip() for each in names]
    _check_columns(path, names)
    for line, values in records:
        if not any(each.strip() for each in values):
            continue
        if len(values) < len(names) or any(each.strip() for each in values[len(names) :]):
            raise ConfigError(f"{path}:{line}: {len(values)} cells in {len(names)} columns")
        if any(each.strip() and not name for name, each in zip(names, values, strict=False)):
            raise ConfigError(f"{path}:{line}: a cell stands in a column without a name")
        yield f"{path}:{line}", dict(zip(names, values, strict=False))


def _check_columns(path: Path, names: Sequence[str]) -> None:
    """A misspelt column would pass for one that nobody filled in."""
    missing = [each for each in _NEEDED if each not in names]
    odd = [each for each in names if each and each not in COLUMNS]
    twice = sorted({each for each in names if each and names.count(each) > 1})
    for said, columns in (
        ("there is no column", missing),
        ("unknown column", odd),
        ("two columns are named", twice),
    ):
        if columns:
            wanted = ", ".join(COLUMNS)
            raise ConfigError(f"{path}:1: {said} {columns[0]!r}; the columns are {wanted}")


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, with the line that it begins on.

    Spreadsheets of half the world write semicolons, or tabs, where they read commas.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as “CSV UTF-8”"
        ) from error
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise ConfigError(f"{path}:{line} is no row of a sheet: {error}") from error


def _agreements(labels: Sequence[Label]) -> Iterator[Agreement]:
    """Each two labellers on each question, where there are rows that both answered it for."""
    by_labeller: dict[str, dict[str, Label]] = defaultdict(dict)
    for label in labels:
        by_labeller[label.labeller][label.id] = label
    for one, other in combinations(sorted(by_labeller), 2):
        shared = sorted(by_labeller[one].keys() & by_labeller[other].keys())
        for asked in ASKED:
            said = {
                each: (
                    getattr(by_labeller[one][each], asked),
                    getattr(by_labeller[other][each], asked),
                )
                for each in shared
            }
            both = {each: pair for each, pair in said.items() if None not in pair}
            if both:
                yield _agreement(one, other, asked, both)


def _agreement(
    one: str, other: str, asked: str, said: Mapping[str, tuple[bool, bool]]
) -> Agreement:
    left, right = zip(*said.values(), strict=True)
    disagreed = tuple(each for each, (first, second) in said.items() if first != second)
    return Agreement(
        one=one,
        other=other,
        asked=asked,
        rows=len(said),
        agreed=len(said) - len(disagreed),
        kappa=cohen_kappa(left, right),
        disagreed=disagreed,
    )
