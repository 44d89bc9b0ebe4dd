"""What is asked of a model, and what comes back."""

from longhop.identity import digest
from longhop.records.base import Record
from longhop.records.money import Usage
from longhop.records.replies import REASONED


class Message(Record):
    """One turn of a conversation.

    {"role": "user", "content": "…"}
    """

    role: str
    content: str


class Prompt(Record):
    """What a stage asks with: its templates and answer schema by hash, the model, the sampling.

    It stands in the plan of the stage, so changing any part of it asks again.

    {"name": "single_hop", "templates": {"en": "81c0…", "zh": "5d2e…"},
     "reply": "single_hop_questions", "reply_schema": "97a1…", "model": "rehearsal-1",
     "temperature": 0.7, "max_tokens": 1024, "sample": 0}

    The same is asked several times under several numbers of `sample`.
    """

    name: str
    templates: dict[str, str]
    reply: str
    reply_schema: str
    model: str
    temperature: float
    max_tokens: int
    sample: int = 0

    @property
    def reasons(self) -> bool:
        """Whether the model writes down its reasoning before what it is asked for."""
        return self.reply in REASONED.values()


class ModelRequest(Record):
    """One logical request, before it is adapted to what an endpoint can do.

    {"messages": [{…}, {…}], "model": "rehearsal-1", "temperature": 0.7, "max_tokens": 1024,
     "reply": "single_hop_questions", "reply_schema": "97a1…", "sample": 0}
    """

    messages: tuple[Message, ...]
    model: str
    temperature: float
    max_tokens: int
    reply: str
    reply_schema: str
    sample: int = 0

    @property
    def key(self) -> str:
        """The name under which its answer is remembered."""
        return digest("answer", self.model_dump(mode="json"))


class ModelAnswer(Record):
    r"""A model's text and the tokens it took. The prompt is not kept with it.

    {"text": "{\\"questions\\": []}", "finish": "stop", "input_tokens": 312, "output_tokens": 9}
    """

    text: str
    finish: str
    input_tokens: int
    output_tokens: int

    def or_guessed(self, request: ModelRequest) -> "ModelAnswer":
        """With a guess of its tokens, one for three characters, where an endpoint counts none.

        Else caps on tokens and money would never be reached.
        """
        if self.input_tokens or self.output_tokens:
            return self
        read = sum(len(each.content) for each in request.messages)
        return self.model_copy(
            update={"input_tokens": read // 3 + 1, "output_tokens": len(self.text) // 3 + 1}
        )

    @property
    def usage(self) -> Usage:
        """The one answer and its tokens."""
        return Usage(answers=1, input_tokens=self.input_tokens, output_tokens=self.output_tokens)
