"""A conduct comes from a strict YAML file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.command_line import app
from longhop.errors import ConfigError
from longhop.rehearsal import BatchConduct, Conduct, Latency, Limits
from longhop.rehearsal.conduct_file import read_conduct


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conduct.yaml"


def test_every_part_of_a_conduct_can_be_written_down(file: Path):
    """What a test can ask for, a rehearsal on the command line can."""
    file.write_text(
        "seed: 7\nlatency_s: 1\nlatency: {shape: lognormal, spread: 0.7}\nlimits: {requests: 60}\n"
        "error_share: 0.1\nerror_statuses: [502, 503]\nunderstands: text\n"
        "batch: {delay_s: 2, expired_share: 1}\n"
    )

    assert read_conduct(file) == Conduct(
        seed=7,
        latency_s=1.0,
        latency=Latency("lognormal", 0.7),
        limits=Limits(requests=60),
        error_share=0.1,
        error_statuses=(502, 503),
        understands="text",
        batch=BatchConduct(delay_s=2.0, expired_share=1.0),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("eror_share: 0.1", "eror_share: there is no such field; did you mean 'error_share'?"),
        ("batch: {delay: 2}", "batch.delay: there is no such field; did you mean 'delay_s'?"),
        ("hang_share: 1.5", "hang_share: input should be less than or equal to 1; it is 1.5"),
        ("cut_share: -0.5", "greater than or equal to 0"),
        ("cut_share: .nan", "cut_share"),
        ("latency_s: soon", "latency_s: input should be a valid number; it is 'soon'"),
        ("obey_injections: 1", "obey_injections: input should be a valid boolean"),
        ("understands: xml", "'json_schema', 'json_object' or 'text'"),
        ("latency: 2", "latency"),
        ("limits: {window_s: 0}", "limits.window_s: input should be greater than 0"),
        ("error_statuses: []", "error_statuses"),
        ("# nothing yet", "holds no fields"),
        ("- error_share", "holds no fields"),
        ("text", "holds no fields"),
        ("{", "is not YAML"),
        ("? [1]\n: 2", "is not YAML"),
    ],
)
def test_what_is_wrong_is_named_with_what_would_be_right(file: Path, content: str, message: str):
    """A misspelt share would be a rehearsal of nothing."""
    file.write_text(content)

    with pytest.raises(ConfigError, match=r"^conduct .*conduct\.yaml") as caught:
        read_conduct(file)
    assert message in str(caught.value)


def test_all_wrong_fields_are_told_at_once(file: Path):
    """One run, one correction."""
    file.write_text("cut_share: 2\nhang: 1\n")

    with pytest.raises(ConfigError, match=r"cut_share(.|\n)*hang"):
        read_conduct(file)


@pytest.mark.parametrize("content", ["eror_share: 0.1", None])
def test_the_command_ends_with_the_message(file: Path, content: str | None):
    """And not with a traceback, whether the file is wrong or is not there."""
    if content:
        file.write_text(content)
    result = CliRunner().invoke(app, ["rehearse", "--port", "0", "--conduct", str(file)])

    assert result.exit_code == 1
    assert "conduct.yaml" in result.output
    assert isinstance(result.exception, SystemExit)
