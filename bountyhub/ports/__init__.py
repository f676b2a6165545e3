"""Protocols for the outside world and their value types; `integrations` implement them, jobs and a few pages call them.

`use` wires the parts of this process once (create_app, the worker, tests); the getters hand them out.
"""

from __future__ import annotations

from bountyhub.ports.errors import (
    OutsideError,
    OutsideGone,
    OutsideRefused,
    OutsideUnavailable,
    RetryAt,
)
from bountyhub.ports.forge import Forge
from bountyhub.ports.mailer import Mailer
from bountyhub.ports.payments import PaymentGateway

#: The first forge's key stands before a process is wired: whoever only records needs no outside.
_parts: dict[str, object] = {"key": "github"}


def use(*, gateway: PaymentGateway, forge: Forge, mailer: Mailer) -> None:
    """Wire the three outside services of this process."""
    _parts.update(gateway=gateway, forge=forge, mailer=mailer, key=forge.site.key)


def gateway() -> PaymentGateway:
    """The payment processor."""
    part = _parts["gateway"]
    assert isinstance(part, PaymentGateway)
    return part


def forge() -> Forge:
    """The code forge."""
    part = _parts["forge"]
    assert isinstance(part, Forge)
    return part


def forge_key() -> str:
    """Under which the people and repositories of this process's forge are kept."""
    return str(_parts["key"])


def mailer() -> Mailer:
    """The mail service."""
    part = _parts["mailer"]
    assert isinstance(part, Mailer)
    return part


__all__ = [
    "Forge", "Mailer", "OutsideError", "OutsideGone", "OutsideRefused", "OutsideUnavailable", "PaymentGateway",
    "RetryAt", "forge", "forge_key", "gateway", "mailer", "use",
]  # fmt: skip
