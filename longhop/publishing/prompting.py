"""What stands around a context and its question in the turns that models are trained on."""

from longhop.corpus.languages.codes import prompt_language
from longhop.matching import normalise

# An answer of more words is no fact but a text, and is not asked for as one.
_BRIEF = 20
_ASK = {
    "en": "Answer the question from the documents above, as briefly as you can.\n\nQuestion: {}",
    "zh": "请根据以上文档回答问题，尽量简短。\n\n问题：{}",
}
_DO = {
    "en": "Do what is asked, from the documents above.\n\n{}",
    "zh": "请根据以上文档完成以下要求。\n\n{}",
}
_ASK_ALONE = {
    "en": "Answer the question as briefly as you can.\n\nQuestion: {}",
    "zh": "请回答问题，尽量简短。\n\n问题：{}",
}
_ABOUT = {"en": "This is about document {}{}.", "zh": "以下内容针对文档{}{}。"}
_TITLED = {"en": ", “{}”", "zh": "《{}》"}
# All words of ours that stand in a row.
FRAMES = tuple(text for each in (_ASK, _DO, _ASK_ALONE, _ABOUT) for text in each.values())


def anchor_of(number: int, title: str, language: str) -> str:
    """The words that say which document a question is about, where it does not say so itself."""
    spoken = prompt_language(language)
    return _ABOUT[spoken].format(number, _TITLED[spoken].format(title) if title else "")


def is_brief(answer: str) -> bool:
    """Whether an answer is a fact, and not a text."""
    return len(normalise(answer)) <= _BRIEF


def prompt_of(question: str, answer: str, context: str, language: str, *, anchor: str = "") -> str:
    """The user's turn: the context first, then what is asked; nothing of the context where none is.

    The question stands in it to the letter.
    """
    spoken = prompt_language(language)
    brief = is_brief(answer)
    if not context:
        return (_ASK_ALONE[spoken] if brief else "{}").format(question)
    asked = (_ASK if brief else _DO)[spoken].format(question)
    return "\n\n".join(each for each in (context, anchor, asked) if each)
