"""Money on its way back: asked in the books, called by a job, its outcome recorded once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution, Payment, Refund, RefundReason, RefundState
from bountyhub.funding.operations.closing import close_if_empty, reopen_if_held
from bountyhub.funding.operations.other_way import unclaimed_row
from bountyhub.funding.queries import in_cooling_off
from bountyhub.funding.rules import NOTICE, kept_of, retry_in, vat_on
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, unit
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import refund as booking
from bountyhub.ledger import suspense
from bountyhub.ledger.accounts import escrow
from bountyhub.ledger.accounts import suspense as suspense_of
from bountyhub.ledger.positions import Terms, fee_returned, position, returned_part
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.payments import RefundResult, RefundStatus


def new_refund(
    session: Session, contribution: Contribution, total: int, reason: RefundReason, kept: int = 0
) -> Refund:  # fmt: skip
    """The row of a refund that is about to be asked, with the job that will ask; the caller books it."""
    refund = Refund(
        ref=ids.new_ref(), contribution_id=contribution.id, reason=reason, total=total, kept=kept,
        currency=contribution.currency, state=RefundState.ASKED, asked_at=clock.now(),
    )  # fmt: skip
    session.add(refund)
    session.flush()
    outbox.add(session, "funding.send_refund", refund=refund.id)
    outbox.add(session, "notify.refund_asked", refund=refund.id)
    return refund


def terms(contribution: Contribution) -> Terms:
    """Amount, fee and tax of a contribution, as the fee formulas want them."""
    return Terms(
        contribution.ref, contribution.amount, contribution.fee, contribution.currency, contribution.vat,
        contribution.vat_country,
    )  # fmt: skip


def escrow_of(session: Session, contribution: Contribution) -> int:
    """What of a contribution is held for its task now, minor units."""
    return ledger.balance(session, escrow(contribution.ref), contribution.currency)


@dataclass(frozen=True)
class Return:
    """What goes back of a contribution now, fee and tax on it included, and what is kept of it; minor units."""

    escrow: int
    total: int
    kept: int = 0
    kept_vat: int = 0

    @property
    def kept_in_all(self) -> int:
        """What is kept, with the tax on it."""
        return self.kept + self.kept_vat


def quote_return(session: Session, contribution: Contribution, *, late: bool) -> Return:
    """What would go back of all that is in escrow now; `late`: by a withdrawal asked for after the cooling-off days."""
    amount, named = escrow_of(session, contribution), terms(contribution)
    if amount == 0:
        return Return(0, 0)
    part = returned_part(named, position(session, named), amount)
    whole, kept, vat = amount + part.fee + part.vat, 0, 0
    if late and contribution.kept_cost:
        least = unit(contribution.currency)
        kept = kept_of(contribution.kept_cost, amount, contribution.amount, most=part.fee, unit=least)
        vat = min(vat_on(kept, contribution.vat_rate, unit=least), part.vat)
    return Return(amount, whole - kept - vat, kept, vat)


def ask_refund(
    session: Session, contribution: Contribution, reason: RefundReason, actor: Actor, *, late: bool = False
) -> Refund | None:
    """Send back all that is in escrow of a contribution, with its part of the fee; None when nothing is.

    `late`: its backer withdraws it after the cooling-off days, so what was named before paying is kept. The caller
    holds the locks of task and contribution.
    """
    session.flush()
    back = quote_return(session, contribution, late=late)
    if back.escrow == 0:
        return None
    refund = new_refund(session, contribution, back.total, reason, back.kept_in_all)
    booking.asked(
        session, refund=refund.ref, terms=terms(contribution), from_escrow=back.escrow, kept=back.kept,
        kept_vat=back.kept_vat, effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    contribution.notice_until = None
    detail = {"reason": reason, "total": back.total} | ({"kept": back.kept_in_all} if back.kept_in_all else {})
    audit.record(session, actor.name, "refund_asked", "contribution", contribution.id, **detail)
    return refund


def ask_noticed(session: Session, contribution: Contribution) -> Refund | None:
    """A notice is over: the money goes back as it would have on the day the notice was given. Rows are locked."""
    asked = (contribution.notice_until or clock.now()) - NOTICE
    late = not in_cooling_off(contribution, asked)
    return ask_refund(session, contribution, RefundReason.NOTICE, CLOCK, late=late)


def return_kept(session: Session, contribution: Contribution, part: booking.SharePart, actor: Actor) -> Refund:
    """Send back a part of a share that nobody was paid in time (kept or held back), with its part of the fee."""
    amount = part.amount
    total = amount + fee_returned(session, terms(contribution), amount)
    refund = new_refund(session, contribution, total, RefundReason.KEPT_LAPSED)
    booking.asked(
        session, refund=refund.ref, terms=terms(contribution),
        from_shares=[part], effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    audit.record(session, actor.name, "kept_share_returned", "contribution", contribution.id, total=total)
    return refund


def return_suspended(session: Session, contribution: Contribution, actor: Actor) -> Refund:
    """Send back money of a wrong amount or currency; once it was booked under its payment's word."""
    payment = session.scalars(select(Payment).where(Payment.contribution_id == contribution.id)).one()
    assert payment.received is not None and payment.received_currency is not None
    refund = new_refund(session, contribution, payment.received, RefundReason.WRONG_AMOUNT)
    refund.currency = payment.received_currency
    before = ledger.balance(session, suspense_of(payment.ref, contribution.ref), payment.received_currency)
    suspense.returned(
        session, payment=payment.ref if before else contribution.ref, contribution=contribution.ref,
        refund=refund.ref, amount=payment.received,
        currency=payment.received_currency, effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    audit.record(session, actor.name, "suspended_returned", "contribution", contribution.id, total=refund.total)
    return refund


def asked_of_processor(refund: Refund, payment: Payment) -> Money:
    """What the card gets back: all it paid, where that was turned into another currency on its way here."""
    if refund.reason is RefundReason.WRONG_AMOUNT and payment.charged is not None and payment.charged_currency:
        return Money(payment.charged, payment.charged_currency)
    return refund.money


def give_notice(session: Session, contribution: Contribution, actor: Actor) -> None:
    """Announce a withdrawal for seven days from now; a merge before then wins. Repeating it changes nothing."""
    if contribution.notice_until is not None:
        return
    contribution.notice_until = clock.now() + NOTICE
    until = contribution.notice_until.isoformat()
    audit.record(session, actor.name, "withdrawal_announced", "contribution", contribution.id, until=until)
    outbox.add(session, "notify.notice_given", contribution=contribution.id)


def take_back_notice(session: Session, contribution: Contribution, actor: Actor) -> None:
    """The backer leaves the money where it is after all."""
    if contribution.notice_until is not None:
        contribution.notice_until = None
        audit.record(session, actor.name, "withdrawal_taken_back", "contribution", contribution.id)


def refund_called(session: Session, refund_id: int) -> Refund:
    """Note the first call to the processor; after 24 h its memory of our key is over."""
    refund = session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    refund.called_at = refund.called_at or clock.real_now()
    return refund


def key_is_fresh(refund: Refund) -> bool:
    """Whether the processor still remembers the idempotency key of this refund."""
    return refund.called_at is None or clock.real_now() - refund.called_at < timedelta(hours=23)


def record_refund(session: Session, result: RefundResult) -> Contribution:
    """Write down what the processor says of a refund, once per step. Raises NotFound for a foreign reference."""
    refund = session.scalars(
        select(Refund).where(Refund.ref == result.reference).with_for_update().execution_options(populate_existing=True)
    ).first()
    if refund is None:
        raise NotFound("No refund of this site has that reference.")
    contribution = session.get_one(Contribution, refund.contribution_id, with_for_update=True, populate_existing=True)
    refund.processor_id = refund.processor_id or result.id
    if refund.state is RefundState.ASKED and result.debit is not None:
        _debited(session, contribution, refund, result)
    if result.status is RefundStatus.SUCCEEDED and refund.state is RefundState.DEBITED:
        refund.state, refund.done_at = RefundState.DONE, clock.now()
        audit.record(session, "stripe", "refund_done", "contribution", contribution.id, total=refund.total)
        _show(session, contribution)
    if result.status is RefundStatus.FAILED and refund.state not in (RefundState.FAILED, RefundState.SETTLED):
        _failed(session, contribution, refund, result)
    close_if_empty(session, contribution)
    return contribution


def _debited(session: Session, contribution: Contribution, refund: Refund, result: RefundResult) -> None:
    assert result.debit is not None
    booking.debited(
        session, refund=refund.ref, contribution=contribution.ref, amount=refund.total, currency=refund.currency,
        outside_id=result.debit, effective_at=result.at, actor="stripe",
    )  # fmt: skip
    refund.state = RefundState.DEBITED


def _failed(session: Session, contribution: Contribution, refund: Refund, result: RefundResult) -> None:
    if refund.state is RefundState.ASKED:
        booking.failed_before_debit(
            session, refund=refund.ref, contribution=contribution.ref, amount=refund.total,
            currency=refund.currency, effective_at=result.at, actor="stripe",
        )  # fmt: skip
    elif result.failure is not None:
        booking.failed_after_debit(
            session, refund=refund.ref, contribution=contribution.ref, amount=refund.total,
            currency=refund.currency, outside_id=result.failure, effective_at=result.at, actor="stripe",
        )  # fmt: skip
    else:
        return
    _mark_failed(session, contribution, refund)


def refuse_refund(session: Session, refund_id: int, key: str) -> None:
    """The processor refused what was asked under `key`: asked for again under a new one, ever more rarely.

    A refusal may end (no balance there, a key without the right); only a refund that was made and failed is unclaimed.
    """
    refund = session.get_one(Refund, refund_id, with_for_update=True, populate_existing=True)
    if refund.state is not RefundState.ASKED or refund.processor_id is not None or refund.key != key:
        return
    if refund.attempt == 1:
        audit.record(session, "stripe", "refund_refused", "contribution", refund.contribution_id, total=refund.total)
    at = clock.real_now() + retry_in(refund.attempt)
    refund.attempt, refund.called_at = refund.attempt + 1, None
    outbox.add(session, "funding.send_refund", run_at=at, refund=refund.id)


def _mark_failed(session: Session, contribution: Contribution, refund: Refund) -> None:
    refund.state = RefundState.FAILED
    reopen_if_held(session, contribution)
    audit.record(session, "stripe", "refund_failed", "contribution", contribution.id, total=refund.total)
    unclaimed_row(session, refund)
    outbox.add(session, "notify.refund_unclaimed", refund=refund.id, number=0)
    _show(session, contribution)


def _show(session: Session, contribution: Contribution) -> None:
    """A cancelled task says how far the money is on its way back."""
    outbox.add(session, "work.refund_over", key=f"refund:{contribution.task_id}", task=contribution.task_id)
