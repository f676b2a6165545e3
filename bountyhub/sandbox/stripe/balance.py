"""The platform's balance: every movement of money is a balance transaction, and the balance is their sum.

Transactions are found by what caused them (`ref` is the source's id).
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.stripe import later, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]
KIND = "stripe.balance_transaction"
DAY = 86_400

# type → how Stripe's reports call it
REPORTED = {
    "charge": "charge", "refund": "refund", "refund_failure": "refund_failure", "topup": "topup",
    "payout": "payout", "payout_failure": "payout_reversal", "transfer": "transfer",
    "transfer_refund": "transfer_reversal",
}  # fmt: skip


def book(
    call: Call,
    type: str,
    amount: int,
    currency: str,
    source: str,
    *,
    fee: int = 0,
    available_on: int | None = None,
    description: str | None = None,
    reported: str | None = None,
) -> Doc:
    """Move money: positive amounts come in; `available_on` (business time) is now unless given."""
    now = call.now
    ready = max(now, available_on or now)
    transaction: Doc = {
        "id": new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": ready,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": _fee_details(fee, currency),
        "net": amount - fee,
        "reporting_category": reported or REPORTED[type],
        "source": source,
        "status": "available" if ready <= now else "pending",
        "type": type,
    }
    if ready > now:
        later.plan(call.tx, "make_available", transaction["id"], ready, business=True)
    return records.save(call.tx, transaction, ref=source)


def make_available(call: Call, id: str) -> None:
    """A pending movement has reached its day."""
    transaction = records.load(call.tx, "txn", id)
    records.save(call.tx, transaction | {"status": "available"})
    call.note("balance.available", current(call))


def pend_until(call: Call, transaction: Doc, available_on: int) -> Doc:
    """Move the day on which a pending movement becomes available."""
    later.forget(call.tx, "make_available", transaction["id"])
    ready = available_on <= call.now
    changed = transaction | {"available_on": available_on, "status": "available" if ready else "pending"}
    if not ready:
        later.plan(call.tx, "make_available", transaction["id"], available_on, business=True)
    return records.save(call.tx, changed)


def totals(call: Call) -> dict[str, tuple[int, int]]:
    """Per currency what is available and what is pending."""
    sums: dict[str, tuple[int, int]] = {"eur": (0, 0)}
    for each in call.tx.all(KIND):
        available, pending = sums.get(each["currency"], (0, 0))
        if each["available_on"] <= call.now:
            sums[each["currency"]] = (available + each["net"], pending)
        else:
            sums[each["currency"]] = (available, pending + each["net"])
    return sums


def available(call: Call, currency: str) -> int:
    return totals(call).get(currency, (0, 0))[0]


def current(call: Call) -> Doc:
    """The balance object."""
    sums = sorted(totals(call).items())
    return {
        "object": "balance",
        "available": [_part(currency, parts[0]) for currency, parts in sums],
        "connect_reserved": [{"amount": 0, "currency": currency} for currency, _ in sums],
        "livemode": False,
        "pending": [_part(currency, parts[1]) for currency, parts in sums],
        "refund_and_dispute_prefunding": {
            "available": [{"amount": 0, "currency": currency} for currency, _ in sums],
            "pending": [{"amount": 0, "currency": currency} for currency, _ in sums],
        },
    }


def _part(currency: str, amount: int) -> Doc:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _fee_details(fee: int, currency: str) -> list[Doc]:
    if fee == 0:
        return []
    what = "Stripe processing fees"
    return [{"amount": fee, "application": None, "currency": currency, "description": what, "type": "stripe_fee"}]
