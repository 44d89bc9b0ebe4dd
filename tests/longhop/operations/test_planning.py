"""The plans of model stages."""

from longhop.operations.planning import judges_of
from longhop.spec import DatasetSpec
from tests.fakes import prompt


def test_a_judge_that_is_named_twice_is_asked_under_other_numbers():
    """Under the same ones it would say the same, and count twice."""
    warm = {"name": "m", "temperature": 0.7}
    spec = DatasetSpec.model_validate(
        {
            "name": "a",
            "corpus": {"paths": ["c.jsonl"]},
            "models": {"default": warm, "judges": [warm, {"name": "n"}]},
            "verification": {"samples": 1},
        }
    )
    first = prompt("judge").model_copy(update={"model": "m", "temperature": 0.7})
    judges = judges_of(spec, {"judge": first.model_copy(update={"max_tokens": 1024})})

    assert [(each.model, each.sample) for each in judges] == [("m", 0), ("m", 1), ("n", 0)]
