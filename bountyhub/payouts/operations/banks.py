"""A payee's bank refused, or took, what their own account paid out: shown to them, no entry in the books."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.models import Payee, PayeeBank
from bountyhub.ports.payee_payouts import BankAnswer, PayeePayout


def record_bank_payout(session: Session, account: str, payout: PayeePayout) -> None:
    """Write down how a payout of a connected account stands; a refusal is mailed once. Raises NotFound."""
    query = select(Payee).where(Payee.account == account)
    payee = session.scalars(query.with_for_update(key_share=True)).first()
    if payee is None:
        raise NotFound("No payee of this site has that account.")
    row = session.get(PayeeBank, payee.id, populate_existing=True)
    if row is None:
        row = PayeeBank(payee_id=payee.id, failed_amount=0, failed_currency="", failed_code="")
        session.add(row)
    if payout.status is BankAnswer.PAID and (row.paid_at is None or row.paid_at < payout.at):
        row.paid_at = payout.at
    if payout.status is BankAnswer.FAILED and (row.failed_at is None or row.failed_at <= payout.at):
        _refused(session, payee, row, payout)


def _refused(session: Session, payee: Payee, row: PayeeBank, payout: PayeePayout) -> None:
    known = row.failed_payout == payout.id
    row.failed_at, row.failed_payout, row.failed_code = payout.at, payout.id, payout.code[:60]
    row.failed_amount, row.failed_currency = payout.amount.amount, payout.amount.currency
    if known or row.refused is None:
        return
    audit.record(session, "stripe", "payee_payout_failed", "payee", payee.id, amount=row.failed_amount)
    outbox.add(session, "notify.bank_refused", payee=payee.id, payout=payout.id)


def forget_bank(session: Session, payee_id: int) -> None:
    """What was said of an account that is theirs no more."""
    session.execute(delete(PayeeBank).where(PayeeBank.payee_id == payee_id))
