"""What a route gives back: what to write down, once the processor was asked."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from bountyhub.ports.payments import WebhookEvent

#: What to write down, in the transaction that marks the event handled.
Record = Callable[[Session], object]
#: Reads an event's object again and says what to write down.
Route = Callable[[WebhookEvent], Record]


def nothing(session: Session) -> None:
    """An event of no consequence here."""
