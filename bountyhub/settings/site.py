"""Settings of the site itself: its log, who operates it, its limits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from bountyhub.settings.outside import SECRET_LENGTH

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class SiteSettings(BaseSettings):
    """Everything that is neither an outside service nor money."""

    MAX_BODY_BYTES: int = Field(default=25 * 1024 * 1024, ge=1024)

    #: The log of the books: signs its checkpoints (Ed25519, PEM or 32 bytes in base64; without it a key derived from
    #: SECRET_KEY), and verifier keys (name+id+base64, with commas) that signed before and still count.
    LEDGER_SIGNING_KEY: SecretStr = SecretStr("")
    LEDGER_FORMER_KEYS: Annotated[list[str], NoDecode] = []

    #: The forge's numeric ids of who may see the operator's page (logins change hands), and what a monitoring server
    #: shows to read /metrics; without a token nobody may, but programs on this machine while PUBLIC_URL is on it too.
    OPERATORS: Annotated[list[int], NoDecode] = []
    METRICS_TOKEN: SecretStr = SecretStr("")

    RATE_LIMITS: bool = True
    TRUSTED_PROXIES: int = Field(default=0, ge=0, le=5)
    SOURCE_URL: str = "https://github.com/bountyhub/bountyhub"
    LOG_LEVEL: Level = "INFO"

    @field_validator("LEDGER_FORMER_KEYS", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("OPERATORS", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(
                "write GitHub's numbers of people, e.g. 583231,9919; see https://api.github.com/users/LOGIN"
            )
        return [int(part) for part in parts]

    @field_validator("METRICS_TOKEN")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"write at least {SECRET_LENGTH} random characters, e.g. from: openssl rand -hex 32")
        return value
