"""Events of the platform's payouts to the operator's bank; a payee's own payouts come from their account."""

from __future__ import annotations

from bountyhub.integrations.stripe.payouts import read_payouts, record_payouts
from bountyhub.integrations.stripe.routes.record import Record, Route
from bountyhub.ports.payments import WebhookEvent


def _payout(event: WebhookEvent) -> Record:
    movements = read_payouts()
    return lambda session: record_payouts(session, movements)


#: Events that change something here.
ROUTES: dict[str, Route] = dict.fromkeys(
    ("payout.created", "payout.paid", "payout.failed", "payout.canceled", "payout.updated"), _payout
)
