"""Reference sets and seed pairs: tables with a question and its answer."""

from collections.abc import Mapping

from longhop.corpus.languages.codes import detect_language
from longhop.corpus.reading import read_rows
from longhop.errors import ConfigError
from longhop.identity import make_id
from longhop.ports import Sources
from longhop.records.accounts import Reason, Rejection
from longhop.records.seeds import SeedPair


def read_pairs(
    path: str, sources: Sources, *, license: str
) -> tuple[list[SeedPair], list[Rejection]]:
    """The pairs of a table of any kind, equal ones once, and the rows that hold none.

    Where the table breaks off, what came before stays, and the break is among the rejections.

    Raises:
        ConfigError: Not one row holds a pair.
    """
    pairs: dict[str, SeedPair] = {}
    rejected: list[Rejection] = []
    for place, row in read_rows(path, sources):
        read = row if isinstance(row, Rejection) else _read_pair(row, place, license)
        if isinstance(read, Rejection):
            rejected.append(read.model_copy(update={"stage": "read_seeds"}))
        elif read.id in pairs:
            rejected.append(_no(place, Reason.EXACT_DUPLICATE, f"of {read.id}"))
        else:
            pairs[read.id] = read
    if not pairs:
        why = f"; {rejected[0].item}: {rejected[0].detail}" if rejected else "; it has no rows"
        raise ConfigError(f"{path} holds no line with a `question` and an `answer`{why}")
    return [pairs[each] for each in sorted(pairs)], rejected


def _read_pair(row: Mapping[str, object], place: str, license: str) -> SeedPair | Rejection:
    question, answer = row.get("question"), row.get("answer")
    if not isinstance(question, str) or not isinstance(answer, str):
        return _no(place, Reason.MISSING_TEXT, "question and answer must be texts")
    question, answer = (
        each.encode("utf-8", "replace").decode() for each in (question, answer)
    )  # lone surrogates cannot be stored
    if not question.strip() or not answer.strip():
        return _no(place, Reason.MISSING_TEXT, "question or answer is empty")
    return SeedPair(
        id=make_id("seed", question, answer),
        question=question,
        answer=answer,
        license=str(row.get("license") or license).encode("utf-8", "replace").decode(),
        language=detect_language(question),
    )


def _no(place: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(stage="read_seeds", item=place, reason=reason, detail=detail)
