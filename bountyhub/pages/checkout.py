"""The two calls a page makes to the processor: open a checkout, and ask once how one stands.

The intent is committed before; if this process dies or the processor is away, the sweeper goes on by the same key.
"""

from __future__ import annotations

import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Payment, PaymentState
from bountyhub.funding.operations import order_of, record_checkout
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError, NotFound
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideError

log = logging.getLogger("bountyhub.pages")


class PaymentPageAway(DomainError):
    """The processor's payment page can't be opened now."""

    status = 503
    code = "payment_page_away"

    def __init__(self) -> None:
        super().__init__(
            "The payment page can’t be opened right now. Nothing was charged.", advice="Please try again in a minute."
        )


def open_checkout(payment: Payment) -> str:
    """Where to pay: the checkout of this payment, opened now if it isn't yet; raises PaymentPageAway.

    A payment that is over leads to its own page.
    """
    if payment.state not in (PaymentState.PLANNED, PaymentState.OPEN):
        return f"/paid/{payment.ref}"
    if payment.checkout_url is not None:
        return payment.checkout_url
    with reading() as session:
        order = order_of(session, payment)
    try:
        checkout = gateway().create_checkout(order, key=payment.ref)
    except OutsideError as error:
        log.warning("checkout %s was not opened: %s", payment.ref, error)
        return _opened_meanwhile(payment)
    with transaction() as session:
        record_checkout(session, payment.ref, checkout)
    return checkout.url or f"/paid/{payment.ref}"


def _opened_meanwhile(payment: Payment) -> str:
    """A second click may have lost to the first: its address is there now."""
    with reading() as session:
        url = session.get_one(Payment, payment.id).checkout_url
    if url is None:
        raise PaymentPageAway()
    return url


def find_payment(session: Session, ref: str) -> tuple[Payment, Contribution]:
    """A payment and its contribution; raises NotFound."""
    query = select(Payment, Contribution).join(Contribution, Contribution.id == Payment.contribution_id)
    row = session.execute(query.where(Payment.ref == ref)).first()
    if row is None:
        raise NotFound("There is no such payment.")
    return row[0], row[1]


def ask_once(payment: Payment) -> None:
    """Bring a payment that may just have been made up to date; the processor being away changes nothing."""
    if payment.state not in (PaymentState.OPEN, PaymentState.AWAITED) or payment.checkout_id is None:
        return
    try:
        checkout = gateway().read_checkout(payment.checkout_id)
    except OutsideError as error:
        log.warning("checkout %s could not be read: %s", payment.ref, error)
        return
    with transaction() as session:
        record_checkout(session, payment.ref, checkout)
