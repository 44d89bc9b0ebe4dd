"""What stands around the documents of a context."""

from longhop.corpus.languages.codes import prompt_language
from longhop.records.corpus import Document
from longhop.records.examples import Template

BETWEEN = "\n\n"
_NUMBERED = {"en": ("Document {}", ": {}"), "zh": ("文档{}", "：{}")}


def header_of(document: Document, number: int, language: str, template: Template) -> str:
    """What stands before a document: a line, or nothing where there is nothing to say."""
    title = document.title
    if template is Template.BARE:
        return ""
    if template is Template.TITLED:
        return f"# {title}\n" if title else ""
    counted, titled = _NUMBERED[prompt_language(language)]
    return f"{counted.format(number)}{titled.format(title) if title else ''}\n"
