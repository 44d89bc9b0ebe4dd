"""The layout of LongMIT, the data set that MIMG's authors published: documents apart, and joined.

Its rows hold the documents of the context, those with evidence once more, and the question; its
training form is a prompt that says before and behind the documents what is to be done, and the
output.
"""

from collections.abc import Mapping
from typing import Any

from longhop.contexts.headers import BETWEEN
from longhop.corpus.languages.codes import prompt_language
from longhop.publishing.prompting import is_brief
from longhop.publishing.turns import Form, Turns
from longhop.records.examples import Example, Role
from longhop.records.questions import Composition

# What is to be done where the answer is short, and where it is a text.
_ASK = {
    "en": "Answer the question from the numbered documents, as briefly as you can.",
    "zh": "请根据编号文档回答问题，尽量简短。",
}
_DO = {
    "en": "Do what is asked, from the numbered documents.",
    "zh": "请根据编号文档完成以下要求。",
}
_PASSAGE = {"en": ("Document {}", ": {}"), "zh": ("文档{}", "：{}")}
# The line's end keeps the answer's first word a token of its own.
_QUESTION = {"en": "Question: {}\nAnswer:\n", "zh": "问题：{}\n答案：\n"}


def longmit_form(titles: Mapping[str, str]) -> Form[Example]:
    """The layout, for rows whose documents have these titles by their ids."""
    return Form(lambda row: _training(row, titles), lambda row, it: _columns(row, it, titles))


def _columns(row: Example, turns: Turns, titles: Mapping[str, str]) -> dict[str, Any]:
    documents = [
        {
            "id": each.document_id,
            "title": titles[each.document_id],
            "content": row.context[each.context_start : each.context_end],
        }
        for each in row.segments
    ]
    clues = [
        document
        for document, each in zip(documents, row.segments, strict=True)
        if each.role is Role.SUPPORTING
    ]
    return {
        "all_docs": documents,
        "clue_docs": clues,
        "question": row.question,
        "answer": row.answer,
        "type": "other" if row.composition is Composition.SINGLE else f"{row.scope}_doc",
        "language": row.language,
        "hop": row.hop_count,
        "prompt": turns.prompt,
        "output": turns.answer,
    }


def _training(row: Example, titles: Mapping[str, str]) -> Turns:
    spoken = prompt_language(row.language)
    told = (_ASK if is_brief(row.answer) else _DO)[spoken]
    numbered, titled = _PASSAGE[spoken]
    passages = []
    for number, each in enumerate(row.segments, 1):
        title = titles[each.document_id]
        head = numbered.format(number) + (titled.format(title) if title else "")
        passages.append(f"{head}\n{row.context[each.context_start : each.context_end]}")
    asked = _QUESTION[spoken].format(row.question)
    parts = [told, *passages, told, row.anchor, asked]
    return Turns(BETWEEN.join(each for each in parts if each), row.answer)
