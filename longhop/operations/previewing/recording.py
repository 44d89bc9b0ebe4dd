"""A model that is listened to: every prompt as it is sent, and every reply as it comes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from longhop.llm.meter import metered, stage_at_work
from longhop.llm.reading import Unreadable, read_reply
from longhop.ports import NoReply
from longhop.records.model import Message, ModelAnswer, ModelRequest, Prompt
from longhop.records.money import total
from longhop.records.replies import Reply

if TYPE_CHECKING:
    from longhop.llm.client import RememberingModel

P = TypeVar("P", bound=Reply)

# Answers are not waited for in batches: a preview is looked at now.
_AT_WORK = "preview"


@dataclass(eq=False)
class Exchange:
    """A prompt as it was sent, and what came back.

    `replies` are the texts as the model wrote them: two where the first could not be read, for the
    reason in `again`. `lost` says why there is no reply, where there is none.
    """

    stage: str
    prompt: Prompt
    language: str
    messages: tuple[Message, ...]
    form: str = ""
    replies: tuple[str, ...] = ()
    again: str = ""
    lost: str = ""
    remembered: bool = False
    read: int = 0
    written: int = 0


class Recorder:
    """A ChatModel that hands on at most so many prompts to another one, and notes all of them.

    A prompt beyond the limit is refused like one that an endpoint refuses, so its stage goes on
    without it. With a limit of 0 nothing is ever sent.
    """

    def __init__(self, model: "RememberingModel", limit: int) -> None:
        self.model = model
        self.limit = limit
        self.sent = 0
        self.exchanges: list[Exchange] = []
        self._taken = 0

    async def ask(
        self, prompt: Prompt, language: str, values: Mapping[str, object], reply: type[P]
    ) -> P | NoReply:
        """What the other model makes of it; each is noted in the order in which it was asked."""
        request = self.model.request(prompt, language, values)
        noted = Exchange(stage_at_work(), prompt, language, request.messages)
        self.exchanges.append(noted)
        self._note_form(noted, request)
        if self.sent >= self.limit:
            noted.lost = "not sent" + (f": the limit is {self.limit} prompts" if self.limit else "")
            return NoReply(refused=True, detail=noted.lost, raw="")
        self.sent += 1
        noted.remembered = self.model.kept(request.key) is not None
        try:
            with metered(_AT_WORK) as used:
                found = await self.model.ask(prompt, language, values, reply)
        except BaseException as error:
            noted.lost = str(error) or type(error).__name__
            raise
        usage = total(used.bill)
        noted.read, noted.written = usage.input_tokens, usage.output_tokens
        self._note_form(noted, request)
        self._note_reply(noted, request, reply, found)
        return found

    def request(self, prompt: Prompt, language: str, values: Mapping[str, object]) -> ModelRequest:
        """The logical request of a prompt."""
        return self.model.request(prompt, language, values)

    def kept(self, key: str) -> ModelAnswer | None:
        """The remembered answer, if there is one."""
        return self.model.kept(key)

    def take(self) -> list[Exchange]:
        """Those that came since this was last asked."""
        fresh = self.exchanges[self._taken :]
        self._taken = len(self.exchanges)
        return fresh

    def _note_form(self, noted: Exchange, request: ModelRequest) -> None:
        """The messages as they go out: an endpoint without schemas is told of them in words."""
        endpoint = getattr(self.model, "endpoint", None)
        if endpoint is None:
            return
        schema = self.model.prompts.text(request.reply_schema)
        sent: list[dict[str, Any]] = endpoint.body(request, schema)["messages"]
        noted.messages = tuple(Message(role=each["role"], content=each["content"]) for each in sent)
        noted.form = endpoint.abilities.of(request.model)

    def _note_reply(
        self, noted: Exchange, request: ModelRequest, reply: type[Reply], found: Reply | NoReply
    ) -> None:
        """The texts are those in the memo; a second one lies under the key of the first, plus 1."""
        first = self.model.kept(request.key)
        if isinstance(found, NoReply):
            noted.lost = found.detail
        if first is None:
            raw = found.raw if isinstance(found, NoReply) else found.model_dump_json()
            noted.replies = (raw,) if raw else ()
            return
        noted.replies = (first.text,)
        try:
            read_reply(first.text, reply, is_cut=first.finish == "length")
        except Unreadable as error:
            noted.again = str(error)
            second = self.model.kept(f"{request.key}+1")
            noted.replies += (second.text,) if second is not None else ()
