"""By which payment a contribution came in: its own, or the first one's of the chain along which it was moved."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Payment
from bountyhub.funding.operations.buyers import copy_buyer
from bountyhub.funding.operations.parties import name_party
from bountyhub.funding.operations.terms import keep_terms
from bountyhub.funding.rules_methods import kind_of
from bountyhub.kit import clock, ids


def payment_of(session: Session, contribution: Contribution) -> Payment:
    """The payment whose charge this money is drawn from and goes back to."""
    origin = origin_of(session, contribution)
    return session.scalars(select(Payment).where(Payment.contribution_id == origin.id)).one()


def paid_from(session: Session, contribution: Contribution) -> str:
    """`card` or `bank account`: what this money came from and goes back to."""
    paid = select(Payment.method).where(Payment.contribution_id == origin_of(session, contribution).id)
    return kind_of(session.scalars(paid).first())


def origin_of(session: Session, contribution: Contribution) -> Contribution:
    """The contribution that was paid: itself, or the first of the chain along which it was moved."""
    while contribution.moved_from_id is not None:
        contribution = session.get_one(Contribution, contribution.moved_from_id)
    return contribution


def chain_to(session: Session, contribution: Contribution) -> list[int]:
    """The ids of a contribution and of those along which its money was moved to it, newest first."""
    found = [contribution.id]
    while contribution.moved_from_id is not None:
        contribution = session.get_one(Contribution, contribution.moved_from_id)
        found.append(contribution.id)
    return found


def now_at(session: Session, contribution: Contribution) -> Contribution:
    """Where its money stands now: itself, or the last one of the chain along which it was moved."""
    while True:
        query = select(Contribution).where(Contribution.moved_from_id == contribution.id)
        onward = session.scalars(query).first()
        if onward is None:
            return contribution
        contribution = onward


def contributions_of(session: Session, payment: Payment) -> list[int]:
    """The contribution that a payment brought in, then those it was moved to, in that order."""
    found: list[int] = []
    here: int | None = payment.contribution_id
    while here is not None:
        found.append(here)
        here = session.scalars(select(Contribution.id).where(Contribution.moved_from_id == here)).first()
    return found


def begin_moved(session: Session, old: Contribution, task_id: int) -> Contribution:
    """What a contribution becomes on another task; the caller books it and closes the old one."""
    new = Contribution(
        ref=ids.new_ref(), task_id=task_id, person_id=old.person_id, email=old.email, anonymous=old.anonymous,
        amount=old.amount, fee=old.fee, currency=old.currency, state=ContributionState.HELD, nonce=ids.new_ref(),
        terms_version=old.terms_version, consent_at=old.consent_at, consent_hash=old.consent_hash, vat=old.vat,
        vat_country=old.vat_country, vat_rate=old.vat_rate, business=old.business, created_at=clock.now(),
        captured_at=old.captured_at, leave_by=old.leave_by, moved_from_id=old.id, reminded=old.reminded,
        kept_cost=old.kept_cost,
    )  # fmt: skip
    session.add(new)
    session.flush()
    keep_terms(session, new)
    name_party(session, new)
    copy_buyer(session, old, new)
    return new
