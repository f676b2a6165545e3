"""Settings for tests of operations: everything outside is named as a sandbox that isn't there."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from bountyhub.settings import Settings


def play_settings(**changes: Any) -> Settings:
    """Settings of an instance on sandboxes, without fresh days."""
    values: dict[str, Any] = {
        "DATABASE_URL": "sqlite://", "SECRET_KEY": SecretStr("k" * 40), "PUBLIC_URL": "http://127.0.0.1:8000",
        "STRIPE_SECRET_KEY": SecretStr("sk_sandbox_test"), "STRIPE_WEBHOOK_SECRET": SecretStr("whsec_test"),
        "STRIPE_API_BASE": "http://127.0.0.1:8001/stripe", "GITHUB_API_URL": "http://127.0.0.1:8001/github/api/v3",
        "GITHUB_WEB_URL": "http://127.0.0.1:8001/github", "GITHUB_APP_ID": "1",
        "GITHUB_APP_PRIVATE_KEY": SecretStr("key"), "GITHUB_WEBHOOK_SECRET": SecretStr("hook"),
        "GITHUB_CLIENT_ID": "client", "GITHUB_CLIENT_SECRET": SecretStr("client-secret"),
        "SMTP_URL": SecretStr("mailbox+http://127.0.0.1:8001/mailbox/messages"),
        "SANDBOX_URL": "http://127.0.0.1:8001", "FRESH_DAYS": 0, "PAYOUT_HOLD_HOURS": 0,
        "RATE_LIMITS": False,
    }  # fmt: skip
    return Settings(**(values | changes))


def real_settings(**changes: Any) -> Settings:
    """Settings of an instance that takes real money."""
    real: dict[str, Any] = {
        "STRIPE_SECRET_KEY": SecretStr("sk_live_1"), "STRIPE_API_BASE": "https://api.stripe.com",
        "GITHUB_API_URL": "https://api.github.com", "GITHUB_WEB_URL": "https://github.com",
        "SMTP_URL": SecretStr("smtps://mail.example.org"), "SANDBOX_URL": "",
    }  # fmt: skip
    return play_settings(**(real | changes))
