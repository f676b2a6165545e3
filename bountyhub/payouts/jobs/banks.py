"""Finds what payees' banks refused, or took, where no webhook told."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.models import Payee, Transfer
from bountyhub.payouts.operations.banks import record_bank_payout
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone

BATCH = 20_000
#: For how long after a transfer its payee's account is looked at: it may pay out once a month.
WATCHED = timedelta(days=60)
#: A bank may refuse days after the processor said that the money arrived.
MAY_COME_BACK = timedelta(days=14)


@recurring("payouts.sweep_banks", every=86_400)
def sweep_banks(run: Run) -> None:
    """The last payouts of every account that something was sent to lately; what is known already changes nothing."""
    lately = Transfer.confirmed_at >= clock.now() - WATCHED
    query = select(Payee).join(Transfer, Transfer.payee_id == Payee.id).where(lately, Payee.account.is_not(None))
    with reading() as session:
        paid = session.scalars(query.distinct().order_by(Payee.id).limit(BATCH)).all()
    each(paid, _look)


def _look(payee: Payee) -> None:
    assert payee.account is not None
    with suppress(OutsideGone, NotFound):  # the account was closed, or replaced meanwhile
        payouts = list(gateway().recent_payee_payouts(payee.account, clock.now() - MAY_COME_BACK))
        with transaction() as session:
            for payout in reversed(payouts):
                record_bank_payout(session, payee.account, payout)
