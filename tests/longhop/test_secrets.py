"""No secret leaves the process in a message, a log or a file."""

import io
import json
import logging
import time
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from longhop.secrets import (
    Scrubber,
    keep_out_of_logs,
    kept_out_of_logs,
    scrub,
    scrub_error,
    shown_address,
)

KEY = "sk-proj-4f/9+Zq=71"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a logger that nobody here set up writes."""
    monkeypatch.setenv("LONGHOP_API_KEY", KEY)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logger = logging.getLogger("somebody.else")
    logger.addHandler(handler)
    with kept_out_of_logs():
        yield written
    logger.removeHandler(handler)


def test_a_traceback_of_any_logger_is_scrubbed(log: io.StringIO):
    """The message of an exception, and of the one that it came from."""
    try:
        try:
            raise ValueError(f"wrong key {KEY}")
        except ValueError as error:
            raise RuntimeError(f"Authorization: Bearer {KEY}") from error
    except RuntimeError:
        logging.getLogger("somebody.else").exception("it failed")

    assert KEY not in log.getvalue()
    assert "ValueError: wrong key ***" in log.getvalue()
    assert "RuntimeError: Authorization: Bearer ***" in log.getvalue()


def test_no_exception_with_a_secret_stays_with_its_record(log: io.StringIO):
    """Prefect's JSON formatter, among others, formats the exception itself."""
    found: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = found.append  # type: ignore[method-assign]
    logger = logging.getLogger("somebody.else")
    logger.addHandler(handler)
    try:
        raise ValueError(KEY)
    except ValueError:
        logger.exception("it failed")
    logger.removeHandler(handler)

    assert found[0].exc_info is None


def test_messages_and_their_arguments_are_scrubbed(log: io.StringIO):
    logger = logging.getLogger("somebody.else")
    logger.error("key %s of %d", KEY, 3)
    logger.error({"headers": {"authorization": f"Bearer {KEY}"}})
    logger.error("%(key)s", {"key": KEY})

    assert log.getvalue().splitlines() == [
        "key *** of 3",
        "{'headers': {'authorization': 'Bearer ***'}}",
        "***",
    ]


def test_a_record_without_a_secret_is_left_as_it_is(log: io.StringIO):
    """Handlers may look at its arguments and at its exception."""
    with kept_out_of_logs():
        record = logging.getLogger("x").makeRecord("x", 20, "f", 1, "%s of %s", (1, 2), None)

    assert (record.msg, record.args) == ("%s of %s", (1, 2))


def test_it_is_kept_out_once_and_undone(monkeypatch: pytest.MonkeyPatch):
    before = logging.getLogRecordFactory()
    with kept_out_of_logs():
        once = logging.getLogRecordFactory()
        keep_out_of_logs()

        assert logging.getLogRecordFactory() is once is not before
    assert logging.getLogRecordFactory() is before


def test_a_wrong_logging_call_is_still_told_by_logging(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
):
    logging.getLogger("somebody.else").error("%d and %d", KEY)

    assert KEY not in capsys.readouterr().err + log.getvalue()


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        quote(KEY, safe=""),
        b64encode(KEY.encode()).decode(),
        b64encode(f"Bearer {KEY}".encode()).decode(),
        b64encode(f"user:{KEY} and more".encode()).decode(),
        json.dumps({"key": KEY}),
    ],
)
def test_a_key_is_found_in_every_form(form: str):
    """At most the signs at the edge of base64 stay, which a neighbour decides with the key."""
    scrubbed = Scrubber({"OPENAI_API_KEY": f"{KEY}\n"})(f"[{form}]")

    assert "***" in scrubbed
    assert KEY not in scrubbed
    assert len(scrubbed) < len(form) - len(KEY) + 12


