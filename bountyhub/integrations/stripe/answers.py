"""Stripe's objects, as plain data, turned into the values of `ports.payments`; used by `gateway`.

Fields are read with `.get`: the real service leaves some out where the description says null.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bountyhub.kit.money import Money, MoneyError
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.payments import (
    Capture,
    Checkout,
    CheckoutStatus,
    Decline,
    PayeeAccount,
    RefundResult,
    RefundStatus,
    Reversal,
    TransferResult,
)
from bountyhub.ports.reconciliation import Movement

Answer = dict[str, Any]

#: A refund that waits for the payer counts as pending; one that was cancelled brought the money back.
REFUND_STATUS = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


#: What becomes of a finished, unpaid checkout, by its payment intent's word.
_UNPAID = {
    "processing": CheckoutStatus.AWAITED,
    "requires_payment_method": CheckoutStatus.FAILED,
    "canceled": CheckoutStatus.FAILED,
}


def money(amount: int, currency: str) -> Money:
    """An amount as Stripe writes it; raises OutsideRefused for a currency this site doesn't know."""
    try:
        return Money(amount, currency.upper())
    except MoneyError as error:
        raise OutsideRefused(f"stripe answered in {currency}: {error}", "unknown_currency") from None


def moment(seconds: int) -> datetime:
    """A Unix time as an aware moment."""
    return datetime.fromtimestamp(seconds, UTC)


def id_of(value: Any) -> str:
    """The id of a reference, expanded or not; empty for none."""
    return str(value["id"]) if isinstance(value, dict) else str(value or "")


def reference_of(answer: Answer) -> str:
    """Our own reference from an object's metadata; empty on objects that aren't ours."""
    return str((answer.get("metadata") or {}).get("reference", ""))


def checkout(session: Answer) -> Checkout:
    """A session read with its payment expanded."""
    intent = _expanded(session.get("payment_intent"))
    capture = capture_of(intent)
    return Checkout(
        id=session["id"],
        reference=reference_of(session) or str(session.get("client_reference_id") or ""),
        status=_checkout_status(session, capture),
        url=session.get("url") if session.get("status") == "open" else None,
        capture=capture,
        method=_method(_expanded(intent.get("latest_charge"))) if session.get("status") == "complete" else "",
    )


def _checkout_status(session: Answer, capture: Capture | None) -> CheckoutStatus:
    if capture is not None:
        return CheckoutStatus.PAID
    status = session.get("status")
    if status == "open":
        return CheckoutStatus.OPEN
    if status == "expired":
        return CheckoutStatus.EXPIRED
    if session.get("payment_status") != "unpaid":
        return CheckoutStatus.SETTLING
    return _UNPAID.get(_expanded(session.get("payment_intent")).get("status", ""), CheckoutStatus.SETTLING)


def capture_of(intent: Answer) -> Capture | None:
    """What a payment brought, None while there is no booked charge.

    Amount and currency are those of the book entry: that is what moves our balance.
    """
    charge = _expanded(intent.get("latest_charge"))
    entry = _expanded(charge.get("balance_transaction"))
    if charge.get("status") != "succeeded" or not entry:
        return None
    received = money(entry["amount"], entry["currency"])
    return Capture(
        payment_intent=intent["id"],
        charge=charge["id"],
        received=received,
        cost=money(entry["fee"], entry["currency"]),
        balance_transaction=entry["id"],
        at=moment(entry["created"]),
        available_on=moment(entry["available_on"]),
        charged=_charged(charge, received),
        card=_card(charge),
        method=_method(charge),
        debited_at=_debited_at(charge),
    )


def _method(charge: Answer) -> str:
    return str((charge.get("payment_method_details") or {}).get("type") or "")


def _details(charge: Answer) -> Answer:
    """What the processor says of the card or account that paid; empty where it says nothing."""
    return (charge.get("payment_method_details") or {}).get(_method(charge)) or {}


def _debited_at(charge: Answer) -> datetime | None:
    """The end of the day on which the payer's account is debited, as the processor expects it."""
    expected = _details(charge).get("expected_debit_date")
    if not expected:
        return None
    return datetime.fromisoformat(expected).replace(tzinfo=UTC) + timedelta(days=1)


