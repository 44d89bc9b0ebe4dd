"""How the server misbehaves, on demand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Conduct:
    """By default it behaves. Shares are of the requests, drawn from what a request says.

    `error_share` fails with 500 on the first attempt alone. `hang_share` and `cut_share` are
    drawn anew for each attempt of the same request, so that patience is rewarded.
    """

    latency_s: float = 0.0
    capacity: int | None = None
    retry_after_s: float = 1.0
    error_share: float = 0.0
    hang_share: float = 0.0
    cut_share: float = 0.0
    malformed_share: float = 0.0
    refuse_share: float = 0.0
    obey_injections: bool = False
