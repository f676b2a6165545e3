"""Events of connected accounts and of transfers to them."""

from __future__ import annotations

from bountyhub import ports
from bountyhub.integrations.stripe import lookups
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing
from bountyhub.kit.database import reading
from bountyhub.payouts import operations as payouts
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.payments import WebhookEvent


def _account(event: WebhookEvent) -> Record:
    id = event.references.get("account") or event.object_id
    try:
        account = ports.gateway().read_account(id)
    except OutsideGone:
        return lambda session: payouts.record_account_gone(session, id)
    reference = event.references.get("reference", "")
    with reading() as session:
        by_reference = lookups.payee_without_account(session, reference)
    return lambda session: payouts.record_account(session, account, reference if by_reference else None)


def _deauthorized(event: WebhookEvent) -> Record:
    """Its owner took the consent back, and may have given it again since: what stands there now is recorded.

    The event's object is the application; whose account it was is said beside it.
    """
    return _account(event) if event.references.get("account") else nothing


def _bank(event: WebhookEvent) -> Record:
    """A bank account of a connected account; one of the platform's own is the operator's affair."""
    return _account(event) if event.references.get("account") else nothing


def _transfer(event: WebhookEvent) -> Record:
    result = ports.gateway().read_transfer(event.object_id)
    if not result.reference:
        return nothing
    return lambda session: payouts.record_transfer(session, result)


#: Events that change something here.
ROUTES: dict[str, Route] = {
    "account.updated": _account,
    "account.application.deauthorized": _deauthorized,
    "account.external_account.created": _bank,
    "account.external_account.updated": _bank,
    "account.external_account.deleted": _bank,
    "capability.updated": _account,
    "transfer.created": _transfer,
    "transfer.updated": _transfer,
    "transfer.reversed": _transfer,
}
