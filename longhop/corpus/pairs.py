"""Reference sets and seed pairs: JSON Lines with a question and its answer."""

import json

from longhop.corpus.language import detect_language
from longhop.corpus.reading import read_lines
from longhop.errors import ConfigError
from longhop.identity import make_id
from longhop.records.accounts import Reason, Rejection
from longhop.records.seeds import SeedPair


def read_pairs(path: str, *, license: str) -> tuple[list[SeedPair], list[Rejection]]:
    """The pairs of a file, equal ones once, and the lines that hold none.

    Raises:
        ConfigError: Not one line holds a pair.
    """
    pairs: dict[str, SeedPair] = {}
    rejected = []
    for number, line in read_lines(path):
        place = f"{path}:{number}"
        read = _read_pair(line, place, license)
        if isinstance(read, Rejection):
            rejected.append(read)
        elif read.id in pairs:
            rejected.append(_no(place, Reason.EXACT_DUPLICATE, f"of {read.id}"))
        else:
            pairs[read.id] = read
    if not pairs:
        raise ConfigError(f"{path} holds no line with a `question` and an `answer`")
    return [pairs[each] for each in sorted(pairs)], rejected


def _read_pair(line: bytes, place: str, license: str) -> SeedPair | Rejection:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _no(place, Reason.BROKEN_LINE, str(error))
    if not isinstance(row, dict):
        return _no(place, Reason.BROKEN_LINE, "not a JSON object")
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
