"""Events of payouts: the platform's to the operator's bank, and those of payees' own accounts to their banks."""

from __future__ import annotations

from bountyhub import ports
from bountyhub.integrations.stripe.payouts import read_payouts, record_payouts
from bountyhub.integrations.stripe.routes.record import Record, Route
from bountyhub.payouts.operations.banks import record_bank_payout
from bountyhub.ports.payments import WebhookEvent


def _payout(event: WebhookEvent) -> Record:
    """Of the platform: booked. Of a payee's account: only told to them, it is theirs alone."""
    if account := event.references.get("account"):
        payout = ports.gateway().read_payee_payout(account, event.object_id)
        return lambda session: record_bank_payout(session, account, payout)
    movements = read_payouts()
    return lambda session: record_payouts(session, movements)


#: Events that change something here.
ROUTES: dict[str, Route] = dict.fromkeys(
    ("payout.created", "payout.paid", "payout.failed", "payout.canceled", "payout.updated"), _payout
)
