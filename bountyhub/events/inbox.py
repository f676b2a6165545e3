"""Webhooks: stored first, unique by delivery, then handled by a job of their source; any can be run again."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.models import InboxEvent
from bountyhub.events.registry import JOBS, Run, job
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.kit.errors import NotFound

Handler = Callable[[Run, InboxEvent], None]
WORDS_AT_ONCE = 200
_handlers: dict[str, Handler] = {}


def handles(source: str) -> Callable[[Handler], Handler]:
    """Register the function that handles stored webhooks of a source; it calls `run.done(session)` itself."""

    def keep(handler: Handler) -> Handler:
        _handlers[source] = handler
        if f"inbox.{source}" not in JOBS:
            job(f"inbox.{source}", queue="money")(_handle)
        return handler

    return keep


def receive(session: Session, *, source: str, delivery_id: str, event: str, body: str) -> bool:
    """Store a verified webhook and ask for its handling; False when this delivery was here before."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = session.execute(
        insert(InboxEvent)
        .values(source=source, delivery_id=delivery_id, event=event, body=body, received_at=clock.real_now())
        .on_conflict_do_nothing(index_elements=["source", "delivery_id"])
        .returning(InboxEvent.id)
    ).first()
    if row is None:
        return False
    outbox.add(session, f"inbox.{source}", inbox=row[0])
    return True


def replay(session: Session, delivery_id: str) -> InboxEvent:
    """Ask for the handling of a stored webhook once more; raises NotFound."""
    event = session.scalars(select(InboxEvent).where(InboxEvent.delivery_id == delivery_id)).first()
    if event is None:
        raise NotFound(f"No delivery {delivery_id} was received.")
    event.handled_at = None
    outbox.add(session, f"inbox.{event.source}", inbox=event.id)
    return event


def _handle(run: Run, inbox: int) -> None:
    with reading() as session:
        event = session.get_one(InboxEvent, inbox)
    if event.handled_at is None:
        _handlers[event.source](run, event)


@job("inbox.stripe", queue="money")
def handle_stripe(run: Run, inbox: int) -> None:
    """Hand a stored Stripe event to its integration."""
    _handle(run, inbox)


@job("inbox.github", queue="money")
def handle_github(run: Run, inbox: int) -> None:
    """Hand a stored GitHub delivery to its integration: a merge releases money and waits for no comment."""
    _handle(run, inbox)


def unhandled(session: Session, words: Collection[str]) -> bool:
    """Whether a webhook in which one of these words is a value of its own waits to be handled."""
    query = select(InboxEvent.id).where(InboxEvent.handled_at.is_(None)).limit(1)
    return any(session.scalar(query.where(mentions)) is not None for mentions in _mentions(words))


def forget(session: Session, words: Collection[str]) -> None:
    """Drop handled webhooks in which one of these logins, addresses or outside ids is a value of its own."""
    for mentions in _mentions(words):
        session.execute(delete(InboxEvent).where(InboxEvent.handled_at.is_not(None), mentions))


def _mentions(words: Collection[str]) -> Iterator[ColumnElement[bool]]:
    """Some words at a time: databases take no condition of any length."""
    spelled = sorted({word for each in words for word in (f'"{each}"', json.dumps(each))})
    for first in range(0, len(spelled), WORDS_AT_ONCE):
        some = spelled[first : first + WORDS_AT_ONCE]
        yield or_(*(InboxEvent.body.contains(word, autoescape=True) for word in some))
