"""Tables of money coming in and going back; one file per noun."""

from __future__ import annotations

from bountyhub.funding.models.buyers import AgreedText, Buyer
from bountyhub.funding.models.contributions import Contribution, ContributionState
from bountyhub.funding.models.disputes import Dispute, DisputeKind, DisputeState
from bountyhub.funding.models.papers import Built, Paper, PaperCounter, PaperKind
from bountyhub.funding.models.parties import Party
from bountyhub.funding.models.payments import UNPAID, Payment, PaymentState
from bountyhub.funding.models.promises import LapseReason, Promise, PromiseState
from bountyhub.funding.models.reconciliation import Discrepancy, MovementCursor
from bountyhub.funding.models.refunds import Refund, RefundReason, RefundState
from bountyhub.funding.models.tries import Try, TryKind
from bountyhub.funding.models.unclaimed import Unclaimed

__all__ = [
    "UNPAID", "AgreedText", "Built", "Buyer", "Contribution", "ContributionState", "Discrepancy", "Dispute",
    "DisputeKind", "DisputeState", "LapseReason", "MovementCursor", "Paper", "PaperCounter", "PaperKind",
    "Party", "Payment", "PaymentState", "Promise", "PromiseState", "Refund", "RefundReason", "RefundState",
    "Try", "TryKind",
    "Unclaimed",
]  # fmt: skip
