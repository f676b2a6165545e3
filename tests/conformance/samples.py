"""Exchanges that are right, written by hand, for the self-test to spoil one by one."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]

TRANSFER: Record = {
    "id": "tr_1", "object": "transfer", "amount": 2500, "amount_reversed": 0, "balance_transaction": "txn_1",
    "created": 1_700_000_000, "currency": "eur", "description": None, "destination": "acct_1",
    "destination_payment": "py_1", "livemode": False, "metadata": {"task": "7"}, "reversed": False,
    "reversals": {"object": "list", "data": [], "has_more": False, "url": "/v1/transfers/tr_1/reversals"},
    "source_transaction": "ch_1", "source_type": "card", "transfer_group": "task_7",
}  # fmt: skip

STRIPE: Record = {
    "kind": "exchange", "method": "POST", "path": "/v1/transfers", "query": "", "status": 200, "response": TRANSFER,
    "form": "amount=2500&currency=eur&destination=acct_1&metadata[task]=7&source_transaction=ch_1",
}  # fmt: skip

STRIPE_ERROR: Record = STRIPE | {
    "status": 402,
    "response": {"error": {"type": "invalid_request_error", "code": "balance_insufficient", "message": "No money."}},
}

STRIPE_CHECKOUT: Record = {
    "kind": "exchange", "method": "POST", "path": "/v1/checkout/sessions", "query": "", "status": 400,
    "response": {"error": {"type": "invalid_request_error", "message": "No."}},
    "form": "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=eur"
    "&line_items[0][price_data][unit_amount]=2500&line_items[0][price_data][product_data][name]=Task",
}  # fmt: skip

STRIPE_EVENT: Record = {
    "kind": "webhook", "event": "transfer.created", "status": 202,
    "body": {
        "id": "evt_1", "object": "event", "account": None, "api_version": "2026-01-01", "context": None,
        "created": 1_700_000_000, "data": {"object": TRANSFER}, "livemode": False, "pending_webhooks": 1,
        "request": {"id": "req_1", "idempotency_key": "k"}, "type": "transfer.created",
    },
}  # fmt: skip

PERSON: Record = {
    "login": "ana", "id": 1, "node_id": "U_1", "avatar_url": "https://forge.test/ana.png", "gravatar_id": "",
    "url": "https://forge.test/users/ana", "html_url": "https://forge.test/ana", "type": "User", "site_admin": False,
    **{
        f"{name}_url": f"https://forge.test/users/ana/{name}"
        for name in (
            "followers", "following", "gists", "starred", "subscriptions", "organizations", "repos", "events",
            "received_events",
        )
    },
}  # fmt: skip

COMMENT: Record = {
    "id": 1, "node_id": "IC_1", "url": "https://forge.test/repos/ana/lamp/issues/comments/1",
    "html_url": "https://forge.test/ana/lamp/issues/2#issuecomment-1", "body": "Me too", "user": PERSON,
    "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z",
    "issue_url": "https://forge.test/repos/ana/lamp/issues/2", "author_association": "OWNER",
}  # fmt: skip

GITHUB: Record = {
    "kind": "exchange", "method": "POST", "path": "/repositories/5/issues/2/comments", "query": "",
    "body": {"body": "Me too"}, "status": 201, "response": COMMENT,
}  # fmt: skip

GITHUB_LIST: Record = {
    "kind": "exchange", "method": "GET", "path": "/repos/ana/lamp/issues/2/comments", "query": "per_page=100&page=1",
    "status": 200, "response": [COMMENT],
}  # fmt: skip

GITHUB_LABELS: Record = {
    "kind": "exchange", "method": "POST", "path": "/repos/ana/lamp/issues/2/labels", "query": "", "status": 200,
    "body": ["bug"], "response": [],
}  # fmt: skip

GITHUB_EVENT: Record = {
    "kind": "webhook", "event": "github_app_authorization", "status": 202,
    "body": {"action": "revoked", "sender": PERSON},
}  # fmt: skip

GRAPHQL: Record = {
    "kind": "exchange", "method": "POST", "path": "/graphql", "query": "", "status": 200,
    "body": {
        "query": "query($id: ID!) { node(id: $id) { ... on PullRequest {"
        " closingIssuesReferences(first: 10) { nodes { number repository { databaseId } } } } } }",
        "variables": {"id": "PR_1"},
    },
    "response": {
        "data": {"node": {"closingIssuesReferences": {"nodes": [{"number": 2, "repository": {"databaseId": 5}}]}}}
    },
}  # fmt: skip

TOKEN: Record = {
    "kind": "exchange", "method": "POST", "path": "/login/oauth/access_token", "query": "", "status": 200,
    "form": "grant_type=authorization_code&client_id=c&client_secret=s&code=x&code_verifier=v",
    "response": {"access_token": "ghu_1", "token_type": "bearer", "scope": ""},
}  # fmt: skip

RIGHT = {
    "stripe": (STRIPE, STRIPE_ERROR, STRIPE_CHECKOUT, STRIPE_EVENT),
    "github": (GITHUB, GITHUB_LABELS, GITHUB_LIST, GITHUB_EVENT, GRAPHQL, TOKEN),
}
