"""What is left of the task is cut where it hangs on, and else turns a document away."""

import pytest

from longhop.contexts.residue import cut_residue, find_residue


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Context: The mill stood.", "The mill stood."),
        ("**Document:** The mill stood.", "The mill stood."),
        ("文档：磨坊在那里。", "磨坊在那里。"),
        ("The mill stood.\n\nQuestion: Who built it?\nAnswer: Bo", "The mill stood."),
        ("The mill stood.\n**Answer:** Bo", "The mill stood."),
        ("磨坊在那里。\n问题：谁？\n答案：波", "磨坊在那里。"),
        ("The mill stood.</s>", "The mill stood."),
        ("The mill stood. <|endoftext|><|im_end|>", "The mill stood."),
        ("```text\nThe mill stood.\n```", "The mill stood."),
        ("The\u200b mill\ufeff stood\u2060.", "The mill stood."),
        ("Context: The mill stood.\nAnswer: Bo</s>", "The mill stood."),
        ("The mill stood.\n\nIt fell.", "The mill stood.\n\nIt fell."),
    ],
)
def test_what_hangs_on_is_cut(text: str, wanted: str):
    assert cut_residue(text) == wanted
    assert find_residue(wanted) == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("I'm sorry, but I can't help with that.", "a refusal"),
        ("I cannot write a document about this.", "a refusal"),
        ("Unfortunately I am unable to provide it.", "a refusal"),
        ("抱歉，我无法提供这样的文档。", "a refusal"),
        ("The mill <|im_start|> stood.", "a special token"),
        ("The mill </s> stood.", "a special token"),
        ("The mill [/INST] stood.", "a special token"),
        ("Sure! The mill stood.", "a remark about the task"),
        ("Here is the document you asked for: the mill.", "a remark about the task"),
        ("以下是您要的文档：磨坊。", "a remark about the task"),
        ("The mill stood.\nQuestion: who?\nThen it fell.", "a marker of the task"),
        ("As an AI language model I have no mill.", "a model speaking of itself"),
    ],
)
def test_what_is_within_is_found(text: str, what: str):
    assert find_residue(cut_residue(text)).startswith(what)


@pytest.mark.parametrize(
    "many", ["</s> ", "Question: x\n", "```a\n", "Context: ", '" \n', "\n", " ", "*", "Answer:\n"]
)
def test_a_reply_of_nothing_but_signs_takes_no_longer_than_its_length(many: str):
    """A model that repeats itself must not stop a build."""
    import time

    text = f"The mill stood.\n{many * (200_000 // len(many))}It fell."
    began = time.monotonic()
    find_residue(cut_residue(text))
    cut_residue(text.removesuffix("It fell."))

    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    "text",
    [
        "Dear Bo, I am sorry to hear that you cannot come.",
        "The question of the mill was raised by the board: who would pay?",
        "MR DALE: I cannot accept this. The answer is no.",
        "Here is the house where she was born.",
        "List<String> names; if (a < b) s = 1;",
    ],
)
def test_what_any_document_may_say_is_left(text: str):
    assert cut_residue(text) == text
    assert find_residue(text) == ""
