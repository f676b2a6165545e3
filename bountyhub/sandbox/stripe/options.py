"""The switches of the stand-in: what it delays, repeats or holds back. Set on the dashboard or by control calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from bountyhub.sandbox.store import Tx

KIND = "stripe.options"


@dataclass(frozen=True)
class Options:
    """
    webhooks_paused: events are stored, none is delivered until this is switched off.
    duplicate_webhooks: each webhook is delivered twice.
    reorder_webhooks: what one step causes is delivered backwards.
    charges_pend: new charges get no balance transaction until this is switched off (or they are settled).
    funds_pend_days: days of business time before a charge's money is available.
    async_seconds: real seconds until an `automatic_async` charge gets its balance transaction.
    refund_seconds: real seconds until a refund that fails (or is pending) reaches its end.
    """

    webhooks_paused: bool = False
    duplicate_webhooks: bool = False
    reorder_webhooks: bool = False
    charges_pend: bool = False
    funds_pend_days: int = 0
    async_seconds: int = 1
    refund_seconds: int = 3


def load(tx: Tx, configured: Mapping[str, Any] | None = None) -> Options:
    """The stored switches over the configured ones over the defaults."""
    stored = tx.get(KIND, "all") or {}
    return Options(**{**(configured or {}), **stored})


def change(tx: Tx, wanted: Mapping[str, Any]) -> None:
    """Store some switches; raises ValueError for an unknown name or a value of the wrong type."""
    defaults = asdict(Options())
    for name, value in wanted.items():
        if name not in defaults:
            raise ValueError(f"no such option: {name}")
        if type(value) is not type(defaults[name]) or (isinstance(value, int) and value < 0):
            raise ValueError(f"{name} must be {'true or false' if defaults[name] is False else 'a number from 0'}")
    tx.put(KIND, "all", (tx.get(KIND, "all") or {}) | dict(wanted))


def names() -> list[str]:
    return [each.name for each in fields(Options)]
