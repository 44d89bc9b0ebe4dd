"""How the server misbehaves, on demand."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from longhop.rehearsal.chance import draw

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True)
class Latency:
    """How waiting times lie around their mean: all alike, memoryless, or with a long right side.

    `spread` is the standard deviation of a lognormal's logarithm. A `tail_share` of the requests
    takes `tail_times` as long as the others; the mean of all stays the same.
    """

    __pydantic_config__ = _STRICT

    shape: Literal["constant", "exponential", "lognormal"] = "exponential"
    spread: Annotated[float, Field(ge=0, le=5)] = 0.5
    tail_share: Share = 0.0
    tail_times: Annotated[float, Field(ge=1, le=1e6)] = 10.0


@dataclass(frozen=True)
class Limits:
    """What is let in within any `window_s` seconds; None is no limit."""

    __pydantic_config__ = _STRICT

    requests: Count | None = None
    tokens: Count | None = None
    window_s: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 60.0


@dataclass(frozen=True)
class BatchConduct:
    """How the Batch API misbehaves. The order of the replies is never that of the requests.

    Of the requests, `missing_share` stands in neither file, drawn anew for each submission of the
    same body, and `failed_share` in the error file, at the first submission alone. Of the batches,
    drawn anew when the same file is submitted again, `fail_whole_share` fails at once and
    `expired_share` ends early, with a drawn part of it answered. `expires_after_s` ends all that
    take longer. Answers come evenly over `delay_s`.
    """

    __pydantic_config__ = _STRICT

    supported: bool = True
    delay_s: Seconds = 0.0
    missing_share: Share = 0.0
    failed_share: Share = 0.0
    fail_whole_share: Share = 0.0
    expired_share: Share = 0.0
    expires_after_s: Seconds | None = None
    most_requests: Count = 50_000


@dataclass(frozen=True)
class Conduct:
    """By default it behaves. Shares are of the requests, drawn from what a request says.

    What befalls the connection is drawn anew for each attempt of the same request (`hang_share`,
    `cut_share`, `truncated_share`, `no_choices_share`), or strikes the first alone
    (`error_share`, with one of `error_statuses`), so that patience is rewarded. What befalls the
    text (`malformed_share`, `wrong_schema_share`, `empty_share`) hangs on the request alone, so
    that the same request is answered with the same bytes; of the spoilt ones `again_share` is
    spoilt again when the model is told so and asked once more. A refusal is final. Of the requests
    for a document, `short_share` gets 30 to 60% of the words that it asks for, as models do.

    `latency_s` is the mean, and `latency` says how it is spread. A `response_format` above what
    it `understands` is refused. Another `seed` strikes other requests.
    """

    __pydantic_config__ = _STRICT

    seed: int = 0
    latency_s: Seconds = 0.0
    latency: Latency = field(default_factory=Latency)
    capacity: Annotated[int, Field(ge=0)] | None = None
    retry_after_s: Seconds = 1.0
    limits: Limits = field(default_factory=Limits)
    understands: Literal["json_schema", "json_object", "text"] = "json_schema"
    error_share: Share = 0.0
    error_statuses: Annotated[tuple[Literal[500, 502, 503, 504, 529], ...], Field(min_length=1)] = (
        500,
    )
    hang_share: Share = 0.0
    cut_share: Share = 0.0
    truncated_share: Share = 0.0
    no_choices_share: Share = 0.0
    malformed_share: Share = 0.0
    wrong_schema_share: Share = 0.0
    empty_share: Share = 0.0
    again_share: Share = 0.5
    refuse_share: Share = 0.0
    short_share: Share = 0.0
    obey_injections: bool = False
    batch: BatchConduct = field(default_factory=BatchConduct)

    def draw(self, salt: str, *content: str) -> float:
        """A number in [0, 1) of this seed, for what it is drawn for alone."""
        return draw(salt, str(self.seed), *content)

    def strikes(self, share: float, salt: str, *content: str) -> bool:
        """Whether this is one of the share that is struck."""
        return share > 0 and self.draw(salt, *content) < share
