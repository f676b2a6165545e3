"""To whom a share goes: to who earned it, or to whom they sent it on."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.payouts.models import Payee, Redirect, Share
from bountyhub.people.models import Identity


def payee_of(session: Session, share: Share) -> Payee | None:
    """The payout account a share goes to; None while who earned it has none."""
    redirect = session.get(Redirect, share.id, populate_existing=True)
    if redirect is not None:
        return session.get_one(Payee, redirect.payee_id)
    person = session.get_one(Identity, share.identity_id).person_id
    if person is None:
        return None
    return session.scalars(select(Payee).where(Payee.person_id == person)).first()


def goes_to(payee: Payee, identity_ids: Collection[int]) -> ColumnElement[bool]:
    """Shares of this account: earned by these forge accounts and not sent on, or sent on to it."""
    sent_on = select(Redirect.share_id).where(Redirect.share_id == Share.id)
    to_it = sent_on.where(Redirect.payee_id == payee.id).exists()
    return (Share.identity_id.in_(identity_ids) & ~sent_on.exists()) | to_it
