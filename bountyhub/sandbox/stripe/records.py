"""Where the stand-in's objects lie in the store: one kind of document per Stripe object, found by the id's prefix.

A document is the object as the API shows it, plus private fields whose names begin with `_`.
"""

from __future__ import annotations

from typing import Any

from bountyhub.sandbox.store import Tx
from bountyhub.sandbox.stripe.errors import no_such

Doc = dict[str, Any]

# id prefix → (kind in the store, the name that error messages use)
KINDS = {
    "cs": ("stripe.session", "checkout.session"),
    "pi": ("stripe.payment_intent", "payment_intent"),
    "ch": ("stripe.charge", "charge"),
    "re": ("stripe.refund", "refund"),
    "tr": ("stripe.transfer", "transfer"),
    "trr": ("stripe.transfer_reversal", "transfer_reversal"),
    "acct": ("stripe.account", "account"),
    "txn": ("stripe.balance_transaction", "balance_transaction"),
    "tu": ("stripe.topup", "topup"),
    "po": ("stripe.payout", "payout"),
    "dp": ("stripe.dispute", "dispute"),
    "issfr": ("stripe.early_fraud_warning", "radar.early_fraud_warning"),
    "we": ("stripe.webhook_endpoint", "webhook endpoint"),
    "evt": ("stripe.event", "event"),
    "cus": ("stripe.customer", "customer"),
    "pm": ("stripe.payment_method", "payment_method"),
    "seti": ("stripe.setup_intent", "setup_intent"),
    "setatt": ("stripe.setup_attempt", "setup_attempt"),
}


def prefix_of(id: str) -> str:
    return id.split("_", 1)[0]


def find(tx: Tx, id: Any) -> Doc | None:
    """The object with this id, whatever it is; None when there is none."""
    if not isinstance(id, str) or prefix_of(id) not in KINDS:
        return None
    return tx.get(KINDS[prefix_of(id)][0], id)


def load(tx: Tx, prefix: str, id: str, param: str | None = None, status: int = 404) -> Doc:
    """The object of that kind; refuses with `resource_missing` as Stripe does."""
    kind, name = KINDS[prefix]
    found = tx.get(kind, id)
    if found is None:
        raise no_such(name, id, param or ("id" if prefix != "pi" else "intent"), status)
    return found


def save(tx: Tx, document: Doc, ref: str | None = None) -> Doc:
    """Keep an object; `ref` is what it is looked up by, next to its id (see each module)."""
    return tx.put(KINDS[prefix_of(document["id"])][0], document["id"], document, ref)


def shown(document: Doc) -> Doc:
    """The object without its private fields."""
    return {name: value for name, value in document.items() if not name.startswith("_")}
