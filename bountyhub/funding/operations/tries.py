"""Checkout limits of an hour, counted in the database: per mail address, network, task and card.

Called where a checkout or a card page is about to be written down; declines are noted by `declines`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bountyhub import settings
from bountyhub.funding.errors import TooManyTries
from bountyhub.funding.models import Try, TryKind
from bountyhub.funding.operations.reserving import Asker
from bountyhub.kit import clock, ids
from bountyhub.ledger.accounts import own_float
from bountyhub.ledger.book import lock

HOUR = timedelta(hours=1)
#: How long the digests are kept.
KEPT = timedelta(days=1)


def begin_try(session: Session, ref: str, asker: Asker, currency: str) -> None:
    """Count a checkout or card page that is about to be written down; raises TooManyTries when it is one too many.

    `ref` is the payment's or the promise's. Seven queries, however much was tried.
    """
    if settings.current().RATE_LIMITS:
        lock(session, [own_float()], currency)  # two tries at once must not both be the last one
        until = limited_until(session, asker)
        if until is not None:
            raise TooManyTries(until, settings.current().LEGAL_CONTACT)
    session.add(
        Try(
            kind=TryKind.CHECKOUT, ref=ref, task_id=asker.task_id, mail=mail_digest(asker.email),
            address=asker.asked_from or None, at=clock.real_now(),
        )
    )  # fmt: skip


def limited_until(session: Session, asker: Asker) -> datetime | None:
    """Until when this asker may begin no payment (protocol time); None when they may now."""
    ours, mail = settings.current(), mail_digest(asker.email)
    counted: list[tuple[TryKind, InstrumentedAttribute[Any], str | int, int]] = [
        (TryKind.CHECKOUT, Try.mail, mail, ours.CHECKOUTS_PER_HOUR_MAIL),
        (TryKind.CHECKOUT, Try.address, asker.asked_from, ours.CHECKOUTS_PER_HOUR_ADDRESS),
        (TryKind.CHECKOUT, Try.task_id, asker.task_id, ours.CHECKOUTS_PER_HOUR_TASK),
    ]
    met = [_last_but(session, kind, column, value, limit) for kind, column, value, limit in counted if value]
    found = [*met, declined_until(session, mail, asker.asked_from)]
    return max((moment for moment in found if moment is not None), default=None)


def declined_until(session: Session, mail: str, address: str | None) -> datetime | None:
    """Until when nobody pays by this mail or from this network (both digests), for the cards declined there."""
    ours = settings.current()
    found = [_last_but(session, TryKind.DECLINE, Try.mail, mail, ours.DECLINES_PER_HOUR_MAIL)]
    if address:
        found.append(_last_but(session, TryKind.DECLINE, Try.address, address, ours.DECLINES_PER_HOUR_ADDRESS))
    found.append(_card_last_but(session, mail, address, ours.DECLINES_PER_HOUR_CARD))
    return max((moment for moment in found if moment is not None), default=None)


def _last_but(
    session: Session, kind: TryKind, column: InstrumentedAttribute[Any], value: str | int, limit: int
) -> datetime | None:
    """When the oldest of the last `limit` tries of an hour is an hour old; None while there are fewer."""
    query = select(Try.at).where(Try.kind == kind, column == value, Try.at > clock.real_now() - HOUR)
    met = session.scalars(query.order_by(Try.at.desc()).offset(limit - 1).limit(1)).first()
    return None if met is None else met + HOUR


def _card_last_but(session: Session, mail: str, address: str | None, limit: int) -> datetime | None:
    """The same for the cards that were declined with this mail or from this network, whoever else tried them."""
    lately = (Try.kind == TryKind.DECLINE) & (Try.at > clock.real_now() - HOUR)
    theirs = or_(Try.mail == mail, Try.address == address) if address else Try.mail == mail
    cards = select(Try.card).where(lately, theirs, Try.card.is_not(None))
    place = func.row_number().over(partition_by=Try.card, order_by=Try.at.desc()).label("place")
    placed = select(Try.at, place).where(lately, Try.card.in_(cards)).subquery()
    met = session.scalars(select(func.max(placed.c.at)).where(placed.c.place == limit)).first()
    return None if met is None else met + HOUR


def mail_digest(email: str) -> str:
    """The same for one address, and nothing of it to whoever reads the database."""
    return ids.keyed(f"mail\n{email}")


def forget_tries(session: Session) -> None:
    """Tries are of no use after an hour, and forgotten after a day."""
    session.execute(delete(Try).where(Try.at < clock.real_now() - KEPT))
