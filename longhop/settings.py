"""Where a dataset is built. Read from the environment alone, never hashed, never published."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from longhop.errors import ConfigError
from longhop.identity import digest

MODEL_STAGES = frozenset({"ask", "merge", "judge", "prove", "write", "rewrite"})


class Settings(BaseSettings):
    """Endpoint, store, keys and limits of this process; every field is `LONGHOP_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="LONGHOP_", extra="ignore", frozen=True)

    store: str = Field("longhop-store", description="A folder, or s3://bucket/prefix.")
    s3_endpoint: str | None = Field(
        None,
        validation_alias=AliasChoices("LONGHOP_S3_ENDPOINT", "AWS_ENDPOINT_URL"),
        description="The address of an S3-compatible server; Amazon's own if not given.",
    )
    journals: Path | None = Field(
        None, description="A local folder for answers on their way to the store."
    )
    base_url: str = Field(
        "https://api.openai.com/v1",
        validation_alias=AliasChoices("LONGHOP_BASE_URL", "OPENAI_BASE_URL"),
        description="An OpenAI-compatible endpoint.",
    )
    api_key: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("LONGHOP_API_KEY", "OPENAI_API_KEY")
    )
    concurrency: int = Field(32, ge=1, le=4096, description="Most requests in flight.")
    timeout: float = Field(120, gt=0, description="Seconds that one request may take.")
    patience: float = Field(
        120, gt=0, description="Seconds without any answer after which the endpoint is down."
    )
    requests_per_minute: float | None = Field(
        None, gt=0, description="Most requests in any 60 seconds; no limit if not given."
    )
    tokens_per_minute: float | None = Field(
        None, gt=0, description="Most tokens, read and written, in any 60 seconds."
    )
    prices: Path | None = Field(
        None, description="A YAML price list; what it does not name costs an unknown amount."
    )
    spend_limit: float | None = Field(
        None, gt=0, description="Most money that one run may spend on fresh answers; needs prices."
    )
    batch: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="Stages that ask through the Batch API, such as `ask,judge`."
    )

    hub: str = Field(
        "https://huggingface.co",
        validation_alias=AliasChoices("LONGHOP_HUB", "HF_ENDPOINT"),
        description="The Hugging Face hub that `longhop push` sends to.",
    )
    hub_token: SecretStr = Field(
        SecretStr(""), validation_alias=AliasChoices("LONGHOP_HUB_TOKEN", "HF_TOKEN")
    )

    @field_validator("batch", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        """From names with commas between them, each a stage that speaks to a model."""
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, Iterable):
            return value
        stages = frozenset(str(each).strip() for each in names) - {""}
        if strange := sorted(stages - MODEL_STAGES):
            known = ", ".join(sorted(MODEL_STAGES))
            raise ValueError(f"{strange[0]!r} is no stage that speaks to a model: {known}")
        return stages

    @model_validator(mode="after")
    def _can_be_counted(self) -> "Settings":
        if self.spend_limit is not None and self.prices is None:
            raise ValueError("LONGHOP_SPEND_LIMIT needs a price list: set LONGHOP_PRICES")
        return self

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        try:
            parts = urlsplit(value.strip())
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound:
            raise ValueError("the address of the endpoint is none such as https://host/v1")
        if "@" in parts.netloc:
            raise ValueError("the address holds a user or a password: the key is OPENAI_API_KEY")
        return value.strip()

    @field_validator("api_key", "hub_token", mode="before")
    @classmethod
    def _plain_key(cls, value: object) -> object:
        """Without the newline of the file it came from; a header holds printable ASCII alone."""
        secret = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(secret, str):
            return value
        if not (secret.strip().isascii() and secret.strip().isprintable()):
            raise ValueError("the key holds characters that no key has")
        return SecretStr(secret.strip())

    @property
    def journal_folder(self) -> Path:
        """Where journals lie: beside a local store, else in the user's cache."""
        if self.journals is not None:
            return self.journals
        if "://" not in self.store:
            return Path(self.store).absolute() / "journals"
        return Path.home() / ".cache" / "longhop" / digest(self.store)[:16]


def load_settings() -> Settings:
    """The settings of this process.

    Raises:
        ConfigError: A variable holds what cannot be used; its value is not repeated.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(_explain(each) for each in error.errors(include_url=False))
        raise ConfigError(f"settings in the environment are wrong: {wrong}") from None


def _explain(error: Any) -> str:
    """What is wrong, by the variable's name; the value is not repeated: it may be a key."""
    name = ".".join(str(part) for part in error["loc"]).upper()
    message = str(error["msg"]).removeprefix("Value error, ")
    if not name:
        return message
    return f"{name if name.startswith('LONGHOP_') else f'LONGHOP_{name}'}: {message}"
