"""What the payment processor says, as values: top-ups, checkouts, refunds, transfers, accounts."""

from __future__ import annotations

from bountyhub.funding.models import Refund
from bountyhub.kit import clock, ids
from bountyhub.kit.money import Money
from bountyhub.payouts.models import Transfer
from bountyhub.ports.payments import (
    Capture,
    Checkout,
    CheckoutStatus,
    PayeeAccount,
    RefundResult,
    RefundStatus,
    TransferResult,
)
from bountyhub.ports.reconciliation import Movement


def movement(amount: int, currency: str = "EUR") -> Movement:
    """A top-up as the processor tells it."""
    return Movement(f"txn_{ids.new_ref()}", "topup", Money(amount, currency), Money(0, currency), "tu_1", clock.now())


def paid(reference: str, received: Money) -> Checkout:
    """A paid checkout with its capture."""
    return Checkout(f"cs_{reference}", reference, CheckoutStatus.PAID, None, captured(reference, received))


def captured(reference: str, received: Money) -> Capture:
    """Money that arrived."""
    cost = Money(received.amount * 15 // 1000 + 25, received.currency)
    return Capture(
        payment_intent=f"pi_{reference}", charge=f"ch_{reference}", received=received, cost=cost,
        balance_transaction=f"txn_{reference}", at=clock.now(), available_on=clock.now(),
    )  # fmt: skip


def unpaid(reference: str, status: CheckoutStatus) -> Checkout:
    """A checkout that isn't paid."""
    return Checkout(f"cs_{reference}", reference, status, None, None)


def refunded(
    refund: Refund, status: RefundStatus = RefundStatus.SUCCEEDED, failure: str | None = None, *, debited: bool = True
) -> RefundResult:
    """What the processor says of a refund."""
    debit = f"txn_re_{refund.ref}" if debited else None
    return RefundResult(f"re_{refund.ref}", refund.ref, status, refund.money, debit, failure, clock.now())


def transferred(reference: str, transfer: Transfer) -> TransferResult:
    """What the processor says of a transfer."""
    return TransferResult(f"tr_{reference}", reference, transfer.money, f"txn_tr_{reference}", 0, clock.now())


def account(id: str, *, can_receive: bool = True, submitted: bool | None = None) -> PayeeAccount:
    """A connected account."""
    done = can_receive if submitted is None else submitted
    return PayeeAccount(id, "FR", "EUR", details_submitted=done, can_receive=can_receive)
