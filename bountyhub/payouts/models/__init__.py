"""Tables of money going out; one file per noun."""

from __future__ import annotations

from bountyhub.payouts.models.banks import PayeeBank
from bountyhub.payouts.models.payees import Payee, PayeeState
from bountyhub.payouts.models.redirects import ProjectPayee, Redirect
from bountyhub.payouts.models.reversals import Reversal, ReversalState
from bountyhub.payouts.models.shares import Share, ShareState
from bountyhub.payouts.models.stops import Stop, StopScope
from bountyhub.payouts.models.transfers import Transfer, TransferState, WaitReason

__all__ = [
    "Payee", "PayeeBank", "PayeeState", "ProjectPayee", "Redirect", "Reversal", "ReversalState", "Share", "ShareState",
    "Stop", "StopScope", "Transfer", "TransferState", "WaitReason",
]  # fmt: skip
