"""Sending one mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class Mail:
    """A mail ready to send; `message_id` is stable across retries, so that a repeated send can be recognised."""

    message_id: str
    to: str
    subject: str
    text: str


@runtime_checkable
class Mailer(Protocol):
    """A mail service. `send` raises OutsideUnavailable (try again) or OutsideRefused (never will)."""

    def send(self, mail: Mail) -> None: ...

    def check(self) -> None:
        """Reach the service without sending; raises OutsideError."""
