"""The table of everything the API answers: method, path, parameters and what does it. Read by `api`."""

from __future__ import annotations

import fnmatch
from typing import Any

from bountyhub.sandbox.stripe import (
    account_life,
    account_payouts,
    accounts,
    balance,
    customers,
    disputing,
    intents,
    lists,
    params,
    payouts,
    records,
    refunds,
    sessions,
    setups,
    topups,
    transfers,
    webhook_endpoints,
)
from bountyhub.sandbox.stripe.account_object import HOME, build
from bountyhub.sandbox.stripe.call import Call
from bountyhub.sandbox.stripe.operation import Operation, listed, retrieve

Doc = dict[str, Any]
PLATFORM = "acct_1Platform00000000"


def find(method: str, path: str) -> tuple[Operation, tuple[str, ...]] | None:
    for operation in OPERATIONS:
        ids = operation.ids(method, path)
        if ids is not None:
            return operation, ids
    return None


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
    page = lists.page(items, given, f"/v1/checkout/sessions/{id}/line_items", "item")
    for each in page["data"]:
        del each["created"]
    return page


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
    Operation("GET", "/v1/payment_intents/{intent}", params.INTENT_RETRIEVE, retrieve("pi", "intent")),
    Operation(
        "GET", "/v1/charges", params.CHARGE_LIST, listed("ch", "/v1/charges", "payment_intent", "transfer_group")
    ),
    Operation("GET", "/v1/charges/{charge}", params.RETRIEVE, retrieve("ch")),
    Operation("POST", "/v1/refunds", params.REFUND_CREATE, refunds.create),
    Operation("GET", "/v1/refunds", params.REFUND_LIST, listed("re", "/v1/refunds", "charge", "payment_intent")),
    Operation("GET", "/v1/refunds/{refund}", params.RETRIEVE, retrieve("re")),
    Operation("POST", "/v1/accounts", params.ACCOUNT_CREATE, accounts.create),
    Operation("GET", "/v1/accounts", params.CREATED_PAGE, listed("acct", "/v1/accounts")),
    Operation("GET", "/v1/accounts/{account}", params.RETRIEVE, account_life.retrieve),
    Operation("GET", "/v1/account", params.RETRIEVE, _platform),
    Operation("POST", "/v1/account_links", params.ACCOUNT_LINK_CREATE, accounts.create_link),
    Operation("POST", "/v1/transfers", params.TRANSFER_CREATE, transfers.create),
    Operation(
        "GET", "/v1/transfers", params.TRANSFER_LIST, listed("tr", "/v1/transfers", "destination", "transfer_group")
    ),
    Operation("GET", TRANSFER, params.RETRIEVE, retrieve("tr", "transfer")),
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
        listed("txn", "/v1/balance_transactions", "currency", "source", "type"),
    ),
    Operation("GET", "/v1/balance_transactions/{id}", params.RETRIEVE, retrieve("txn")),
    Operation("POST", "/v1/topups", params.TOPUP_CREATE, topups.create),
    Operation("GET", "/v1/topups", params.TOPUP_LIST, _topup_list),
    Operation("GET", "/v1/topups/{topup}", params.RETRIEVE, retrieve("tu", "topup")),
    *disputing.OPERATIONS,
    Operation("GET", "/v1/events", params.EVENT_LIST, _event_list),
    Operation("GET", "/v1/events/{id}", params.RETRIEVE, retrieve("evt")),
    *customers.OPERATIONS,
    *setups.OPERATIONS,
    *intents.OPERATIONS,
    *payouts.OPERATIONS,
    Operation("GET", "/v1/payouts", payouts.LIST, account_payouts.list_them),
    Operation("GET", "/v1/payouts/{payout}", params.RETRIEVE, account_payouts.retrieve),
    *webhook_endpoints.OPERATIONS,
)
