"""One call of one event of the books, with everything that it says: drawn, predicted, played and replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from sqlalchemy.orm import Session

from bountyhub.ledger import capture, dispute, move, posting, refund, release, suspense, transfer, treasury, unclaimed
from bountyhub.ledger.models import Entry

Arguments = dict[str, Any]

#: Every kind of entry and the function that books it; looked up when called, so that a fault can be planted.
FUNCTIONS: dict[str, tuple[ModuleType, str]] = {
    "captured": (capture, "captured"),
    "captured_late": (capture, "captured_late"),
    "captured_wrong": (capture, "captured_wrong"),
    "cost": (capture, "cost"),
    "suspense_matched": (suspense, "matched"),
    "suspense_returned": (suspense, "returned"),
    "released": (release, "released"),
    "holdback_released": (release, "holdback_released"),
    "kept_claimed": (release, "kept_claimed"),
    "became_unsendable": (release, "became_unsendable"),
    "release_undone": (release, "undone"),
    "transfer_asked": (transfer, "asked"),
    "transfer_confirmed": (transfer, "confirmed"),
    "transfer_refused": (transfer, "refused"),
    "transfer_reversed": (transfer, "reversed_later"),
    "refund_asked": (refund, "asked"),
    "refund_debited": (refund, "debited"),
    "refund_failed": (refund, "failed_before_debit"),
    "refund_came_back": (refund, "failed_after_debit"),
    "unclaimed_asked": (unclaimed, "asked_again"),
    "unclaimed_paid": (unclaimed, "paid_otherwise"),
    "unclaimed_set_apart": (unclaimed, "set_apart"),
    "moved": (move, "moved"),
    "dispute_warned": (dispute, "warned"),
    "dispute_warning_over": (dispute, "warning_over"),
    "dispute_warning_refunded": (dispute, "warning_refunded"),
    "dispute_withdrawn": (dispute, "funds_withdrawn"),
    "dispute_lost": (dispute, "lost"),
    "dispute_won": (dispute, "won"),
    "topped_up": (treasury, "topped_up"),
    "paid_out": (treasury, "paid_out"),
    "payout_returned": (treasury, "payout_returned"),
    "drawn": (treasury, "drawn"),
    "vat_paid": (treasury, "vat_paid"),
}

_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Call:
    """An event to be booked. Who reports it, and when it took effect, is not part of what it says."""

    event: str
    arguments: Arguments
    actor: str = "soak"
    minute: int = 0

    @property
    def effective_at(self) -> datetime:
        """When the processor or the forge says it happened; not in the order of booking."""
        return _FIRST + timedelta(minutes=self.minute)

    def says_the_same(self, other: Call) -> bool:
        """Whether both are the same event; the order of pieces means nothing."""
        return self.event == other.event and _sorted(self.arguments) == _sorted(other.arguments)

    def __str__(self) -> str:
        return f"{self.event}({', '.join(f'{name}={value!r}' for name, value in self.arguments.items())})"


@dataclass(frozen=True)
class Race:
    """Two calls by two sessions that begin together."""

    first: Call
    second: Call
    in_step: bool = False

    def __str__(self) -> str:
        return f"at once{', in step' if self.in_step else ''}: {self.first} | {self.second}"


Step = Call | Race


def play(session: Session, call: Call) -> Entry:
    """Book it by the application's own function."""
    times = {"effective_at": call.effective_at, "actor": call.actor}
    if call.event == "reversal":
        return _reverse(session, call.arguments, times)
    module, name = FUNCTIONS[call.event]
    entry: Entry = getattr(module, name)(session, **call.arguments, **times)
    return entry


def _reverse(session: Session, arguments: Arguments, times: Arguments) -> Entry:
    entry = posting.get(session, arguments["of"])
    return posting.reverse(session, entry, kind=entry.kind, key=arguments["key"], **times)


def _sorted(arguments: Arguments) -> Arguments:
    return {name: sorted(map(repr, value)) if isinstance(value, list) else value for name, value in arguments.items()}
