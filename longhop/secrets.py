"""What nobody may read: the secrets of this process, kept out of messages, logs and files."""

import json
import logging
import os
import re
import traceback
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

E = TypeVar("E", bound=BaseException)

_SECRET = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|AUTH_STRING)$", re.IGNORECASE)
_SECRET_IN_QUERY = re.compile(r"key|token|secret|passw|signature|^sig$|credential", re.IGNORECASE)
# Shorter ones, and words such as `ollama`, stand for no key and are part of other texts.
_SHORTEST, _SHORTEST_WORD = 6, 12


class Scrubber:
    """Takes the secrets of an environment out of texts.

    A secret is the value of a variable that is named like one, or a part of an address: its user
    and password, and what its query names like a secret. It is found as it is, escaped for an
    address or for JSON, and within base64, as in an `Authorization` header. The names of things,
    such as `AWS_ACCESS_KEY_ID`, are none.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        secrets = {each for item in environment.items() for each in _secrets(*item)}
        forms = {form for each in secrets if _is_telling(each) for form in _forms(each)}
        # The longest first: one secret may be a part of another.
        self._forms = sorted(forms, key=lambda form: (-len(form), form))

    def __call__(self, text: str) -> str:
        """The text with `***` for each secret."""
        for form in self._forms:
            if form in text:
                text = text.replace(form, "***")
        return text


@cache
def scrubber() -> Scrubber:
    """The scrubber of this process, whose environment is read at the first call."""
    return Scrubber(os.environ)


def scrub(text: str) -> str:
    """The text without the secrets of this process."""
    return scrubber()(text)


def scrub_error(error: E) -> E:
    """The error, its causes included, without the secrets of this process in what they say."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and not any(each is other for other in seen):
            seen.append(each)
            each.args = tuple(scrub(said) if isinstance(said, str) else said for said in each.args)
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return error


def shown_address(address: str) -> str:
    """An address as it may be shown: without user, password, query and fragment."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return scrub(address)
    host = parts.netloc.rpartition("@")[2]
    return scrub(parts._replace(netloc=host, query="", fragment="").geturl())


def keep_out_of_logs() -> None:
    """Scrub every record that any logger of this process makes from now on, tracebacks too."""
    scrubber.cache_clear()
    if not isinstance(logging.getLogRecordFactory(), _ScrubbedRecords):
        logging.setLogRecordFactory(_ScrubbedRecords(logging.getLogRecordFactory()))


@contextmanager
def kept_out_of_logs() -> Iterator[None]:
    """Scrub records as long as the block lasts."""
    before = logging.getLogRecordFactory()
    keep_out_of_logs()
    try:
        yield
    finally:
        logging.setLogRecordFactory(before)
        scrubber.cache_clear()


class _ScrubbedRecords:
    """Makes records as another factory does, without secrets.

    A record without any is left as it is. A traceback with one becomes text: some handlers format
    the exception themselves, so it may not stay with the record.
    """

    def __init__(self, make: Any) -> None:
        self._make = make

    def __call__(self, *arguments: Any, **more: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._make(*arguments, **more)
        said = _message(record)
        if scrub(said) != said:
            record.msg, record.args = scrub(said), None
        if record.exc_info:
            trace = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
            if scrub(trace) != trace:
                record.exc_text, record.exc_info = scrub(trace), None
        if record.stack_info:
            record.stack_info = scrub(record.stack_info)
        return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # the wrong arguments: logging will say so, and print both
        return f"{record.msg} {record.args}"


def _secrets(name: str, value: str) -> Iterator[str]:
    if _SECRET.search(name):
        yield value.strip()
        if name.upper().endswith("AUTH_STRING"):
            yield value.strip().partition(":")[2]
    if "://" not in value:
        return
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    yield from (password, unquote(password), f"{user}:{password}" if password else user)
    yield from (each for key, each in parse_qsl(parts.query) if _SECRET_IN_QUERY.search(key))


def _is_telling(secret: str) -> bool:
    return len(secret) >= (_SHORTEST_WORD if secret.isalpha() else _SHORTEST)


def _forms(secret: str) -> Iterator[str]:
    yield from (secret, quote(secret, safe=""), quote_plus(secret), quote(secret))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    value = secret.encode("utf-8", "surrogateescape")
    for before, first in enumerate((0, 2, 3)):
        last = (before + len(value)) * 8 // 6
        for encode in (b64encode, urlsafe_b64encode):
            # What the secret alone decides of its base64, wherever in a longer text it stands.
            yield encode(b" " * before + value)[first:last].decode()
