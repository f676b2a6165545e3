"""Typed settings from the environment; a wrong one stops the start with its name and a hint.

`cli` fills in what an instance on the built-in sandboxes needs when nothing is set.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as Unreadable

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SANDBOX_KEY = "sk_sandbox_"
WRONG = "These settings are missing or wrong:"
DATABASES = ("sqlite://", "postgresql://", "postgres://", "postgresql+psycopg://")
SECRET_LENGTH = 32
REDIS = ("redis://", "rediss://", "unix://")
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class SettingsError(Exception):
    """Settings that can't work together; the text names each one and says what to write."""


class Settings(BaseSettings):
    """Everything an operator decides. Durations end in their unit; amounts are minor units by currency."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    DATABASE_URL: str
    #: The role that owns the tables; only `bountyhub migrate` uses it. Without it DATABASE_URL's own role is the owner.
    DATABASE_OWNER_URL: str = ""
    REDIS_URL: str = ""
    SECRET_KEY: SecretStr
    PUBLIC_URL: str
    HOST: str = "127.0.0.1"
    PORT: int = Field(default=8000, ge=1, le=65534)

    STRIPE_SECRET_KEY: SecretStr
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
    SMTP_URL: SecretStr
    MAIL_FROM: str = "bountyhub <no-reply@localhost>"

    CURRENCIES: Annotated[list[str], NoDecode] = ["EUR"]
    HOLD_DAYS: int = Field(default=85, ge=30, le=700)
    FRESH_DAYS: int = Field(default=7, ge=0, le=30)
    COOLING_OFF_DAYS: int = Field(default=14, ge=0, le=60)
    FEE_PERCENT: Decimal = Field(default=Decimal(5), ge=0, le=30)
    FEE_FIXED: dict[str, int] = {"EUR": 25, "USD": 30, "GBP": 25, "CHF": 30, "CAD": 30, "SEK": 250, "JPY": 40}
    MIN_AMOUNT: dict[str, int] = {"EUR": 500, "USD": 500, "GBP": 500, "CHF": 500, "CAD": 500, "SEK": 5000, "JPY": 500}
    MAX_AMOUNT: dict[str, int] = {"EUR": 1_000_000, "USD": 1_000_000, "GBP": 1_000_000, "JPY": 100_000_000}
    COST_PERCENT: Decimal = Field(default=Decimal("3.25"), ge=0, le=20)
    COST_FIXED: int = Field(default=25, ge=0)
    CHECKOUT_MINUTES: int = Field(default=60, ge=35, le=1435)
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
    SANDBOX_URL: str = ""
    LOG_LEVEL: Level = "INFO"

    @field_validator("CURRENCIES", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip().upper() for part in value.split(",")] if isinstance(value, str) else value

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
        if not value.get_secret_value().strip():
            raise ValueError("not set")
        return value

    @field_validator("GITHUB_APP_ID")
    @classmethod
    def _number(cls, value: str) -> str:
        if not (value.isascii() and value.isdigit()):
            raise ValueError("write the App's number, which GitHub shows on the App's page as App ID")
        return value

    @field_validator("FEE_FIXED", "MIN_AMOUNT", "MAX_AMOUNT")
    @classmethod
    def _amounts(cls, value: dict[str, int]) -> dict[str, int]:
        if any(amount < 0 for amount in value.values()):
            raise ValueError("no amount may be negative")
        return value

    @field_validator("PUBLIC_URL", "STRIPE_API_BASE", "GITHUB_API_URL", "GITHUB_WEB_URL", "SANDBOX_URL")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname):
            raise ValueError("write a full address such as https://bounties.example.org")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _amounts_of_each_currency(self) -> Settings:
        if not any(self.CURRENCIES):
            raise ValueError("CURRENCIES names none: write e.g. EUR,USD")
        for currency in self.CURRENCIES:
            if currency not in self.FEE_FIXED:
                raise ValueError(f"CURRENCIES names {currency}, for which FEE_FIXED has no amount")
            if self.MIN_AMOUNT.get(currency, 0) > self.MAX_AMOUNT.get(currency, 10**9):
                raise ValueError(f"MIN_AMOUNT for {currency} is above MAX_AMOUNT")
        return self

    @model_validator(mode="after")
    def _all_real_or_all_play(self) -> Settings:
        """Real money beside a play GitHub would go to whoever says there that they are the developer."""
        key = self._stripe_key_is_play()
        if self.SANDBOX_URL and not key:
            raise ValueError(
                "the sandbox can't run beside real services: STRIPE_SECRET_KEY is real; use serve --no-sandbox"
            )
        odd = ", ".join(name for name, play in self._outside().items() if play != key)
        if odd and key:
            raise ValueError(
                f"STRIPE_SECRET_KEY is a sandbox key but {odd} is real; use sandboxes for all, or for none"
            )
        if odd:
            raise ValueError(f"STRIPE_SECRET_KEY is a real key but {odd} is not: write the real https:// address")
        return self

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

    @property
    def fee_basis_points(self) -> int:
        """The fee's percentage in hundredths of a percent."""
        return int(self.FEE_PERCENT * 100)

    @property
    def cost_basis_points(self) -> int:
        """The expected processing cost's percentage in hundredths of a percent."""
        return int(self.COST_PERCENT * 100)


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def load(**given: Any) -> Settings:
    """Settings from the environment, `given` first; raises SettingsError that names each wrong one."""
    try:
        return Settings(**given)
    except Unreadable as error:  # a table of amounts that is no JSON
        raise SettingsError(f'{WRONG}\n  {_name_in(str(error))}: write JSON such as {{"EUR": 25}}') from None
    except ValidationError as error:
        lines = [": ".join([*(str(part) for part in e["loc"][:1]), _hint(e["msg"])]) for e in error.errors()]
        raise SettingsError(f"{WRONG}\n  " + "\n  ".join(lines)) from None


def _name_in(message: str) -> str:
    return message.partition('field "')[2].partition('"')[0]


def _hint(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Field required", "not set")


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make these the settings of this process; called once by `create_app`, the worker and the tests."""
    global _current
    _current = settings


def current() -> Settings:
    """The settings of this process; raises SettingsError before `use`."""
    if _current is None:
        raise SettingsError("No settings are in use: call settings.use(...) first.")
    return _current
