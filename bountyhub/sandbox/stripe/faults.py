"""Faults, planted or by chance: answers that get lost or refused, and a balance that is wrong (for self-tests).

Set by the control endpoints and the dashboard; `api` asks `strike` before it acts.
"""

from __future__ import annotations

from typing import Any

from flask import Response

from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.recording import BROKEN
from bountyhub.sandbox.stripe import balance, chance, records
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.errors import ApiError
from bountyhub.sandbox.stripe.ids import new_id
from bountyhub.sandbox.stripe.options import load

Doc = dict[str, Any]
KIND = "stripe.fault"

# The request is carried out but its answer is lost; is not carried out; is refused for its rate.
LOST, UNAVAILABLE, RATE_LIMITED = "lost_answer", "unavailable", "rate_limited"
# Answered with 500 before it was carried out, or after; `kept`: and its key repeats that 500 for a day.
ERROR_BEFORE, ERROR_AFTER, ERROR_KEPT = "error_before", "error_after", "error_kept"
# The connection breaks after the head of an answer, so that nothing of the outcome is known.
TIMEOUT_BEFORE, TIMEOUT_AFTER = "timeout_before", "timeout_after"
FAULTS = (LOST, UNAVAILABLE, RATE_LIMITED, ERROR_BEFORE, ERROR_AFTER, ERROR_KEPT, TIMEOUT_BEFORE, TIMEOUT_AFTER)
#: The request takes effect all the same.
TAKES_EFFECT = (LOST, ERROR_AFTER, ERROR_KEPT, TIMEOUT_AFTER)
#: More than any answer here is long; promised, then not sent.
PROMISED = 1_000_000


class Broken(Exception):
    """No answer goes out."""


def plant(call: Call, method: str, path: str, fault: str, times: int) -> None:
    """Let the next requests whose path begins so go wrong."""
    id = f"{method} {path}"
    call.tx.put(KIND, id, {"id": id, "method": method, "path": path, "fault": fault, "left": times})


def strike(sandbox: Sandbox, method: str, path: str) -> str | None:
    """The fault that befalls this request, planted or by chance."""
    with sandbox.store.transaction() as tx:
        options = load(tx, sandbox.config.stripe_options)
        for each in tx.all(KIND):
            if each["method"] != method or not path.startswith(each["path"]):
                continue
            if each["left"] > 1:
                tx.put(KIND, each["id"], each | {"left": each["left"] - 1})
            else:
                tx.delete(KIND, each["id"])
            chance.count(tx, each["fault"])
            return str(each["fault"])
        return chance.drawn(tx, options, "request", FAULTS)


def no_answer() -> Response:
    """The head of an answer whose body never comes: the client knows as little as after a timeout."""
    return Response(b"", 200, {"Content-Length": str(PROMISED), BROKEN: "true"})


def refusal(fault: str) -> ApiError | Broken:
    """What to answer in place of the right answer."""
    if fault in (TIMEOUT_BEFORE, TIMEOUT_AFTER):
        return Broken()
    if fault == RATE_LIMITED:
        return ApiError(
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
            code="rate_limit",
            status=429,
            saved=False,
        )
    message = "An unknown error occurred. Please try again later."
    status = 503 if fault in (LOST, UNAVAILABLE) else 500
    return ApiError(message, type="api_error", status=status, saved=False)


def lose_transfer(call: Call, id: str | None) -> Doc:
    """A confirmed transfer vanishes from the balance: its movement is gone as if it had never been."""
    transfer = _one(call, "tr", id, "transfer")
    if transfer["balance_transaction"] is not None:
        call.tx.delete(balance.KIND, transfer["balance_transaction"])
    return records.save(call.tx, transfer | {"balance_transaction": None})


def double_refund(call: Call, id: str | None) -> Doc:
    """A refund is paid out a second time, untold: a second refund and its movement, no event."""
    refund = _one(call, "re", id, "refund")
    again = refund | {"id": new_id("re"), "created": call.now, "metadata": {}}
    taken = balance.book(call, "refund", -refund["amount"], refund["currency"], again["id"])
    return records.save(call.tx, again | {"balance_transaction": taken["id"]}, ref=refund["charge"])


def cent_off(call: Call, id: str | None) -> Doc:
    """One movement (the last charge's, unless named) is a cent less than it was."""
    found = id or next((t["id"] for t in call.tx.all(balance.KIND, newest_first=True) if t["type"] == "charge"), None)
    transaction = records.load(call.tx, "txn", str(found), "balance_transaction")
    changed = {"amount": transaction["amount"] - 1, "net": transaction["net"] - 1}
    return records.save(call.tx, transaction | changed)


def _one(call: Call, prefix: str, id: str | None, param: str) -> Doc:
    """The named object, or the newest of its kind."""
    newest = call.tx.all(records.KINDS[prefix][0], newest_first=True)
    return records.load(call.tx, prefix, id or (newest[0]["id"] if newest else "none"), param)
