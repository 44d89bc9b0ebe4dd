"""A form says what a spec says, each thing in one place."""

import inspect
from inspect import Parameter
from pathlib import Path

import pytest
import yaml

from flows.build_dataset import build_dataset
from flows.demonstrating import demo_spec
from longhop.errors import ConfigError
from longhop.spec import DatasetSpec
from longhop.spec.form import PLACES, form_of, spec_of
from longhop.spec.starting import starting_spec

LEAST = {"name": "almanac", "corpus": ["pages.jsonl"], "model": "m"}
SPECS = {
    "demo": demo_spec(Path("demo"), "m"),
    "starting": DatasetSpec.model_validate(yaml.safe_load(starting_spec("a", "b", "m"))),
    "least": spec_of(LEAST, {}),
    "random": spec_of(
        {**LEAST, "reference": "r.jsonl", "lengths": [512, 4096], "money": 2.5},
        {
            "selection": {"policy": "random"},
            "models": {"judge": {"name": "j"}, "default": {"temperature": 0.5}},
        },
    ),
}


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_becomes_a_form_and_is_the_same_again(name: str):
    form = form_of(SPECS[name])
    advanced = form.pop("advanced")

    assert form.keys() <= PLACES.keys()
    assert spec_of(form, advanced) == SPECS[name]


def test_a_name_a_corpus_and_a_model_are_enough():
    spec = spec_of({**LEAST, "documents": None, "reference": None}, {})

    assert spec.stated() == {
        "name": "almanac",
        "corpus": {"paths": ["pages.jsonl"]},
        "models": {"default": {"name": "m"}},
    }


def test_the_form_begins_with_the_defaults_of_a_spec():
    form = inspect.signature(build_dataset.fn).parameters
    stated = {name: form[name].default for name in PLACES if form[name].default != Parameter.empty}

    assert spec_of({**stated, **LEAST}, {}) == spec_of(LEAST, {})


def test_a_reference_set_is_there_to_come_close_to():
    assert spec_of({**LEAST, "reference": "r.jsonl"}, {}).selection.policy == "hybrid"


@pytest.mark.parametrize(
    ("advanced", "words"),
    [
        ({"contexts": {"tokens": [512]}}, "contexts.tokens, which is the field 'lengths'"),
        ({"name": "other"}, "name, which is the field 'name'"),
        ({"questions": {"hop": [2]}}, "did you mean 'hops'?"),
        ({"corpus": "pages.jsonl"}, "corpus holds fields of its own"),
        ({"question": {}}, "did you mean 'questions'?"),
    ],
)
def test_what_is_wrong_in_advanced_is_named(advanced: dict[str, object], words: str):
    with pytest.raises(ConfigError) as caught:
        spec_of({**LEAST, "lengths": [4096]}, advanced)

    assert words in str(caught.value)
