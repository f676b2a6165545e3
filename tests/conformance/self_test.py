"""Plants one fault after another in exchanges that are right, and shows that each is reported for what it is.

Run by `python -m tests.conformance --self-test` and by `test_self_test.py`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from tests.conformance.lines import Verdict, line_of
from tests.conformance.report import CHECKS
from tests.conformance.samples import (
    GITHUB,
    GITHUB_EVENT,
    GITHUB_LABELS,
    GITHUB_LIST,
    GRAPHQL,
    RIGHT,
    STRIPE,
    STRIPE_CHECKOUT,
    STRIPE_ERROR,
    STRIPE_EVENT,
    TOKEN,
    Record,
)

GONE = object()
NODE = ("response", "data", "node", "closingIssuesReferences", "nodes", 0)
PRICE = "line_items[0][price_data]"


@dataclass(frozen=True)
class Fault:
    """Set `path` in a copy of `record` to `value` (GONE removes it): a violation must contain all of `says`."""

    source: str
    record: Record
    path: tuple[str | int, ...]
    value: Any
    says: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.source}, {self.record['kind']}, {'.'.join(map(str, self.path))}: {' '.join(self.says)}"


def _form(record: Record, old: str, new: str) -> str:
    changed: str = record["form"].replace(old, new)
    assert changed != record["form"], old
    return changed


def _stripe(record: Record, path: tuple[str | int, ...], value: Any, *says: str) -> Fault:
    return Fault("stripe", record, path, value, says)


def _github(record: Record, path: tuple[str | int, ...], value: Any, *says: str) -> Fault:
    return Fault("github", record, path, value, says)


def _stripe_form(record: Record, old: str, new: str, *says: str) -> Fault:
    return _stripe(record, ("form",), _form(record, old, new), *says)


FAULTS = (
    # what we send to Stripe
    _stripe_form(STRIPE, "currency=eur", "currency=eur&colour=red", "unknown parameter", "colour"),
    _stripe_form(STRIPE, "currency=eur&", "", "missing parameter", "currency"),
    _stripe_form(STRIPE, "amount=2500", "amount=25.00", "mistyped parameter", "amount"),
    _stripe_form(STRIPE, "metadata[task]=7", "metadata=7", "mistyped parameter", "metadata"),
    _stripe_form(STRIPE, "currency=eur", "currency=eur&source_type=gold", "mistyped parameter", "source_type"),
    _stripe_form(STRIPE, "currency=eur", "currency=eur&idempotency_key=k", "unknown parameter", "idempotency_key"),
    _stripe_form(STRIPE_CHECKOUT, "[unit_amount]", "[unit_price]", "unknown parameter", f"{PRICE}[unit_price]"),
    _stripe_form(
        STRIPE_CHECKOUT, f"&{PRICE}[product_data][name]=Task", f"&{PRICE}[product_data][url]=x", "missing", "name"
    ),
    _stripe_form(STRIPE_CHECKOUT, "[quantity]=1", "[quantity]=one", "mistyped parameter", "quantity"),
    # what the Stripe sandbox answers
    _stripe(STRIPE, ("response", "colour"), "red", "unknown field", "colour"),
    _stripe(STRIPE, ("response", "amount_reversed"), GONE, "missing field", "amount_reversed"),
    _stripe(STRIPE, ("response", "amount"), "2500", "mistyped field", "amount"),
    _stripe(STRIPE, ("response", "amount"), None, "mistyped field", "amount"),
    _stripe(STRIPE, ("response", "livemode"), 0, "mistyped field", "livemode"),
    _stripe(STRIPE, ("response", "object"), "refund", "mistyped field", "object"),
    _stripe(STRIPE, ("response", "balance_transaction"), {"id": "txn_1"}, "balance_transaction"),
    _stripe(STRIPE, ("response", "reversals", "data"), [{"id": "trr_1"}], "missing field", "reversals.data[0]"),
    _stripe(STRIPE, ("response", "reversals", "url"), GONE, "missing field", "url"),
    _stripe(STRIPE_ERROR, ("response", "error", "colour"), "red", "unknown field", "colour"),
    _stripe(STRIPE_ERROR, ("response", "error", "type"), GONE, "missing field", "type"),
    _stripe(STRIPE_ERROR, ("response", "error", "message"), 5, "mistyped field", "message"),
    # what the Stripe sandbox posts
    _stripe(STRIPE_EVENT, ("body", "colour"), "red", "unknown field", "colour"),
    _stripe(STRIPE_EVENT, ("body", "created"), GONE, "missing field", "created"),
    _stripe(STRIPE_EVENT, ("body", "type"), "transfer.gone", "mistyped field", "type"),
    _stripe(STRIPE_EVENT, ("body", "data", "object", "colour"), "red", "unknown field", "colour"),
    _stripe(STRIPE_EVENT, ("body", "data", "object", "amount"), GONE, "missing field", "amount"),
    _stripe(STRIPE_EVENT, ("body", "data", "object", "currency"), 978, "mistyped field", "currency"),
    _stripe(STRIPE_EVENT, ("body", "data", "object", "object"), "gift", "unknown object", "gift"),
    _stripe(STRIPE_EVENT, ("body", "data", "previous_attributes"), {"colour": "red"}, "unknown field", "colour"),
    # what we send to GitHub
    _github(GITHUB, ("body", "colour"), "red", "unknown", "colour"),
    _github(GITHUB, ("body", "body"), GONE, "missing", "body"),
    _github(GITHUB, ("body", "body"), 7, "mistyped", "body"),
    _github(GITHUB, ("body",), None, "missing", "body"),
    _github(GITHUB_LABELS, ("body",), [7], "body[0]"),
    _github(GITHUB_LABELS, ("body",), {"labels": ["bug"], "colour": "red"}, "unknown", "colour"),
    _github(GITHUB_LIST, ("query",), "colour=red", "unknown parameter", "colour"),
    _github(GITHUB_LIST, ("query",), "per_page=many", "mistyped", "per_page"),
    _github(GITHUB_LIST, ("path",), "/repos/ana/lamp/issues/two/comments", "mistyped", "issue_number"),
    _github(GRAPHQL, ("body", "query"), "{ viewer { colour } }", "query", "colour"),
    _github(GRAPHQL, ("body", "variables"), {}, "variables", "$id"),
    _github(GRAPHQL, ("body", "variables", "colour"), "red", "variables", "unknown colour"),
    _github(TOKEN, ("form",), _form(TOKEN, "&code=x", ""), "'code' is a required property"),
    _github(TOKEN, ("form",), _form(TOKEN, "&code=x", "&code=x&colour=red"), "'colour' was unexpected"),
    _github(TOKEN, ("form",), _form(TOKEN, "authorization_code", "password"), "grant_type"),
    # what the GitHub sandbox answers
    _github(GITHUB, ("response", "colour"), "red", "unknown", "colour"),
    _github(GITHUB, ("response", "node_id"), GONE, "missing", "node_id"),
    _github(GITHUB, ("response", "id"), "1", "mistyped", "answer.id"),
    _github(GITHUB, ("response", "user", "login"), GONE, "missing", "login"),
    _github(GITHUB, ("response", "user", "colour"), "red", "unknown", "colour"),
    _github(GITHUB, ("response", "created_at"), "yesterday", "mistyped", "created_at"),
    _github(GITHUB, ("response", "author_association"), "BOSS", "mistyped", "author_association"),
    _github(GITHUB, ("status",), 204, "knows no status 204"),
    _github(GITHUB, ("status",), 503, "answer", "unknown"),
    _github(GITHUB_LIST, ("response", 0, "id"), None, "mistyped", "answer[0].id"),
    _github(GRAPHQL, (*NODE, "number"), "2", "mistyped", "number"),
    _github(GRAPHQL, (*NODE, "number"), GONE, "missing number"),
    _github(GRAPHQL, (*NODE, "colour"), "red", "unknown colour"),
    _github(TOKEN, ("response", "token_type"), GONE, "'token_type' is a required property"),
    _github(TOKEN, ("response", "colour"), "red", "'colour' was unexpected"),
    _github(TOKEN, ("response", "access_token"), 5, "access_token"),
    # what the GitHub sandbox posts
    _github(GITHUB_EVENT, ("body", "colour"), "red", "unknown", "colour"),
    _github(GITHUB_EVENT, ("body", "sender"), GONE, "missing", "sender"),
    _github(GITHUB_EVENT, ("body", "sender", "id"), "1", "mistyped", "sender.id"),
)
UNKNOWN = (
    _stripe(STRIPE, ("path",), "/v1/gifts", "no operation"),
    _github(GITHUB, ("path",), "/repos/ana/lamp/gifts", "no such method and path"),
    _github(GITHUB_EVENT, ("body", "action"), "forgotten", "no such webhook"),
)


def verdict_on(source: str, record: Record, *, nonsense: bool = False) -> Verdict:
    return CHECKS[source](line_of(record, source, nonsense=nonsense))


def planted(fault: Fault) -> Verdict:
    """The verdict on a copy of the record with the fault in it."""
    record = copy.deepcopy(fault.record)
    part: Any = record
    for step in fault.path[:-1]:
        part = part[step]
    if fault.value is GONE:
        del part[fault.path[-1]]
    else:
        part[fault.path[-1]] = fault.value
    return verdict_on(fault.source, record)


def noticed(fault: Fault, verdict: Verdict) -> bool:
    sentences = [*verdict.violations, verdict.unchecked or ""]
    return any(all(word in sentence for word in fault.says) for sentence in sentences)


def self_test() -> bool:
    """Print each planted fault with what was said of it; whether all were noticed and the right ones pass."""
    passed = True
    for source, records in RIGHT.items():
        for record in records:
            verdict = verdict_on(source, record)
            passed &= _print(not verdict.violations and not verdict.unchecked, f"right: {verdict.operation}", verdict)
    for fault in (*FAULTS, *UNKNOWN):
        verdict = planted(fault)
        passed &= _print(noticed(fault, verdict), fault.title, verdict)
    return passed


def _print(good: bool, title: str, verdict: Verdict) -> bool:
    said = "" if good else f" — {verdict.violations or verdict.unchecked or 'nothing was said'}"
    print(f"{'ok  ' if good else 'FAIL'} {title}{said}")
    return good
