"""A user's own templates: what is wrong with them is said before anything is sent."""

from pathlib import Path

import pytest

from longhop.errors import ConfigError
from longhop.llm.prompts import PromptBook, refuse_strangers
from longhop.spec.sections import Model
from longhop.storage.files import LocalFiles

FRAME = "{% block system %}Judge.{% endblock %}{% block user %}BODY{% endblock %}"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ question.a.b }}", "no attribute"),
        ("{{ hops[7] }}", "no element"),
        ("", "shows none of its values"),
        ("always the same", "shows none of its values"),
    ],
)
def test_a_template_that_cannot_work_is_refused(tmp_path: Path, body: str, words: str):
    (tmp_path / "judge.en.j2").write_text(FRAME.replace("BODY", body))

    with pytest.raises(ConfigError, match=words) as caught:
        PromptBook(LocalFiles(tmp_path / "store")).freeze("judge", Model(name="m"), tmp_path)
    assert "judge.en.j2" in str(caught.value)


def test_a_template_without_its_blocks_names_the_block(tmp_path: Path):
    (tmp_path / "judge.en.j2").write_text("{{ question }}")

    with pytest.raises(ConfigError, match="has no block 'system'"):
        PromptBook(LocalFiles(tmp_path / "store")).freeze("judge", Model(name="m"), tmp_path)


@pytest.mark.parametrize("name", ["jugde.en.j2", "judge.en.j2.txt"])
def test_a_file_that_stands_in_for_no_prompt_is_refused(tmp_path: Path, name: str):
    (tmp_path / name).write_text(FRAME)

    with pytest.raises(ConfigError, match="stands in for none"):
        refuse_strangers(tmp_path, ["judge"])


def test_a_folder_is_no_template(tmp_path: Path):
    (tmp_path / "judge.en.j2").mkdir()

    with pytest.raises(ConfigError, match="stands in for none"):
        refuse_strangers(tmp_path, ["judge"])
