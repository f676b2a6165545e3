"""Payouts of connected accounts to their owners' banks: made, arrived or refused by control calls.

Their balances aren't kept here; only the payouts are, seen by whoever asks on the account (`Stripe-Account`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe import payouts, records
from bountyhub.sandbox.stripe.account_life import GONE
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.ids import new_id

Doc = dict[str, Any]


def pay_out(call: Call, account: str, amount: int) -> Doc:
    """An automatic payout to the owner's bank is on its way."""
    owner = records.load(call.tx, "acct", account, "account")
    banks = owner["external_accounts"]["data"]
    given = {"amount": amount, "currency": owner["default_currency"]}
    made = payouts.build(call, new_id("po"), given) | {
        "automatic": True, "destination": banks[0]["id"] if banks else None, payouts.ACCOUNT: account,
    }  # fmt: skip
    call.note("payout.created", records.save(call.tx, made), account=account)
    return made


def end(call: Call, id: str, code: str = "") -> Doc:
    """The bank took it, or (with a code) refused it, also after it was said to have arrived."""
    payout = records.load(call.tx, "po", id, "payout")
    if not payout.get(payouts.ACCOUNT):
        raise ApiError(f"Payout {id} is the platform's own.", param="payout")
    how = {"status": "failed", "failure_code": code, "failure_message": "The bank refused it."} if code else {
        "status": "paid", "reconciliation_status": "completed",
    }  # fmt: skip
    ended = records.save(call.tx, payout | how)
    before = {name: payout[name] for name in how}
    call.note(f"payout.{how['status']}", ended, before, account=payout[payouts.ACCOUNT])
    return ended


def retrieve(call: Call, given: Doc, id: str) -> Doc:
    """A payout of whoever is asked for: of the platform, or of the account that the request names."""
    payout = records.load(call.tx, "po", id, "payout")
    if payout.get(payouts.ACCOUNT, "") != call.account:
        raise ApiError(f"No such payout: '{id}'", code="resource_missing", param="payout", status=404)
    _require_access(call)
    return payout


def list_them(call: Call, given: Doc) -> Doc:
    """The platform's payouts, or those of the account that the request names."""
    _require_access(call)
    made = call.tx.all(payouts.KIND, newest_first=True)
    return payouts.list_payouts(call, [each for each in made if each.get(payouts.ACCOUNT, "") == call.account], given)


def _require_access(call: Call) -> None:
    owner = records.find(call.tx, call.account) if call.account else None
    if owner is not None and owner.get(GONE):
        raise ApiError("Application access may have been revoked.", code="account_invalid", status=403)


def _refuse(call: Call, body: Doc) -> Doc:
    return end(call, str(body.get("payout", "")), str(body.get("code", "account_closed")))


CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    "account_payout": (
        {"account": str, "amount": int},
        lambda call, body: pay_out(call, str(body.get("account", "")), int(body.get("amount", 12_000))),
    ),
    "account_payout_paid": ({"payout": str}, lambda call, body: end(call, str(body.get("payout", "")))),
    "account_payout_failed": ({"payout": str, "code": str}, _refuse),
}
