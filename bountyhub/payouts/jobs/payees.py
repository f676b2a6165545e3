"""Asks how payees' accounts stand."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select

from bountyhub.events.registry import Run, recurring
from bountyhub.events.sweeps import each
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Payee, PayeeState, Transfer, TransferState
from bountyhub.payouts.operations import (
    record_account,
    record_account_gone,
)
from bountyhub.people.addresses import forget_old_addresses
from bountyhub.ports import gateway
from bountyhub.ports.errors import OutsideGone

BATCH = 20_000


@recurring("payouts.sweep_payees", every=120)
def sweep_payees(run: Run) -> None:
    """Accounts that were asked for, unfinished or restricted: how do they stand (a webhook may be lost)?"""
    recent = Payee.created_at >= clock.now() - timedelta(days=30)
    begun = Payee.state.in_([PayeeState.ASKED, PayeeState.UNFINISHED])
    unsettled = Payee.state.in_([PayeeState.RESTRICTED, PayeeState.UNPAYABLE]) | (begun & recent)
    query = select(Payee).where(unsettled, Payee.account.is_not(None))
    with reading() as session:
        waiting = session.scalars(query.order_by(Payee.id).limit(BATCH)).all()
    each(waiting, _read_account)


@recurring("payouts.sweep_waiting_accounts", every=3600)
def sweep_waiting_accounts(run: Run) -> None:
    """Accounts to which something is about to go: was their bank account changed, or were they closed, unheard?"""
    unsent = Transfer.state.in_([TransferState.PLANNED, TransferState.WAITING])
    query = select(Payee).join(Transfer, Transfer.payee_id == Payee.id).where(unsent, Payee.state == PayeeState.READY)
    with reading() as session:
        waiting = session.scalars(query.distinct().order_by(Payee.id).limit(BATCH)).all()
    each(waiting, _read_account)


@recurring("payouts.forget_old_addresses", every=86_400)
def forget_addresses(run: Run) -> None:
    """An address that was changed is kept for a week, for warnings alone."""
    with transaction() as session:
        forget_old_addresses(session)


def _read_account(payee: Payee) -> None:
    assert payee.account is not None
    account = None
    with suppress(OutsideGone):
        account = gateway().read_account(payee.account)
    with transaction() as session:
        if account is None:
            record_account_gone(session, payee.account)
        else:
            record_account(session, account)
