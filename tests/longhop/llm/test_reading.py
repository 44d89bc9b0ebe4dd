"""One tolerant reader, then strict validation."""

import json
from importlib.resources import files as package_files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longhop.llm.prompts import REPLY_OF
from longhop.llm.reading import Unreadable, read_reply
from longhop.records.replies import REPLIES, MergedQuestion, SingleHopQuestions

GOOD = '{"question": "Who founded it?", "answer": "Brisa Tolle"}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"Certainly! Here it is:\n{GOOD}\nI hope that this helps.",
        '{"question": "Who founded it?", "answer": "Brisa Tolle",}',
        '{\n "question": "Who founded it?",\n "answer": "Brisa Tolle"\n}',
    ],
)
def test_what_stands_around_an_answer_does_not_matter(text: str):
    assert read_reply(text, MergedQuestion).answer == "Brisa Tolle"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot answer that.",
        '{"question": "Who founded it?"}',
        '{"question": "Who?", "answer": "B", "note": "x"}',
        '{"question": 5, "answer": "B"}',
        '[{"question": "Who?"}]',
        "}{",
    ],
)
def test_what_does_not_fit_is_never_guessed(text: str):
    with pytest.raises(Unreadable):
        read_reply(text, MergedQuestion)


@given(st.text(), st.text())
def test_every_text_survives_the_way(question: str, answer: str):
    """Quotes, braces, newlines and Chinese inside fields stay as they are."""
    text = json.dumps({"question": question, "answer": answer}, ensure_ascii=False)
    reply = read_reply(f"```json\n{text}\n```", MergedQuestion)

    assert (reply.question, reply.answer) == (question, answer)


def test_an_empty_list_is_an_answer():
    assert read_reply('{"questions": []}', SingleHopQuestions).questions == ()


@pytest.mark.parametrize("name", sorted(set(REPLY_OF.values())))
def test_schema_files_agree_with_the_records(name: str):
    """The files are what is hashed, so a docstring or a library's upgrade asks nothing anew."""
    path = package_files("longhop") / "prompts" / f"{name}.schema.json"
    schema = json.loads(path.read_text())

    assert schema["title"] == name
    assert fields_of(schema) == fields_of(REPLIES[name].model_json_schema())


def fields_of(schema: dict, root: dict | None = None) -> object:
    """Names, types and bounds of a JSON schema, references followed, words left out."""
    root = root or schema
    if "$ref" in schema:
        return fields_of(root["$defs"][schema["$ref"].split("/")[-1]], root)
    if schema.get("type") == "object":
        assert sorted(schema["required"]) == sorted(schema["properties"])
        assert schema["additionalProperties"] is False
        return {key: fields_of(each, root) for key, each in schema["properties"].items()}
    if schema.get("type") == "array":
        return [fields_of(schema["items"], root)]
    kept = ("type", "enum", "minimum", "maximum")
    return {key: schema[key] for key in kept if key in schema}
