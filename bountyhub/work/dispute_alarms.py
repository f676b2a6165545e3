"""What the operator must hear of disputes: new ones, those nearly too late, strange words, money that came late."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events.alarms import Found
from bountyhub.funding.models import Dispute, DisputeKind, DisputeState
from bountyhub.funding.operations.evidence import can_answer
from bountyhub.funding.rules_disputes import URGENT, DisputeEvent, meaning
from bountyhub.kit import clock
from bountyhub.kit.money import plain

SCOPE = "dispute:"
KIND = "dispute"


def found(session: Session) -> list[Found]:
    """Every alarm about disputes that holds now."""
    watched = Dispute.ended_at.is_(None) | (Dispute.state == DisputeState.LOST)
    rows = session.scalars(select(Dispute).where(watched).order_by(Dispute.id))
    return [_alarm(dispute, what, text) for dispute in rows for what, text in _of(dispute)]


def _alarm(dispute: Dispute, what: str, text: str) -> Found:
    named = f"dispute {dispute.ref} ({plain(dispute.money)}, {dispute.processor_id}) {text}"
    return Found(f"{SCOPE}{what}:{dispute.ref}", KIND, f"dispute {dispute.ref}", f"{named}: see /operator/disputes")


def _of(dispute: Dispute) -> Iterator[tuple[str, str]]:
    if dispute.kind is DisputeKind.FRAUD_WARNING:
        yield "warned", "is a fraud warning; unless you keep it, what of it was not paid goes back after a day"
    elif dispute.ended_at is not None:
        if meaning(dispute.status) is not DisputeEvent.LOST:
            yield "late", f"was lost, and the processor now says “{dispute.status}”: its money must be booked by hand"
    elif dispute.state is DisputeState.UNKNOWN:
        yield "unknown", f"has a status nobody knows here, “{dispute.status}”: its money stays frozen"
    elif can_answer(dispute):
        yield from _unanswered(dispute)
    elif dispute.state in (DisputeState.WON, DisputeState.CLOSED):
        yield "unpaid", f"is {dispute.state}, and what was taken is not back as it was"


def _unanswered(dispute: Dispute) -> Iterator[tuple[str, str]]:
    until = f" until {dispute.due_by:%Y-%m-%d %H:%M} UTC" if dispute.due_by else ""
    yield "new", f"waits for your answer{until}"
    if dispute.due_by is not None and dispute.due_by - clock.now() <= URGENT:
        yield "due", f"will be lost unless you answer it{until}"
