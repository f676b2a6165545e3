"""Charge-backs and fraud warnings as the domain sees them; part of `ports.payments.PaymentGateway`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bountyhub.kit.money import Money


@dataclass(frozen=True)
class Taken:
    """A movement of a dispute's money, with the processor's own book entry; amounts positive, a fee given back not."""

    balance_transaction: str
    amount: Money
    fee: Money
    at: datetime


@dataclass(frozen=True)
class DisputeInfo:
    """A dispute as it stands. `status` is the processor's word; money follows `withdrawn` and `reinstated` alone."""

    id: str
    charge: str
    payment_intent: str
    status: str
    amount: Money
    reason: str
    at: datetime
    due_by: datetime | None
    submitted: bool
    withdrawn: Taken | None = None
    reinstated: Taken | None = None


@dataclass(frozen=True)
class FraudWarning:
    """The card's bank suspects fraud."""

    id: str
    charge: str
    payment_intent: str
    fraud_type: str
    at: datetime


@dataclass(frozen=True)
class Evidence:
    """What we answer to a dispute: one text, and short ones for the fields that banks read first."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)


class DisputeGateway(Protocol):
    """What a processor answers about disputes."""

    def read_dispute(self, id: str) -> DisputeInfo: ...

    def recent_disputes(self, since: datetime) -> Iterator[DisputeInfo]: ...

    def read_fraud_warning(self, id: str) -> FraudWarning: ...

    def recent_fraud_warnings(self, since: datetime) -> Iterator[FraudWarning]: ...

    def submit_evidence(self, id: str, evidence: Evidence, key: str) -> DisputeInfo:
        """Answer a dispute: possible once."""
