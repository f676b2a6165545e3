"""Which event is read how; one file per kind of object. Any other event is acknowledged and marked handled."""

from __future__ import annotations

from bountyhub.integrations.stripe.routes import (
    disputes,
    payees,
    payments,
    payouts,
    promises,
    refunds,
    treasury,
)
from bountyhub.integrations.stripe.routes.record import Record, Route, nothing

ROUTES: dict[str, Route] = {
    **payments.ROUTES,
    **refunds.ROUTES,
    **payees.ROUTES,
    **treasury.ROUTES,
    **promises.ROUTES,  # asks `payments` about what isn't one
    **payouts.ROUTES,
    **disputes.ROUTES,
}

__all__ = ["ROUTES", "Record", "Route", "nothing"]
