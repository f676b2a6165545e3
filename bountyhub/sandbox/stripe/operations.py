"""The table of everything the API answers: method, path, parameters and what does it. Read by `api`."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bountyhub.sandbox.stripe import accounts, balance, lists, params, records, refunds, sessions, topups, transfers
from bountyhub.sandbox.stripe.account_object import HOME, build
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.forms import Schema

Doc = dict[str, Any]
Handler = Callable[..., Doc]
PLATFORM = "acct_1Platform00000000"


@dataclass(frozen=True)
class Operation:
    """`run(call, params, *ids)` with the ids that stand in the path."""

    method: str
    path: str
    schema: Schema
    run: Handler

    def ids(self, method: str, path: str) -> tuple[str, ...] | None:
        """The path's ids if this operation answers it."""
        found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", self.path), path)
        return found.groups() if found and method == self.method else None


def find(method: str, path: str) -> tuple[Operation, tuple[str, ...]] | None:
    for operation in OPERATIONS:
        ids = operation.ids(method, path)
        if ids is not None:
            return operation, ids
    return None


def _retrieve(prefix: str, param: str = "id") -> Handler:
    def run(call: Call, given: Doc, id: str) -> Doc:
        return records.load(call.tx, prefix, id, param)

    return run


def _list(prefix: str, url: str, *same: str) -> Handler:
    """Newest first, filtered by the parameters named in `same`."""
    kind, name = records.KINDS[prefix]

    def run(call: Call, given: Doc) -> Doc:
        wanted = {field: given[field] for field in same if field in given}
        found = [d for d in call.tx.all(kind, newest_first=True) if all(d[f] == v for f, v in wanted.items())]
        return lists.page(found, given, url, name)

    return run


def _session_list(call: Call, given: Doc) -> Doc:
    found = [sessions.fresh(call, each["id"]) for each in call.tx.all(sessions.KIND, newest_first=True)]
    for field in ("payment_intent", "status"):
        found = [each for each in found if each[field] == given.get(field, each[field])]
    if "customer_details" in given:
        email = given["customer_details"]["email"]
        found = [each for each in found if (each["customer_details"] or {}).get("email") == email]
    return lists.page(found, given, "/v1/checkout/sessions", "checkout.session")


def _session_items(call: Call, given: Doc, id: str) -> Doc:
    items = [each | {"created": 0} for each in sessions.fresh(call, id)["_line_items"]]
    listed = lists.page(items, given, f"/v1/checkout/sessions/{id}/line_items", "item")
    for each in listed["data"]:
        del each["created"]
    return listed


def _reversal_list(call: Call, given: Doc, id: str) -> Doc:
    records.load(call.tx, "tr", id, "transfer")
    return lists.page(transfers.reversals(call, id), given, f"/v1/transfers/{id}/reversals", "transfer_reversal")


def _reversal(call: Call, given: Doc, transfer: str, id: str) -> Doc:
    records.load(call.tx, "tr", transfer, "transfer")
    return records.load(call.tx, "trr", id)


def _topup_list(call: Call, given: Doc) -> Doc:
    found = call.tx.all(topups.KIND, newest_first=True)
    found = [each for each in found if lists.in_range(each["amount"], given.get("amount"))]
    found = [each for each in found if each["status"] == given.get("status", each["status"])]
    return lists.page(found, given, "/v1/topups", "topup")


def _event_list(call: Call, given: Doc) -> Doc:
    """`type` and `types` may hold `*`, as in `charge.*`."""
    patterns = given.get("types", []) + ([given["type"]] if "type" in given else [])
    found = call.tx.all("stripe.event", newest_first=True)
    if patterns:
        found = [each for each in found if any(fnmatch.fnmatchcase(each["type"], p) for p in patterns)]
    return lists.page(found, given, "/v1/events", "event")


