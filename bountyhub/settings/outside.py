"""Settings of what bountyhub speaks to: database, Redis, payment processor, forge and mail."""

from __future__ import annotations

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from bountyhub.settings.addresses import is_loopback, web_address

SANDBOX_KEY = "sk_sandbox_"
DATABASES = ("sqlite://", "postgresql://", "postgres://", "postgresql+psycopg://")
SECRET_LENGTH = 32
REDIS = ("redis://", "rediss://", "unix://")


def split_secrets(text: str) -> tuple[str, ...]:
    """The secrets in a list separated by commas."""
    return tuple(filter(None, (part.strip() for part in text.split(","))))


class OutsideSettings(BaseSettings):
    """Where the outside services are and the secrets shown to them."""

    DATABASE_URL: str
    #: The role that owns the tables; only `bountyhub migrate` uses it. Without it DATABASE_URL's own role is the owner.
    DATABASE_OWNER_URL: str = ""
    REDIS_URL: str = ""
    SECRET_KEY: SecretStr
    PUBLIC_URL: str
    HOST: str = "127.0.0.1"
    PORT: int = Field(default=8000, ge=1, le=65534)

    STRIPE_SECRET_KEY: SecretStr
    #: One for each endpoint, and two while one is rotated: separated by commas, any of them is believed.
    STRIPE_WEBHOOK_SECRET: SecretStr
    STRIPE_API_BASE: str = "https://api.stripe.com"
    GITHUB_API_URL: str = "https://api.github.com"
    GITHUB_WEB_URL: str = "https://github.com"
    GITHUB_APP_ID: str
    GITHUB_APP_SLUG: str = "bountyhub"
    GITHUB_APP_PRIVATE_KEY: SecretStr
    GITHUB_WEBHOOK_SECRET: SecretStr
    GITHUB_CLIENT_ID: str
    GITHUB_CLIENT_SECRET: SecretStr
    #: Seconds between two edits of an issue's status comment, at least; and what funded issues are labelled.
    GITHUB_COMMENT_PAUSE: int = Field(default=10, ge=0, le=3600)
    GITHUB_LABEL: str = Field(default="funded", min_length=1, max_length=50)
    SMTP_URL: SecretStr
    MAIL_FROM: str = "bountyhub <no-reply@localhost>"
    SANDBOX_URL: str = ""

    @field_validator("DATABASE_URL", "DATABASE_OWNER_URL")
    @classmethod
    def _database(cls, value: str, info: ValidationInfo) -> str:
        optional = info.field_name == "DATABASE_OWNER_URL"
        if not (value.startswith(DATABASES) or (optional and not value)):
            raise ValueError("write postgresql://user:password@host/name or sqlite:////path/to/file.db")
        return value

    @field_validator("REDIS_URL")
    @classmethod
    def _redis(cls, value: str) -> str:
        if value and not value.startswith(REDIS):
            raise ValueError("write redis://host:6379/0, or leave it away for the embedded runner")
        return value

    @field_validator("SECRET_KEY")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < SECRET_LENGTH:
            raise ValueError(f"write at least {SECRET_LENGTH} random characters, e.g. from: openssl rand -hex 32")
        return value

    @field_validator("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET",
                     "GITHUB_CLIENT_SECRET", "SMTP_URL")  # fmt: skip
    @classmethod
    def _not_empty(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().strip(" ,"):
            raise ValueError("not set")
        return value

    @field_validator("GITHUB_APP_ID")
    @classmethod
    def _number(cls, value: str) -> str:
        if not (value.isascii() and value.isdigit()):
            raise ValueError("write the App's number, which GitHub shows on the App's page as App ID")
        return value

    @field_validator("PUBLIC_URL", "STRIPE_API_BASE", "GITHUB_API_URL", "GITHUB_WEB_URL", "SANDBOX_URL")
    @classmethod
    def _url(cls, value: str) -> str:
        return web_address(value)

    def _stripe_key_is_play(self) -> bool:
        return self.STRIPE_SECRET_KEY.get_secret_value().startswith(SANDBOX_KEY)

    def _outside(self) -> dict[str, bool]:
        """The addresses of outside services, and whether each is a sandbox (or could be: not encrypted)."""
        play = self._stripe_key_is_play()
        urls = {name: getattr(self, name) for name in ("STRIPE_API_BASE", "GITHUB_API_URL", "GITHUB_WEB_URL")}
        return {
            **{name: is_loopback(url) or (not play and not url.startswith("https://")) for name, url in urls.items()},
            "SMTP_URL": self.SMTP_URL.get_secret_value().startswith("mailbox+"),
        }

    @property
    def is_sandboxed(self) -> bool:
        """Whether the outside services are sandboxes on this machine: only then may time be moved."""
        return self._stripe_key_is_play() and all(self._outside().values())
