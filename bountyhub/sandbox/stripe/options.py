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
    debit_days: days of business time until the bank answers about a debit of an account.
    refund_seconds: real seconds until a refund that fails (or is pending) reaches its end.
    delay_seconds: real seconds by which a delayed webhook comes late.
    delay_webhooks: each webhook is delayed.
    lose_webhooks: the first attempt of each webhook is lost; the retry brings it.
    fault_seed: from which chance draws; the same seed strikes the same requests and webhooks in the same order.
    rate_…: how many in a thousand requests or webhooks suffer that fault (see `faults` and `deliver` in `events`).
    """

    webhooks_paused: bool = False
    duplicate_webhooks: bool = False
    reorder_webhooks: bool = False
    charges_pend: bool = False
    funds_pend_days: int = 0
    async_seconds: int = 1
    debit_days: int = 5
    refund_seconds: int = 3
    delay_seconds: int = 2
    delay_webhooks: bool = False
    lose_webhooks: bool = False
    fault_seed: int = 1
    rate_lost_answer: int = 0
    rate_unavailable: int = 0
    rate_rate_limited: int = 0
    rate_error_before: int = 0
    rate_error_after: int = 0
    rate_error_kept: int = 0
    rate_timeout_before: int = 0
    rate_timeout_after: int = 0
    rate_webhook_delayed: int = 0
    rate_webhook_duplicated: int = 0
    rate_webhook_reordered: int = 0
    rate_webhook_lost: int = 0


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
        if name.startswith("rate_") and value > 1000:
            raise ValueError(f"{name} is in a thousand: at most 1000")
    tx.put(KIND, "all", (tx.get(KIND, "all") or {}) | dict(wanted))


def names() -> list[str]:
    return [each.name for each in fields(Options)]
