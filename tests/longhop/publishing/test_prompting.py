"""The user's turn: the context, then what is asked of it."""

from longhop.publishing.prompting import anchor_of, prompt_of


def test_a_question_stands_after_its_context_to_the_letter():
    prompt = prompt_of("Who  rang it?", "Ada", "Document 1\nA bell.", "en")

    assert prompt.startswith("Document 1\nA bell.\n\n")
    assert prompt.endswith("Question: Who  rang it?")


def test_without_a_context_no_document_is_spoken_of():
    assert "document" not in prompt_of("Who rang it?", "Ada", "", "en").lower()
    assert "文档" not in prompt_of("谁敲的钟？", "安", "", "zh")


def test_a_long_answer_is_not_asked_for_briefly():
    """Whoever trains on a summary of 300 words is not to ask for as few as can be."""
    prompt = prompt_of("Summarise the report.", "word " * 300, "Document 1\nA report.", "en")

    assert "brief" not in prompt
    assert prompt.endswith("Summarise the report.")


def test_an_anchor_names_the_document_before_the_question():
    anchor = anchor_of(3, "Harbour Report", "en")
    prompt = prompt_of(
        "Summarise the report.", "word " * 300, "Document 1\nA.", "en", anchor=anchor
    )

    assert "This is about document 3, “Harbour Report”." in prompt
    assert prompt.index("This is about") < prompt.index("Summarise")


def test_braces_in_a_document_are_text():
    assert "{0} {x}" in prompt_of("What is {y}?", "1", "Document 1\n{0} {x}", "en")
