"""What the sandboxes are told at their start, by `cli` or a test; refuses to run beside real keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SANDBOX_KEY = "sk_sandbox_"
REAL_KEYS = ("sk_live_", "sk_test_", "rk_")


class SandboxRefused(Exception):
    """The sandboxes must not start: the message says which setting is wrong and what to do."""


@dataclass(frozen=True)
class SandboxConfig:
    """`url` and `app_url` carry no trailing slash; `record_dir` set means every exchange is written there."""

    url: str
    app_url: str
    database: Path
    stripe_key: str
    stripe_webhook_secret: str
    github_app_id: int
    github_app_private_key: str
    github_webhook_secret: str
    github_client_id: str
    github_client_secret: str
    record_dir: Path | None = None
    stripe_options: Mapping[str, Any] = field(default_factory=dict)


def refuse_real_keys(config: SandboxConfig) -> None:
    """Raise SandboxRefused unless the payment key is one that only the sandbox understands."""
    if config.stripe_key.startswith(REAL_KEYS):
        raise SandboxRefused(
            "STRIPE_SECRET_KEY is a key of the real Stripe: the play-money sandboxes do not start beside it."
            " Run with --no-sandbox, or unset the key."
        )
    if not config.stripe_key.startswith(SANDBOX_KEY):
        raise SandboxRefused(f"STRIPE_SECRET_KEY must begin with {SANDBOX_KEY} when the sandboxes run.")
