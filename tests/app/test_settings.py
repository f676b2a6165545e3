"""Settings from the environment: each wrong one stops the start with its name; play money stays beside play keys."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from bountyhub import settings as settings_module
from bountyhub.settings import Settings, SettingsError, load
from tests.builders.settings import play_settings

Given = Callable[..., Settings]

REAL: dict[str, str] = {
    "STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_API_BASE": "https://api.stripe.com",
    "GITHUB_API_URL": "https://api.github.com", "GITHUB_WEB_URL": "https://github.com",
    "SMTP_URL": "smtps://hub:pw@mail.example.org", "SANDBOX_URL": "",
}  # fmt: skip


def play_environment() -> dict[str, str]:
    named = play_settings().model_dump(exclude_defaults=True)
    return {name: v.get_secret_value() if isinstance(v, SecretStr) else str(v) for name, v in named.items()}


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Load settings from an environment of the sandboxes with these changes."""

    def load_with(**changes: str) -> Settings:
        for name in Settings.model_fields.keys() & os.environ.keys():
            monkeypatch.delenv(name)
        for name, value in (play_environment() | changes).items():
            monkeypatch.setenv(name, value)
        return load()

    return load_with


WRONG = [
    ("DATABASE_URL", "mysql://hub@db/hub", "write postgresql://"),
    ("REDIS_URL", "http://cache", "write redis://"),
    ("SECRET_KEY", "short", "at least 32 random characters"),
    ("PUBLIC_URL", "bounties.example.org", "write a full address"),
    ("PUBLIC_URL", "https://", "write a full address"),
    ("PORT", "0", "greater than or equal to 1"),
    ("PORT", "eighty", "valid integer"),
    ("STRIPE_WEBHOOK_SECRET", "", "not set"),
    ("GITHUB_WEBHOOK_SECRET", "", "not set"),
    ("GITHUB_APP_PRIVATE_KEY", "  ", "not set"),
    ("GITHUB_APP_ID", "my-app", "write the App's number"),
    ("GITHUB_API_URL", "api.github.com", "write a full address"),
    ("OPERATORS", "olga", "write GitHub's numbers of people"),
    ("OPERATORS", "12,-3", "write GitHub's numbers of people"),
    ("METRICS_TOKEN", "short", "at least 32 random characters"),
    ("CURRENCIES", "EUR,XXX", "names XXX, for which FEE_FIXED has no amount"),
    ("CURRENCIES", " , ", "names none"),
    ("HOLD_DAYS", "9", "greater than or equal to 30"),
    ("PAYOUT_HOLD_HOURS", "73", "less than or equal to 72"),
    ("PAYABLE_COUNTRIES", "DE,Nigeria", "is not a country's two letters"),
    ("PAYABLE_COUNTRIES", ",", "names none"),
    ("FRESH_DAYS", "-1", "greater than or equal to 0"),
    ("FEE_PERCENT", "five", "valid decimal"),
    ("FEE_FIXED", "25", "valid dictionary"),
    ("FEE_FIXED", "EUR 25", "write JSON"),
    ("FEE_FIXED", '{"EUR": -1}', "no amount may be negative"),
    ("MIN_AMOUNT", '{"EUR": 2000000}', "above MAX_AMOUNT"),
    ("CURRENCIES", "EUR,NOK", "names NOK, for which FEE_FIXED has no amount"),
    ("MIN_AMOUNT", '{"USD": 500}', "names EUR, for which MIN_AMOUNT has no amount"),
    ("MIN_AMOUNT", '{"EUR": 49}', "below what the processor takes"),
    ("MAX_AMOUNT", '{"EUR": 96000000}', "more than the processor takes"),
    ("FEE_FIXED", '{"EUR": 25, "KWD": 85}', "amounts in KWD end in 0"),
    ("COST_FIXED", "25", "valid dictionary"),
    ("PAYMENT_METHODS", "card,wire", "PAYMENT_METHODS names wire: there are card, sepa_debit, bancontact"),
    ("PAYMENT_METHODS", "sepa_debit", "must name card"),
    ("PAYMENT_METHODS", ",", "must name card"),
    ("CHECKOUT_MINUTES", "5", "greater than or equal to 35"),
    ("MAX_BODY_BYTES", "1", "greater than or equal to 1024"),
    ("TRUSTED_PROXIES", "9", "less than or equal to 5"),
    ("RATE_LIMITS", "maybe", "valid boolean"),
    ("LOG_LEVEL", "LOUD", "'DEBUG'"),
]