def decline(answer: Answer) -> Decline:
    """A failed charge, or a failed attempt to save a card."""
    return Decline(id=answer["id"], card=_card(answer), at=moment(answer["created"]))


def _card(charge: Answer) -> str:
    """The number by which the processor knows a card (or an account) again; empty where there is none."""
    return str(_details(charge).get("fingerprint") or "")


def _charged(charge: Answer, received: Money) -> Money | None:
    if charge.get("amount") is None or not charge.get("currency"):
        return None
    charged = money(charge["amount"], charge["currency"])
    return charged if charged != received else None


def refund(answer: Answer) -> RefundResult:
    """A refund; an unknown status counts as pending: only a known one moves money."""
    return RefundResult(
        id=answer["id"],
        reference=reference_of(answer),
        status=REFUND_STATUS.get(str(answer.get("status")), RefundStatus.PENDING),
        amount=money(answer["amount"], answer["currency"]),
        debit=id_of(answer.get("balance_transaction")) or None,
        failure=id_of(answer.get("failure_balance_transaction")) or None,
        at=moment(_last_booked(answer)),
    )


def _last_booked(answer: Answer) -> int:
    failure = _expanded(answer.get("failure_balance_transaction"))
    debit = _expanded(answer.get("balance_transaction"))
    return int(failure.get("created") or debit.get("created") or answer["created"])


def transfer(answer: Answer) -> TransferResult:
    """A transfer."""
    return TransferResult(
        id=answer["id"],
        reference=reference_of(answer),
        amount=money(answer["amount"], answer["currency"]),
        balance_transaction=id_of(answer.get("balance_transaction")),
        reversed=answer.get("amount_reversed") or 0,
        at=moment(answer["created"]),
        reversals=tuple(map(_reversal, (answer.get("reversals") or {}).get("data") or [])),
    )


def _reversal(answer: Answer) -> Reversal:
    return Reversal(
        amount=money(answer["amount"], answer["currency"]),
        balance_transaction=id_of(answer.get("balance_transaction")),
        at=moment(answer["created"]),
    )


def account(answer: Answer) -> PayeeAccount:
    """A connected account; it can receive when transfers reach it and it can be paid out."""
    wanted = answer.get("requirements") or {}
    needs = [*(wanted.get("past_due") or []), *(wanted.get("currently_due") or [])]
    active = (answer.get("capabilities") or {}).get("transfers") == "active"
    return PayeeAccount(
        id=answer["id"],
        country=str(answer.get("country") or ""),
        currency=str(answer.get("default_currency") or "").upper(),
        details_submitted=bool(answer.get("details_submitted")),
        can_receive=active and bool(answer.get("payouts_enabled")),
        requirements=tuple(dict.fromkeys(needs)),
        disabled_reason=str(wanted.get("disabled_reason") or ""),
        bank=_bank(answer),
        deadline=moment(wanted["current_deadline"]) if wanted.get("current_deadline") else None,
    )


def _bank(answer: Answer) -> str:
    """The fingerprint of the bank account (or card) that is the default of the account's own currency."""
    listed = (answer.get("external_accounts") or {}).get("data") or []
    of_currency = [each for each in listed if each.get("currency") == answer.get("default_currency")]
    chosen = [each for each in of_currency if each.get("default_for_currency")] or of_currency or listed
    return str(chosen[0].get("fingerprint") or "") if chosen else ""


def movement(answer: Answer) -> Movement:
    """A balance transaction read with its source expanded."""
    return Movement(
        id=answer["id"],
        kind=answer["type"],
        amount=money(answer["amount"], answer["currency"]),
        fee=money(answer["fee"], answer["currency"]),
        source=id_of(answer.get("source")),
        at=moment(answer["created"]),
        reference=reference_of(_expanded(answer.get("source"))),
    )


def balance(answer: Answer, currency: str) -> Money:
    """Available plus pending of one currency."""
    parts = [*(answer.get("available") or []), *(answer.get("pending") or [])]
    return Money(sum(part["amount"] for part in parts if part["currency"].upper() == currency), currency)


def _expanded(value: Any) -> Answer:
    return value if isinstance(value, dict) else {}
