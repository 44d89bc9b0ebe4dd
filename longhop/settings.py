"""Where a dataset is built. Read from the environment alone, never hashed, never published."""

from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from longhop.errors import ConfigError
from longhop.identity import digest


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

    @field_validator("api_key", mode="before")
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
        wrong = "; ".join(
            f"LONGHOP_{'.'.join(str(part) for part in each['loc']).upper()}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        )
        raise ConfigError(f"settings in the environment are wrong: {wrong}") from None
