"""Cards that were declined on hosted pages: each counted once, and the pages of whoever tries too many are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.funding.models import Payment, PaymentState, Promise, PromiseState, Try, TryKind
from bountyhub.funding.operations.promises import lock_promise
from bountyhub.funding.operations.settle import card_digest, lock_payment
from bountyhub.funding.operations.tries import KEPT, declined_until, mail_digest
from bountyhub.kit import clock
from bountyhub.ports.payments import Decline

#: Its page may still be used; one that a bank decides about is closed already.
PAGE_OPEN = (PaymentState.PLANNED, PaymentState.OPEN)


def record_declines(session: Session, payment_ref: str, declines: Sequence[Decline]) -> None:
    """Write down the cards refused for a payment, each once; raises NotFound.

    What they are to the automatic stops is read from the audit trail.
    """
    payment, contribution, task = lock_payment(session, payment_ref)
    # A payment that failed for good has told so by itself.
    about = None if payment.state is PaymentState.FAILED else ("contribution", contribution.id)
    _record(session, payment_ref, _Unknown(task.id, contribution.email, payment.asked_from), declines, about)


def record_card_declines(session: Session, promise_ref: str, declines: Sequence[Decline]) -> None:
    """The same for cards refused where a promise's card is saved; raises NotFound."""
    task, row = lock_promise(session, promise_ref)
    _record(session, promise_ref, _Unknown(task.id, row.email, None), declines, ("promise", row.id))


@dataclass(frozen=True)
class _Unknown:
    """What is known of a page whose try is forgotten, or was begun before they were counted."""

    task_id: int
    email: str
    asked_from: str | None


def _record(
    session: Session, ref: str, unknown: _Unknown, declines: Sequence[Decline], about: tuple[str, int] | None
) -> None:
    begun = session.scalars(select(Try).where(Try.kind == TryKind.CHECKOUT, Try.ref == ref)).first()
    last: Try | None = None
    for decline in _new(session, declines):
        last = Try(
            kind=TryKind.DECLINE, ref=decline.id, task_id=unknown.task_id,
            mail=begun.mail if begun else mail_digest(unknown.email),
            address=begun.address if begun else unknown.asked_from, card=card_digest(decline.card),
            at=min(decline.at, clock.real_now()),
        )  # fmt: skip
        session.add(last)
        if about is not None:
            audit.record(session, "stripe", "payment_declined", *about)
    session.flush()
    if last is not None and settings.current().RATE_LIMITS and declined_until(session, last.mail, last.address):
        outbox.add(session, "funding.close_checkouts", decline=last.id)


def _new(session: Session, declines: Sequence[Decline]) -> list[Decline]:
    """Those not counted yet, oldest first; what would be forgotten by now is left out."""
    lately = [each for each in declines if each.at > clock.real_now() - KEPT]
    query = select(Try.ref).where(Try.kind == TryKind.DECLINE, Try.ref.in_([each.id for each in lately]))
    known = set(session.scalars(query))
    return sorted((each for each in lately if each.id not in known), key=lambda each: (each.at, each.id))


def open_pages_of(session: Session, try_id: int) -> tuple[list[Payment], list[Promise]]:
    """Checkouts and card pages, still open, of the mail and network of a decline and of all who tried that card."""
    decline = session.get(Try, try_id)
    if decline is None:
        return [], []
    with_it = [decline.mail, decline.address]
    if decline.card is not None:
        same = select(Try.mail, Try.address).where(Try.kind == TryKind.DECLINE, Try.card == decline.card)
        with_it += [each for row in session.execute(same.distinct()) for each in row]
    digests = {each for each in with_it if each is not None}
    refs = select(Try.ref).where(
        Try.kind == TryKind.CHECKOUT, or_(Try.mail.in_(digests), Try.address.in_(digests)),
    )  # fmt: skip
    payments = select(Payment).where(Payment.ref.in_(refs), Payment.state.in_(PAGE_OPEN))
    promises = select(Promise).where(Promise.ref.in_(refs), Promise.state == PromiseState.ASKED)
    return list(session.scalars(payments.order_by(Payment.id))), list(session.scalars(promises.order_by(Promise.id)))