def _platform(call: Call, given: Doc) -> Doc:
    """The platform's own account, for whoever asks whose key this is."""
    account = build(PLATFORM, 0, HOME, {"card_payments": "active", "transfers": "active"}, {})
    return account | {"type": "standard", "charges_enabled": True, "details_submitted": True, "payouts_enabled": True}


SESSION, TRANSFER = "/v1/checkout/sessions/{session}", "/v1/transfers/{transfer}"
OPERATIONS = (
    Operation("POST", "/v1/checkout/sessions", params.SESSION_CREATE, sessions.create),
    Operation("GET", "/v1/checkout/sessions", params.SESSION_LIST, _session_list),
    Operation("GET", SESSION, params.RETRIEVE, lambda call, given, id: sessions.fresh(call, id)),
    Operation("POST", SESSION + "/expire", params.RETRIEVE, lambda call, given, id: sessions.expire(call, id)),
    Operation("GET", SESSION + "/line_items", params.PLAIN_PAGE, _session_items),
    Operation("GET", "/v1/payment_intents", params.CREATED_PAGE, _list("pi", "/v1/payment_intents")),
    Operation("GET", "/v1/payment_intents/{intent}", params.INTENT_RETRIEVE, _retrieve("pi", "intent")),
    Operation("GET", "/v1/charges", params.CHARGE_LIST, _list("ch", "/v1/charges", "payment_intent", "transfer_group")),
    Operation("GET", "/v1/charges/{charge}", params.RETRIEVE, _retrieve("ch")),
    Operation("POST", "/v1/refunds", params.REFUND_CREATE, refunds.create),
    Operation("GET", "/v1/refunds", params.REFUND_LIST, _list("re", "/v1/refunds", "charge", "payment_intent")),
    Operation("GET", "/v1/refunds/{refund}", params.RETRIEVE, _retrieve("re")),
    Operation("POST", "/v1/accounts", params.ACCOUNT_CREATE, accounts.create),
    Operation("GET", "/v1/accounts", params.CREATED_PAGE, _list("acct", "/v1/accounts")),
    Operation("GET", "/v1/accounts/{account}", params.RETRIEVE, _retrieve("acct", "account")),
    Operation("GET", "/v1/account", params.RETRIEVE, _platform),
    Operation("POST", "/v1/account_links", params.ACCOUNT_LINK_CREATE, accounts.create_link),
    Operation("POST", "/v1/transfers", params.TRANSFER_CREATE, transfers.create),
    Operation(
        "GET", "/v1/transfers", params.TRANSFER_LIST, _list("tr", "/v1/transfers", "destination", "transfer_group")
    ),
    Operation("GET", TRANSFER, params.RETRIEVE, _retrieve("tr", "transfer")),
    Operation(
        "POST",
        TRANSFER + "/reversals",
        params.REVERSAL_CREATE,
        lambda call, given, id: transfers.reverse(call, id, given),
    ),
    Operation("GET", TRANSFER + "/reversals", params.PLAIN_PAGE, _reversal_list),
    Operation("GET", TRANSFER + "/reversals/{reversal}", params.RETRIEVE, _reversal),
    Operation("GET", "/v1/balance", params.RETRIEVE, lambda call, given: balance.current(call)),
    Operation(
        "GET",
        "/v1/balance_transactions",
        params.BALANCE_TRANSACTION_LIST,
        _list("txn", "/v1/balance_transactions", "currency", "source", "type"),
    ),
    Operation("GET", "/v1/balance_transactions/{id}", params.RETRIEVE, _retrieve("txn")),
    Operation("POST", "/v1/topups", params.TOPUP_CREATE, topups.create),
    Operation("GET", "/v1/topups", params.TOPUP_LIST, _topup_list),
    Operation("GET", "/v1/topups/{topup}", params.RETRIEVE, _retrieve("tu", "topup")),
    Operation("GET", "/v1/events", params.EVENT_LIST, _event_list),
    Operation("GET", "/v1/events/{id}", params.RETRIEVE, _retrieve("evt")),
)
