"""The gateway's part about disputes and early fraud warnings: Stripe's objects as values of `ports.disputes`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from stripe import V1Services
from stripe.params import DisputeListParams, DisputeUpdateParams
from stripe.params.radar import EarlyFraudWarningListParams

from bountyhub.integrations.stripe.answers import Answer, id_of, moment, money
from bountyhub.integrations.stripe.client import call, pages
from bountyhub.ports.disputes import DisputeInfo, Evidence, FraudWarning, Taken


class Disputes:
    """Mixed into `StripeGateway`."""

    _v1: V1Services

    def read_dispute(self, id: str) -> DisputeInfo:
        return dispute(call("read_dispute", self._v1.disputes.retrieve, id))

    def recent_disputes(self, since: datetime) -> Iterator[DisputeInfo]:
        params: DisputeListParams = {"created": {"gte": int(since.timestamp())}}
        return map(dispute, pages("recent_disputes", self._v1.disputes.list, params))

    def read_fraud_warning(self, id: str) -> FraudWarning:
        return fraud_warning(call("read_fraud_warning", self._v1.radar.early_fraud_warnings.retrieve, id))

    def recent_fraud_warnings(self, since: datetime) -> Iterator[FraudWarning]:
        params: EarlyFraudWarningListParams = {"created": {"gte": int(since.timestamp())}}
        return map(fraud_warning, pages("recent_fraud_warnings", self._v1.radar.early_fraud_warnings.list, params))

    def submit_evidence(self, id: str, evidence: Evidence, key: str) -> DisputeInfo:
        fields: Any = {**evidence.fields, "uncategorized_text": evidence.text}
        params: DisputeUpdateParams = {"evidence": fields, "submit": True}
        return dispute(call("submit_evidence", self._v1.disputes.update, id, params, {"idempotency_key": key}))


def dispute(answer: Answer) -> DisputeInfo:
    """A dispute with its book entries, which come with it."""
    entries = answer.get("balance_transactions") or []
    details = answer.get("evidence_details") or {}
    return DisputeInfo(
        id=answer["id"],
        charge=id_of(answer.get("charge")),
        payment_intent=id_of(answer.get("payment_intent")),
        status=str(answer.get("status") or ""),
        amount=money(answer["amount"], answer["currency"]),
        reason=str(answer.get("reason") or ""),
        at=moment(answer["created"]),
        due_by=moment(details["due_by"]) if details.get("due_by") else None,
        submitted=bool(details.get("submission_count")),
        withdrawn=next((_taken(each) for each in entries if each["amount"] < 0), None),
        reinstated=next((_taken(each) for each in entries if each["amount"] > 0), None),
    )


def fraud_warning(answer: Answer) -> FraudWarning:
    """An early fraud warning."""
    return FraudWarning(
        id=answer["id"],
        charge=id_of(answer.get("charge")),
        payment_intent=id_of(answer.get("payment_intent")),
        fraud_type=str(answer.get("fraud_type") or ""),
        at=moment(answer["created"]),
    )


def _taken(entry: Answer) -> Taken:
    return Taken(
        balance_transaction=entry["id"],
        amount=money(abs(entry["amount"]), entry["currency"]),
        fee=money(entry["fee"], entry["currency"]),
        at=moment(entry["created"]),
    )
