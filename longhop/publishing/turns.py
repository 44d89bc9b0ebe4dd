"""What a row says in a conversation, and the layouts in which trainers read that."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from longhop.publishing.prompting import prompt_of
from longhop.records.examples import Example
from longhop.records.pairs import Pair
from longhop.records.renderings import Format

P = TypeVar("P", bound=Example | Pair)


class Turns(NamedTuple):
    """What is said to the model, and what it is to say."""

    prompt: str
    answer: str


class Form(NamedTuple, Generic[P]):
    """A layout: the turns that a row has in it, and the columns of its line beside the id."""

    turns: Callable[[P], Turns]
    columns: Callable[[P, Turns], dict[str, Any]]


def turns_of(row: Example) -> Turns:
    """The context and the question, and the answer."""
    asked = prompt_of(row.question, row.answer, row.context, row.language, anchor=row.anchor)
    return Turns(asked, row.answer)


def turns_of_pair(pair: Pair) -> Turns:
    """The question alone, and the answer."""
    return Turns(pair.question, pair.answer)


def to_chat(turns: Turns) -> dict[str, Any]:
    """The layout of OpenAI's fine-tuning and of TRL."""
    return {"messages": [_user(turns), _assistant(turns)]}


def to_prompt_completion(turns: Turns) -> dict[str, Any]:
    """TRL's: it takes the loss of the completion alone, whatever the chat template."""
    return {"prompt": [_user(turns)], "completion": [_assistant(turns)]}


def to_sharegpt(turns: Turns) -> dict[str, Any]:
    """The layout that LLaMA-Factory and Axolotl read."""
    said = [{"from": "human", "value": turns.prompt}, {"from": "gpt", "value": turns.answer}]
    return {"conversations": said}


_CONVERSATIONS: dict[Format, Callable[[Turns], dict[str, Any]]] = {
    Format.MESSAGES: to_chat,
    Format.PROMPT_COMPLETION: to_prompt_completion,
    Format.SHAREGPT: to_sharegpt,
}


def forms_of(turns: Callable[[P], Turns]) -> dict[Format, Form[P]]:
    """The layouts that hold nothing but the conversation."""
    return {name: Form(turns, _said_alone(layout)) for name, layout in _CONVERSATIONS.items()}


def _said_alone(layout: Callable[[Turns], dict[str, Any]]) -> Callable[[P, Turns], dict[str, Any]]:
    return lambda _, said: layout(said)


def _user(turns: Turns) -> dict[str, str]:
    return {"role": "user", "content": turns.prompt}


def _assistant(turns: Turns) -> dict[str, str]:
    return {"role": "assistant", "content": turns.answer}
