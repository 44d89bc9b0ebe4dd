"""Each form of a document has writing instructions of its own, in both languages."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from longhop.llm.prompts import TRIAL, PromptBook
from longhop.records.seeds import Form
from longhop.spec.sections import Model, Seeds
from longhop.storage.files import LocalFiles

KINDS = ("short", "long", "yes_no", "unanswerable", "facts")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_form_every_kind_and_every_step_has_words_of_its_own(tmp_path: Path, language: str):
    book = PromptBook(LocalFiles(tmp_path))
    prompt = book.freeze("context", Model(name="m"))

    def system(**changes: object) -> str:
        return book.messages(prompt, language, {**TRIAL, **changes})[0].content

    forms = {system(form=each.value).replace(each.value, "") for each in Form}
    kinds = {system(kind=each, written=[]) for each in KINDS}
    steps = {system(written=["A section."], before=each) for each in (True, False)}

    assert len(forms) == len(Form)
    assert len(kinds) == len(KINDS)
    assert len(steps) == 2 and not steps & kinds


def test_an_unknown_form_is_refused_with_those_there_are():
    with pytest.raises(ValidationError, match=r"'encyclopedia article', .*'letters'"):
        Seeds.model_validate({"form": "poem"})
