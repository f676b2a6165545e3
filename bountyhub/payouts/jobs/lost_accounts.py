"""Finds accounts that the processor opened while we crashed or heard no answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Payee
from bountyhub.payouts.operations import asked_long_ago, give_up_account, record_account
from bountyhub.ports import gateway

BATCH = 20_000
#: Whoever pressed the button has their answer by then.
UNANSWERED = timedelta(minutes=5)
#: The processor's clock may go otherwise than ours.
CLOCKS_DIFFER = timedelta(hours=1)


@recurring("payouts.sweep_lost_accounts", every=600)
def sweep_lost_accounts(run: Run) -> None:
    """Accounts that were asked for and never written down: looked up by our reference, never opened anew."""
    before = clock.real_now() - UNANSWERED
    query = select(Payee).where(Payee.account.is_(None), Payee.called_at < before)
    with reading() as session:
        lost = session.scalars(query.order_by(Payee.id).limit(BATCH)).all()
    each(lost, _find)


def _find(payee: Payee) -> None:
    """What is found is theirs; what is not there after the key's day was never opened, and is asked for no more."""
    assert payee.called_at is not None
    account = gateway().find_account(payee.ref, payee.called_at - CLOCKS_DIFFER)
    with transaction() as session:
        if account is not None:
            record_account(session, account, reference=payee.ref)
        elif asked_long_ago(payee):
            give_up_account(session, payee.id, payee.ref)
