"""The lines of a batch's files: what is read, what is objected to, what is written."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from longhop.rehearsal.completing import Answer

ENDPOINT = "/v1/chat/completions"


@dataclass(frozen=True)
class Line:
    """One request of a batch: {"custom_id": "…", "method": "POST", "url": "…", "body": {…}}."""

    custom_id: str
    body: Any


def read_lines(content: bytes, most: int) -> tuple[list[Line], list[dict[str, Any]]]:
    """The requests of an input file, and what is wrong with it: one error fails the batch."""
    lines: list[Line] = []
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    models: set[str] = set()
    for number, raw in enumerate(content.splitlines(), 1):
        if not raw.strip():
            continue
        line, error = _read_line(raw)
        if line is not None:
            models.add(str(line.body.get("model")))
            if line.custom_id in seen:
                error = ("duplicate_custom_id", "The custom_id was used by an earlier line.")
            elif len(models) > 1:
                error = ("mismatched_model", "The input file holds requests to several models.")
            seen.add(line.custom_id)
            lines.append(line)
        if error is not None:
            errors.append(_error(*error, number))
    if not lines and not errors:
        errors.append(_error("empty_file", "The input file is empty."))
    if len(lines) > most:
        errors.append(_error("too_many_requests", f"{len(lines)} requests exceed {most}."))
    return lines, errors


def output_line(custom_id: str, answer: Answer | None, code: str = "", message: str = "") -> bytes:
    """A line of an output or error file: the answer, or why there is none."""
    name = blake2b(custom_id.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    response = None
    if answer is not None:
        response = {"status_code": answer.status, "request_id": f"req_{name}",
                    "body": answer.content}  # fmt: skip
    error = {"code": code, "message": message} if code else None
    written = {"id": f"batch_req_{name}", "custom_id": custom_id, "response": response}
    return json.dumps({**written, "error": error}).encode()


def errors_told(errors: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The errors of a batch, as the API lists them."""
    return {"object": "list", "data": list(errors)}


def failed_whole() -> dict[str, Any]:
    """What a batch says that failed through no fault of its file."""
    return _error(
        "token_limit_exceeded", "The enqueued token limit of the organization is reached."
    )


def _read_line(raw: bytes) -> tuple[Line | None, tuple[str, str] | None]:
    try:
        content = json.loads(raw)
        line = Line(content["custom_id"], content["body"])
    except (ValueError, KeyError, TypeError):
        return None, ("invalid_json_line", "This line is no request in JSON.")
    if not isinstance(line.custom_id, str) or not isinstance(line.body, dict):
        return None, ("invalid_request", "A custom_id of letters and a body are needed.")
    if (content.get("method"), content.get("url")) != ("POST", ENDPOINT):
        return line, ("invalid_url", f"The line is no POST to {ENDPOINT}.")
    return line, None


def _error(code: str, message: str, line: int | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "param": None, "line": line}
