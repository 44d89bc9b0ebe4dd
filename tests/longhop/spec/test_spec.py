"""A spec says what a dataset is; what is wrong with it is said in one message."""

import json
from pathlib import Path

import pytest
import yaml

from longhop.errors import ConfigError
from longhop.settings import load_settings
from longhop.spec import DatasetSpec
from longhop.spec.loading import load_spec, parse_spec
from longhop.spec.starting import starting_spec

LEAST = {"name": "a", "corpus": {"paths": ["c.jsonl"]}, "models": {"default": {"name": "m"}}}
DEFAULTS = Path(__file__).with_name("golden_defaults.json")


def test_the_spec_that_init_writes_says_the_defaults():
    """So that a reader of it sees what holds, and changing nothing changes nothing."""
    written = parse_spec(yaml.safe_load(starting_spec("a", "c.jsonl", "m")))

    assert written == DatasetSpec.model_validate(LEAST)
    assert written.hash == DatasetSpec.model_validate(LEAST).hash


def test_defaults_are_not_part_of_the_hash():
    """A field that a later release adds must void nothing."""
    stated = DatasetSpec.model_validate({**LEAST, "shards": 4})

    assert stated.hash == DatasetSpec.model_validate(LEAST).hash
    assert stated.stated() == LEAST


def test_the_defaults_are_those_of_the_golden_file():
    """Since defaults are not hashed, changing one would change datasets in silence.

    A default that has to change takes a new field's name, or this file with a word in CHANGELOG.
    """
    defaults = DatasetSpec.model_validate(LEAST).model_dump(mode="json")

    assert defaults == json.loads(DEFAULTS.read_text())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"questions": {"mix": {"composition": {"bridge": 0.5}}}},
            "composition: the shares add up to 0.5, not 1",
        ),
        ({"questions": {"mix": {"hops": {"5": 1.0}}}}, "hops: '5' is none of 2, 3, 4"),
        ({"questions": {"mix": {"composition": {"chain": 1.0}}}}, "'chain' is none of"),
        (
            {"questions": {"min_similarity": 0.9, "max_similarity": 0.1}},
            "min_similarity 0.9 is above max_similarity 0.1",
        ),
        ({"questions": {"merging": {"steps": "two"}}}, "questions.merging.steps"),
        ({"questions": {"mix": {"language": {"en-US": 1.0}}}}, "'en-US' is no ISO 639-1 code"),
        (
            {"questions": {"compositions": ["bridge"], "mix": {"composition": {"temporal": 1}}}},
            "mix wants composition temporal, which nothing here asks for",
        ),
        (
            {"questions": {"compositions": ["comparison"], "hops": [4]}},
            "comparison: such groups have 2 to 2 hops, not 4",
        ),
        ({"shards": True}, "a number is wanted, and it is true"),
        ({"budget": {"money": float("inf")}}, "budget.money"),
        ({"corpsu": 1}, "corpsu: there is no such field; did you mean 'corpus'?"),
        ({"corpus": {"paths": []}}, "corpus.paths"),
        ({"corpus": {"paths": ["a"], "columns": {"txt": "b"}}}, "did you mean 'text'?"),
        ({"models": {}}, "models.default: must be given"),
        ({"name": "Not A Name"}, "'Not A Name' is no name: lower-case letters"),
        ({"decontamination": {"ngram": 3}}, "greater than or equal to 5"),
        ({"shards": 3}, "3 is not a power of two"),
        ({"splits": {"train": 0.5}}, "add up to 0.6 instead of 1"),
        ({"selection": {"policy": "similarity"}}, "needs a reference set"),
        ({"selection": {"policy": "equal"}}, "needs a reference set"),
        ({"selection": {"audit": 0.6}}, "less than or equal to 0.5"),
        ({"selection": {"policy": "best"}}, "'hybrid', 'knn'"),
        ({"selection": {"documents": 9, "share": 0.1}}, "give one"),
        ({"selection": {"policy": "exhaustive", "documents": 9}}, "asks about all"),
        ({"selection": {"stop": {"plateau": 0.1}}}, "stop.plateau needs a reference set"),
        ({"selection": {"policy": "random", "objective": "rows"}}, "teaches policy random nothing"),
        ({"questions": {"hops": [1]}}, "questions.hops.0"),
        (
            {"questions": {"compositions": ["single"]}},
            "bridge, comparison, temporal, intersection, aggregate, bridge_comparison",
        ),
        ({"contexts": {"tokens": [10]}}, "greater than or equal to 256"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(change: dict[str, object], words: str):
    with pytest.raises(ConfigError) as caught:
        parse_spec({**LEAST, **change})

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no fields"),
        (b"- a list", "holds no fields"),
        (b"name: [", "is not YAML"),
        (b"name: caf\xe9", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_spec_is_one_message(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "spec.yaml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=words):
        load_spec(path)


def test_a_missing_file_is_one_message(tmp_path: Path):
    with pytest.raises(ConfigError, match="No such file"):
        load_spec(tmp_path / "nowhere.yaml")


def test_wrong_settings_are_named_without_their_values(monkeypatch: pytest.MonkeyPatch):
    """A key that was put into the wrong variable must not be printed."""
    monkeypatch.setenv("LONGHOP_CONCURRENCY", "sk-secret")

    with pytest.raises(ConfigError, match="CONCURRENCY") as caught:
        load_settings()
    assert "sk-secret" not in str(caught.value)


def test_a_key_loses_its_newline_and_no_other_sign_passes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret\n")
    assert load_settings().api_key.get_secret_value() == "sk-secret"

    monkeypatch.setenv("OPENAI_API_KEY", "sk-sécret")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "sécret" not in str(caught.value)


def test_a_document_must_have_room_in_its_requests():
    """Else each would be paid for and turned away."""
    seeds = {"path": "s.jsonl", "tokens": 20_000}

    with pytest.raises(ValueError, match="takes at least 33 requests of a model with max_tokens"):
        DatasetSpec.model_validate({**LEAST, "seeds": seeds})
    models = {"default": {"name": "m"}, "write": {"name": "w", "max_tokens": 8192}}
    assert DatasetSpec.model_validate({**LEAST, "models": models, "seeds": seeds})
