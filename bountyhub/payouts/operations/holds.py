"""A payout account that is new, or whose bank account was changed: nothing is sent for two days, its owner is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.kit import clock, ids
from bountyhub.payouts.models import Payee, PayeeState, Stop, StopScope
from bountyhub.payouts.operations.stops import make_stop
from bountyhub.payouts.rules import AccountChange, account_change
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose, MailLink, Person
from bountyhub.people.operations import Actor, close_all_sessions, find_link

#: Whoever holds the mailed link: nobody's number, so that operators are alarmed as by a stop of the site's own.
OWNER = Actor(None, None, "mailed_link")
REASON = "Its owner says that somebody else changed their payout account."


def note_bank(session: Session, payee: Payee, bank: str) -> None:
    """Compare an account with what was known of it; a change begins its wait and is mailed. The row is locked.

    `bank`: by which the processor knows the bank account; only a keyed digest of it is kept.
    """
    digest = ids.keyed(bank) if bank else ""
    change = account_change(
        known=payee.bank_digest, found=digest, was_ready=payee.ready_at is not None,
        ready=payee.state is PayeeState.READY,
    )  # fmt: skip
    payee.bank_digest = digest or payee.bank_digest
    if change is not None:
        _hold(session, payee, change)


def _hold(session: Session, payee: Payee, change: AccountChange) -> None:
    hours = settings.current().PAYOUT_HOLD_HOURS
    payee.holds_until = clock.now() + timedelta(hours=hours) if hours else None
    until = payee.holds_until.isoformat() if payee.holds_until else ""
    audit.record(session, "stripe", f"payout_{change}_new", "payee", payee.id, holds_until=until)
    session.flush()
    at = clock.now().isoformat()
    outbox.add(session, "notify.payout_changed", payee=payee.id, change=str(change), at=at, until=until)


def find_warning(session: Session, secret: str) -> MailLink:
    """The link of a warning, used or not; raises LinkOver for one that is unknown or too old."""
    query = select(MailLink).where(
        MailLink.secret_digest == ids.digest(secret), MailLink.purpose == LinkPurpose.NOT_ME
    )  # fmt: skip
    link = session.scalars(query.with_for_update().execution_options(populate_existing=True)).first()
    if link is None or link.person_id is None:
        raise LinkOver()
    return link if link.used_at is not None else find_link(session, secret, LinkPurpose.NOT_ME)


def say_not_me(session: Session, secret: str) -> Stop | None:
    """Its owner says that it wasn't them: their money stops, and they are signed out everywhere.

    Once: None when the link was used before. Raises LinkOver.
    """
    link = find_warning(session, secret)
    if link.used_at is not None:
        return None
    link.used_at = clock.real_now()
    close_all_sessions(session, session.get_one(Person, link.person_id))
    return make_stop(session, StopScope.PERSON, str(link.person_id), REASON, OWNER)