def test_secrets_of_addresses_are_scrubbed():
    scrub_it = Scrubber(
        {
            "LONGHOP_BASE_URL": "https://ada:l0ve%21ace@host/v1?api-key=abc-123&version=2024-10-01",
            "PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://longhop:pw-77@db:5432/p",
            "HTTPS_PROXY": "http://token-9/x@proxy:3128",
        }
    )

    assert scrub_it("to https://ada:l0ve%21ace@host/v1?api-key=abc-123&version=2024-10-01") == (
        "to https://***@host/v1?api-key=***&version=2024-10-01"
    )
    assert scrub_it("password l0ve!ace") == "password ***"
    assert scrub_it("postgresql+asyncpg://longhop:pw-77@db:5432/p") == (
        "postgresql+asyncpg://***@db:5432/p"
    )


@pytest.mark.parametrize(
    "name",
    [
        *("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "PREFECT_API_KEY", "HF_TOKEN"),
        *("PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING", "LONGHOP_API_KEY"),
    ],
)
def test_variables_that_are_named_like_secrets_hold_one(name: str):
    scrub_it = Scrubber({name: "admin:pass-word-1"})

    assert scrub_it("with admin:pass-word-1") == "with ***"


def test_the_password_of_an_auth_string_is_one():
    scrub_it = Scrubber({"PREFECT_API_AUTH_STRING": "admin:pass-word-1"})

    assert scrub_it("with pass-word-1") == "with ***"
    assert "***" in scrub_it("Basic " + b64encode(b"admin:pass-word-1").decode())


def test_a_key_that_is_part_of_another_leaves_nothing_of_it():
    scrub_it = Scrubber({"A_KEY": "abc-123", "B_KEY": "abc-123-and-456"})

    assert scrub_it("abc-123-and-456, abc-123") == "***, ***"


@pytest.mark.parametrize("value", ["", "none", "EMPTY", "ollama", "testing", "x" * 5, " \n"])
def test_what_stands_for_no_key_garbles_no_text(value: str):
    """Local endpoints take any word for a key; texts may hold that word."""
    text = f"An {value or 'empty'} text, none EMPTY, of ollama and testing xxxxx."

    assert Scrubber({"OPENAI_API_KEY": value})(text) == text


def test_an_environment_without_secrets_changes_nothing():
    scrub_it = Scrubber(
        {"PATH": "/usr/bin", "LONGHOP_BASE_URL": "https://host/v1", "X_URL": "a://["}
    )

    assert scrub_it("https://host/v1 in /usr/bin") == "https://host/v1 in /usr/bin"


def test_secrets_and_texts_may_be_of_any_script():
    scrub_it = Scrubber({"DB_PASSWORD": "пароль-密码-1"})

    assert scrub_it("密码：пароль-密码-1。") == "密码：***。"
    assert scrub_it(json.dumps("пароль-密码-1")) == '"***"'
    assert scrub_it(quote("пароль-密码-1")) == "***"


def test_an_error_and_its_causes_are_scrubbed(monkeypatch: pytest.MonkeyPatch):
    """Prefect keeps the error itself with the state of a task."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with kept_out_of_logs():
        try:
            try:
                raise KeyError(KEY, 5)
            except KeyError:
                raise ValueError(f"no {KEY}") from None
        except ValueError as error:
            scrubbed = scrub_error(error)

    assert str(scrubbed) == "no ***"
    assert scrubbed.__context__ is not None
    assert scrubbed.__context__.args == ("***", 5)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:love@host:8000/v1?api-key=1#x", "https://host:8000/v1"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("s3://bucket/prefix", "s3://bucket/prefix"),
        ("http://[::1", "http://[::1"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_who_asks(address: str, shown: str):
    assert shown_address(address) == shown


def test_a_text_without_secrets_costs_next_to_nothing():
    scrub_it = Scrubber({f"{name}_API_KEY": f"{name}-{KEY}" for name in "ABCDEFGH"})
    text = "A document of some length, and nothing secret in it. " * 80
    began = time.process_time()
    for _ in range(100):
        scrub_it(text)

    assert (time.process_time() - began) / 100 < 0.002


def test_the_environment_is_read_when_logs_are_to_be_scrubbed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LONGHOP_API_KEY", KEY)
    with kept_out_of_logs():
        assert scrub(f"key {KEY}") == "key ***"
