"""Typed settings from the environment; a wrong one stops the start with its name and a hint.

`cli` fills in what an instance on the built-in sandboxes needs when nothing is set.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError, model_validator
from pydantic_settings import SettingsConfigDict
from pydantic_settings import SettingsError as Unreadable

from bountyhub.settings import app_file
from bountyhub.settings.addresses import belong_together, is_loopback
from bountyhub.settings.legal import LegalSettings
from bountyhub.settings.methods import why_not
from bountyhub.settings.money import LARGEST_CHARGE, LEAST_CHARGE, MoneySettings
from bountyhub.settings.outside import SANDBOX_KEY, OutsideSettings, split_secrets
from bountyhub.settings.payouts import PayoutSettings
from bountyhub.settings.site import Level, SiteSettings

WRONG = "These settings are missing or wrong:"

__all__ = [
    "SANDBOX_KEY",
    "Level",
    "Settings",
    "SettingsError",
    "current",
    "is_loopback",
    "load",
    "split_secrets",
    "use",
]


class SettingsError(Exception):
    """Settings that can't work together; the text names each one and says what to write."""


class Settings(OutsideSettings, MoneySettings, PayoutSettings, LegalSettings, SiteSettings):
    """Everything an operator decides; each group in its own file, what they owe each other here."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_ignore_empty=True)

    @model_validator(mode="after")
    def _amounts_of_each_currency(self) -> Settings:
        if not any(self.CURRENCIES):
            raise ValueError("CURRENCIES names none: write e.g. EUR,USD")
        for currency in self.CURRENCIES:
            for name in ("FEE_FIXED", "MIN_AMOUNT", "MAX_AMOUNT"):
                if currency not in getattr(self, name):
                    raise ValueError(f"CURRENCIES names {currency}, for which {name} has no amount")
            least, most = self.MIN_AMOUNT[currency], self.MAX_AMOUNT[currency]
            if least > most:
                raise ValueError(f"MIN_AMOUNT for {currency} is above MAX_AMOUNT")
            if least < LEAST_CHARGE.get(currency, 1):
                raise ValueError(f"MIN_AMOUNT for {currency} is below what the processor takes")
            if most + most * self.fee_basis_points // 10_000 + self.FEE_FIXED[currency] > LARGEST_CHARGE:
                raise ValueError(f"MAX_AMOUNT for {currency}, with its fee, is more than the processor takes")
        return self

    @model_validator(mode="after")
    def _methods_fit(self) -> Settings:
        if wrong := why_not(self.PAYMENT_METHODS, self.CURRENCIES, self.HOLD_DAYS):
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _tax_has_a_seller(self) -> Settings:
        if self.VAT_RATES and not self.VAT_COUNTRY:
            raise ValueError("VAT_RATES needs VAT_COUNTRY: the country in which you are established")
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

    @model_validator(mode="after")
    def _one_github(self) -> Settings:
        """Numbers of people are one GitHub's own: who signs in at one must not be somebody of another."""
        if not self._stripe_key_is_play() and not belong_together(self.GITHUB_API_URL, self.GITHUB_WEB_URL):
            raise ValueError(
                "GITHUB_API_URL and GITHUB_WEB_URL must be of one GitHub: leave both away, or write "
                "https://HOST/api/v3 and https://HOST for GitHub Enterprise Server"
            )
        return self


def load(**given: Any) -> Settings:
    """Settings from the environment, `given` first; raises SettingsError that names each wrong one."""
    try:
        return Settings(**(given | app_file.values()))
    except app_file.BrokenAppFile as error:
        raise SettingsError(f"{WRONG}\n  {error}") from None
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
