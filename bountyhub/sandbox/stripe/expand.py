"""`expand[]`: puts whole objects in place of their ids, along dotted paths of up to four steps, in lists too."""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe import records
from bountyhub.sandbox.stripe.errors import bad_param

Doc = dict[str, Any]

EXPANDABLE = {
    "checkout.session": {"payment_intent", "line_items", "customer", "setup_intent", "subscription", "invoice"},
    "payment_intent": {"latest_charge", "customer", "payment_method", "review", "on_behalf_of", "application"},
    "charge": {
        "balance_transaction", "payment_intent", "refunds", "customer", "failure_balance_transaction", "review",
        "source_transfer", "transfer", "on_behalf_of", "application", "application_fee",
    },
    "refund": {
        "balance_transaction", "charge", "payment_intent", "failure_balance_transaction",
        "source_transfer_reversal", "transfer_reversal",
    },
    "transfer": {"balance_transaction", "destination", "destination_payment", "source_transaction", "reversals"},
    "transfer_reversal": {"balance_transaction", "transfer", "destination_payment_refund", "source_refund"},
    "balance_transaction": {"source"},
    "dispute": {"charge", "payment_intent"},
    "radar.early_fraud_warning": {"charge", "payment_intent"},
    "topup": {"balance_transaction", "source"},
    "setup_intent": {"customer", "latest_attempt", "mandate", "payment_method", "single_use_mandate"},
    "payment_method": {"customer"},
    "payout": {
        "balance_transaction", "failure_balance_transaction", "destination", "original_payout", "reversed_by",
        "application_fee",
    },
}  # fmt: skip
DEEPEST = 4


def expand(tx: Tx, body: Doc, paths: list[str]) -> Doc:
    """The body with each path filled in; refuses paths that cannot be expanded."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST + (steps[0] == "data"):
            raise bad_param(f"You cannot expand more than {DEEPEST} levels of a property", "expand")
        body = _into(tx, body, steps, path)
    return body


def _into(tx: Tx, node: Doc, steps: list[str], path: str) -> Doc:
    if not steps:
        return node
    step, rest = steps[0], steps[1:]
    if node.get("object") == "list":
        if step != "data":
            raise _cannot(path)
        return node | {"data": [_into(tx, each, rest, path) for each in node["data"]]}
    if step not in EXPANDABLE.get(node.get("object", ""), ()):
        raise _cannot(path)
    return _step(tx, node, step, rest, path)


def _step(tx: Tx, node: Doc, step: str, rest: list[str], path: str) -> Doc:
    value = node.get(step)
    if value is None and (node["object"], step) in PARTS:
        value = PARTS[node["object"], step](tx, node)
    found = records.find(tx, value) if isinstance(value, str) else value
    if not isinstance(found, dict):
        return node
    return node | {step: _into(tx, records.shown(found), rest, path)}


def _cannot(path: str) -> Exception:
    return bad_param(
        f"This property cannot be expanded ({path}). You may want to try expanding 'data.{path}' if this is a list.",
        "expand",
    )


def _line_items(tx: Tx, session: Doc) -> Doc:
    stored = records.load(tx, "cs", session["id"])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": stored["_line_items"], "has_more": False, "url": url}


def _refunds(tx: Tx, charge: Doc) -> Doc:
    refunds = [records.shown(each) for each in tx.all("stripe.refund", ref=charge["id"], newest_first=True)]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": refunds[:10], "has_more": len(refunds) > 10, "url": url}


# Lists that belong to an object and are shown only when asked for.
PARTS = {("checkout.session", "line_items"): _line_items, ("charge", "refunds"): _refunds}
