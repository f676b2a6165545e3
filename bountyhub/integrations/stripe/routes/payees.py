"""Events of connected accounts and of transfers to them."""

from __future__ import annotations

from bountyhub import ports
from bountyhub.integrations.stripe import lookups
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing
from bountyhub.kit.database import reading
from bountyhub.payouts import operations as payouts
from bountyhub.ports.payments import WebhookEvent


def _account(event: WebhookEvent) -> Record:
    id = event.references.get("account") or event.object_id
    account = ports.gateway().read_account(id)
    reference = event.references.get("reference", "")
    with reading() as session:
        by_reference = lookups.payee_without_account(session, reference)
    return lambda session: payouts.record_account(session, account, reference if by_reference else None)


def _transfer(event: WebhookEvent) -> Record:
    result = ports.gateway().read_transfer(event.object_id)
    if not result.reference:
        return nothing
    return lambda session: payouts.record_transfer(session, result)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "account.updated": _account,
    "capability.updated": _account,
    "transfer.created": _transfer,
    "transfer.updated": _transfer,
    "transfer.reversed": _transfer,
}
