"""Forgetting a payee: what is still owed to them, and their account at the processor."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bountyhub.kit.money import plain
from bountyhub.payouts.models import Payee, PayeeBank, ProjectPayee, Redirect, Share, ShareState, Transfer

_OVER = (ShareState.PAID, ShareState.RETURNED)


def shares_owed(session: Session, identity_ids: Collection[int]) -> list[str]:
    """Why these can't be forgotten yet, in sentences."""
    query = select(Share).where(Share.identity_id.in_(identity_ids), Share.state.not_in(_OVER)).order_by(Share.id)
    return [
        f"{plain(share.money)} for task {share.task_id} are theirs and not paid yet, "
        "until they are paid or go back to the backers."
        for share in session.scalars(query)
    ]


def shares_sent_on_to(session: Session, person_id: int | None) -> list[str]:
    """Why who takes what was sent on to a project can't be forgotten yet, in sentences."""
    query = select(Share).join(Redirect, Redirect.share_id == Share.id).join(Payee, Payee.id == Redirect.payee_id)
    query = query.where(Payee.person_id == person_id)
    return [
        f"{plain(share.money)} for task {share.task_id} were sent on to their account."
        for share in session.scalars(query.order_by(Share.id))
    ]


def refs_of_payee(session: Session, identity_ids: Collection[int]) -> list[str]:
    """The words of their shares and transfers in the books."""
    shares = session.scalars(select(Share.ref).where(Share.identity_id.in_(identity_ids))).all()
    sent = select(Transfer.ref).join(Share, Share.id == Transfer.share_id).where(Share.identity_id.in_(identity_ids))
    return [*shares, *session.scalars(sent)]


def account_of(session: Session, person_id: int | None) -> set[str]:
    """What the processor calls their account, if they have one: its webhooks about it carry their name and country."""
    found = session.scalar(select(Payee.account).where(Payee.person_id == person_id))
    return {found} if found else set()


def forget_payee(session: Session, person_id: int) -> None:
    """Transfers keep the processor's own numbers; whose account it was is known there alone."""
    payees = select(Payee.id).where(Payee.person_id == person_id)
    session.execute(update(Transfer).where(Transfer.payee_id.in_(payees)).values(payee_id=None))
    session.execute(delete(ProjectPayee).where(ProjectPayee.person_id == person_id))
    session.execute(delete(PayeeBank).where(PayeeBank.payee_id.in_(payees)))
    session.execute(delete(Payee).where(Payee.person_id == person_id))
