"""What the model layer of a process is at, for whoever watches."""

from longhop.records.base import Record


class ModelStatus(Record):
    """Fresh requests and what they cost, and what they wait for now.

    {"requests": 812, "remembered": 40, "input_tokens": 201240, "output_tokens": 44011,
     "cost": "0.12 USD", "per_second": 41.2, "in_flight": 32, "waiting_for": ""}

    `cost` is empty without a price list; `waiting_for` is empty while nothing but the endpoint's
    own work is waited for.
    """

    requests: int
    remembered: int
    input_tokens: int
    output_tokens: int
    cost: str
    per_second: float
    in_flight: int
    waiting_for: str
