"""What a payee's own account pays out to their bank: none of our money any more, only told to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bountyhub.kit.money import Money


class BankAnswer(StrEnum):
    """How far a payout came."""

    UNDER_WAY = "under_way"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True)
class PayeePayout:
    """A payout of a payee's account as it stands; `at`: when it was made; `code`: why it failed, as the bank says."""

    id: str
    amount: Money
    status: BankAnswer
    at: datetime
    code: str = ""


class PayeePayoutGateway(Protocol):
    """A part of `PaymentGateway`."""

    def read_payee_payout(self, account: str, id: str) -> PayeePayout:
        """A payout of one connected account; raises OutsideGone for one of another."""

    def recent_payee_payouts(self, account: str, since: datetime) -> Iterator[PayeePayout]:
        """Payouts of a connected account made since a moment (UTC), newest first; raises OutsideGone without access."""
