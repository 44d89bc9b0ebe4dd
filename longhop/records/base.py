"""What every record is: frozen, strict, JSON-able."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """One row of an artifact, or a part of one. It never changes once it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")
