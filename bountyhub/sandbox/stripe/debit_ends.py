"""How a debit of a bank account ends: it arrives, or the bank refuses it. By the clock, a button or a control call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bountyhub.sandbox.stripe import charges, disputing, later, payments, records, sessions
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.cards import DECLINES, card_for
from bountyhub.sandbox.stripe.errors import ApiError

Doc = dict[str, Any]
REFUSED = "debit_refused"


def due(call: Call, id: str) -> None:
    """For the tick: the bank's day has come."""
    charge = records.find(call.tx, id)
    if charge is None or charge["status"] != "pending":
        return
    late = card_for(charge["_card"]).late
    if late is None:
        succeed(call, id)
    else:
        fail(call, id, late)


def succeed(call: Call, id: str) -> Doc:
    """The money has come."""
    charge = charges.arrive(call, _pending(call, id))
    intent = records.load(call.tx, "pi", charge["payment_intent"])
    done = records.save(call.tx, intent | {"amount_received": intent["amount"], "status": "succeeded"})
    call.note("payment_intent.succeeded", done)
    sessions.told(call, intent["id"], "async_payment_succeeded", payment_status="paid")
    disputing.after_payment(call, charge)
    return charge


def fail(call: Call, id: str, why: str = REFUSED) -> Doc:
    """The bank refuses: nothing has come, and the session can't be paid any more."""
    decline = DECLINES[why]
    charge = charges.refuse(call, _pending(call, id), decline)
    intent = records.load(call.tx, "pi", charge["payment_intent"])
    payments.without_method(call, intent, payments.error_of(decline, charge), charge)
    sessions.told(call, intent["id"], "async_payment_failed")
    return charge


def _pending(call: Call, id: str) -> Doc:
    charge = records.load(call.tx, "ch", id, "charge")
    if charge["status"] != "pending":
        raise ApiError(f"Charge {id} is {charge['status']}: no bank decides about it any more.", param="charge")
    later.forget(call.tx, "end_debit", id)
    return charge


def _asked(call: Call, body: Doc, end: Callable[[Call, str], Doc]) -> Doc:
    """The debit that the body names, or the only one that waits."""
    if "charge" in body:
        return end(call, body["charge"])
    waiting = [each["id"] for each in call.tx.find(charges.KIND, status="pending")]
    if len(waiting) != 1:
        raise ApiError(f"{len(waiting)} debits wait for their bank: name one by `charge`.")
    return end(call, waiting[0])


_ONE: dict[str, type] = {"charge": str}
CONTROLS: dict[str, tuple[dict[str, type], Callable[[Call, Doc], Doc]]] = {
    "succeed_debit": (_ONE, lambda call, body: _asked(call, body, succeed)),
    "fail_debit": (_ONE, lambda call, body: _asked(call, body, fail)),
}
BUTTONS: dict[str, Callable[[Call, str], object]] = {"succeed_debit": succeed, "fail_debit": fail}
ACTIONS: dict[str, Callable[[Call, str], object]] = {"end_debit": due}
