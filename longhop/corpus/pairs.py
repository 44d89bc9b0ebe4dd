"""Reference sets and seed pairs: tables with a question and its answer."""

from collections.abc import Iterable, Iterator, Mapping

from longhop.corpus.languages.codes import detect_language, language_code
from longhop.corpus.languages.identifying import identify_language
from longhop.corpus.languages.scripts import HAN, LATIN, main_script
from longhop.corpus.reading import read_rows
from longhop.errors import ConfigError
from longhop.identity import make_id
from longhop.ports import Sources
from longhop.records.accounts import Reason, Rejection
from longhop.records.seeds import Form, SeedPair

_FORMS = frozenset(each.value for each in Form)


def read_pairs(
    path: str, sources: Sources, *, license: str
) -> tuple[list[SeedPair], list[Rejection]]:
    """The pairs of a table of any kind, equal ones once, and the rows that hold none.

    Of equal ones that differ in what else they say the one with the least of it is taken, so that
    the order of the rows changes no pair. Where the table breaks off, what came before stays, and
    the break is among the rejections.

    Raises:
        ConfigError: Not one row holds a pair.
    """
    pairs: dict[str, SeedPair] = {}
    rejected: list[Rejection] = []
    for place, read in iterate_pairs(path, sources, license=license):
        if isinstance(read, Rejection):
            rejected.append(read)
        elif read.id in pairs:
            pairs[read.id], again = merge_equal([("", pairs[read.id]), (place, read)])
            rejected += again
        else:
            pairs[read.id] = read
    return [pairs[each] for each in sorted(pairs)], rejected


def iterate_pairs(
    path: str, sources: Sources, *, license: str
) -> Iterator[tuple[str, SeedPair | Rejection]]:
    """The rows of a table, each as the pair or the rejection that it is, and where it stands.

    Raises:
        ConfigError: In the end, where not one row holds a pair.
    """
    first: Rejection | None = None
    found = False
    for place, row in read_rows(path, sources):
        read = row if isinstance(row, Rejection) else _read_pair(row, place, license)
        if isinstance(read, Rejection):
            read = read.model_copy(update={"stage": "read_seeds"})
            first = first or read
        else:
            found = True
        yield place, read
    if not found:
        why = f"; {first.item}: {first.detail}" if first else "; it has no rows"
        raise ConfigError(f"{path} holds no line with a `question` and an `answer`{why}")


def merge_equal(rows: Iterable[tuple[str, SeedPair]]) -> tuple[SeedPair, list[Rejection]]:
    """The one pair that rows of one id hold, and all but the first of them turned away."""
    (_, pair), *others = rows
    rejected = []
    for place, other in others:
        rejected.append(_no(place, Reason.EXACT_DUPLICATE, f"of {pair.id}"))
        pair = min(pair, other, key=_beside)
    return pair, rejected


def _read_pair(row: Mapping[str, object], place: str, license: str) -> SeedPair | Rejection:
    question, answer = row.get("question"), row.get("answer")
    if not isinstance(question, str) or not isinstance(answer, str):
        return _no(place, Reason.MISSING_TEXT, "question and answer must be texts")
    question, answer = (
        each.encode("utf-8", "replace").decode() for each in (question, answer)
    )  # lone surrogates cannot be stored
    if not question.strip() or not answer.strip():
        return _no(place, Reason.MISSING_TEXT, "question or answer is empty")
    form = _text(row.get("form")).strip().lower()
    if form and form not in _FORMS:
        known = ", ".join(sorted(_FORMS))
        return _no(place, Reason.UNKNOWN_FORM, f"form {form[:80]!r} is none of {known}")
    return SeedPair(
        id=make_id("seed", question, answer),
        question=question,
        answer=answer,
        license=_text(row.get("license")) or license,
        language=language_code(_text(row.get("language"))) or language_of(question),
        task=_text(row.get("task")).strip(),
        form=form,
    )


def language_of(question: str) -> str:
    """The language of a text too short to tell more than its script by; English where in doubt."""
    if main_script(question) in (LATIN, HAN, ""):
        return detect_language(question)
    return identify_language(question).language


def _text(value: object) -> str:
    """What a column holds, as a text that can be stored."""
    return "" if value is None else str(value).encode("utf-8", "replace").decode()


def _beside(pair: SeedPair) -> tuple[str, ...]:
    """What a pair says beside its question and answer."""
    return pair.task, pair.form, pair.language, pair.license


def _no(place: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="read_seeds", item=place, reason=reason, detail=detail)