@pytest.mark.parametrize(("name", "value", "hint"), WRONG)
def test_a_wrong_setting_is_named_with_a_hint(given: Given, name: str, value: str, hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        given(**{name: value})
    (line,) = str(refused.value).splitlines()[1:]
    assert name in line and hint in line
    assert "whsec" not in line and "k" * 20 not in line


@pytest.mark.parametrize("name", [name for name, field in Settings.model_fields.items() if field.is_required()])
def test_each_missing_setting_is_named(given: Given, name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: not set"):
        given(**{name: ""})


def test_all_wrong_settings_are_named_at_once(given: Given) -> None:
    with pytest.raises(SettingsError) as refused:
        given(PORT="0", HOLD_DAYS="1", GITHUB_CLIENT_ID="")
    assert {line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:]} == {
        "PORT", "HOLD_DAYS", "GITHUB_CLIENT_ID",
    }  # fmt: skip


@pytest.mark.parametrize(("changes", "hint"), [
    ({"PAYMENT_METHODS": "card,sepa_debit", "HOLD_DAYS": "50"}, "HOLD_DAYS is 50: write at least 70"),
    ({"PAYMENT_METHODS": "card,sepa_debit", "HOLD_DAYS": "69"}, "could never be paid to anybody"),
    ({"PAYMENT_METHODS": "card,bancontact", "CURRENCIES": "USD"}, "bancontact, which takes EUR only"),
])  # fmt: skip
def test_a_means_of_payment_that_does_not_fit_is_refused(given: Given, changes: dict[str, str], hint: str) -> None:
    with pytest.raises(SettingsError) as refused:
        given(**changes)
    assert hint in str(refused.value)


def test_each_means_of_payment_is_for_its_currencies(given: Given) -> None:
    read = given(PAYMENT_METHODS="Card, SEPA_debit,card", CURRENCIES="EUR,USD", HOLD_DAYS="70")
    assert (read.methods_for("EUR"), read.methods_for("USD")) == (("card", "sepa_debit"), ("card",))
    assert given(PAYMENT_METHODS="card,bancontact", HOLD_DAYS="30").methods_for("EUR") == ("card", "bancontact")
    assert given().methods_for("EUR") == ("card",)


def test_what_is_set_is_read(given: Given) -> None:
    read = given(CURRENCIES="eur, usd", FEE_FIXED='{"EUR": 10, "USD": 20}', FEE_PERCENT="2.5", PUBLIC_URL="http://h/")
    assert read.CURRENCIES == ["EUR", "USD"]
    assert (read.FEE_FIXED["USD"], read.fee_basis_points, read.PUBLIC_URL) == (20, 250, "http://h")
    assert given(REDIS_URL="", LOG_LEVEL="").LOG_LEVEL == "INFO"


OUTSIDE = ["STRIPE_API_BASE", "GITHUB_API_URL", "GITHUB_WEB_URL", "SMTP_URL"]


@pytest.mark.parametrize("sandbox_url", ["", "http://127.0.0.1:8001"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_sandbox_key_takes_no_real_service_beside_it(given: Given, name: str, sandbox_url: str) -> None:
    with pytest.raises(SettingsError, match=f"is a sandbox key but {name} is real"):
        given(**{name: REAL[name], "SANDBOX_URL": sandbox_url})


@pytest.mark.parametrize("key", ["sk_live_1", "sk_test_1", "rk_live_1"])
@pytest.mark.parametrize("name", OUTSIDE)
def test_a_real_key_takes_no_sandbox_beside_it(given: Given, name: str, key: str) -> None:
    with pytest.raises(SettingsError, match=f"is a real key but {name} is not"):
        given(**REAL | {name: play_environment()[name], "STRIPE_SECRET_KEY": key})


@pytest.mark.parametrize(
    ("name", "value"),
    [("GITHUB_WEB_URL", "http://sandbox:8001/github"), ("SMTP_URL", "mailbox+https://mail.example.org")],
)
def test_a_sandbox_elsewhere_is_no_real_service(given: Given, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"is a real key but {name} is not"):
        given(**REAL | {name: value})


def test_the_sandbox_does_not_run_beside_a_real_key(given: Given) -> None:
    with pytest.raises(SettingsError, match="can't run beside real services"):
        given(STRIPE_SECRET_KEY="sk_live_1")


@pytest.mark.parametrize(
    ("changes", "sandboxed"),
    [
        ({}, True),
        ({"SANDBOX_URL": ""}, True),
        ({"STRIPE_API_BASE": "http://localhost:9000/stripe", "SANDBOX_URL": ""}, True),
        (REAL, False),
        (REAL | {"SMTP_URL": "smtp://127.0.0.1:25"}, False),
    ],
)
def test_time_may_be_moved_only_when_everything_is_a_sandbox(
    given: Given, changes: dict[str, str], sandboxed: bool
) -> None:
    assert given(**changes).is_sandboxed is sandboxed


def test_no_secret_is_shown_when_settings_are_printed() -> None:
    shown = repr(play_settings())
    assert not any(secret in shown for secret in ("k" * 40, "sk_sandbox_test", "whsec_test", "client-secret"))


def test_before_any_settings_are_in_use_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_module, "_current", None)
    with pytest.raises(SettingsError, match="No settings are in use"):
        settings_module.current()


def test_operators_are_numbers_and_nobody_by_default(given: Given) -> None:
    assert given().OPERATORS == []
    assert given(OPERATORS="583231, 9919").OPERATORS == [583231, 9919]
