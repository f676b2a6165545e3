"""One transfer: the intent is booked, the processor asked by a job, the outcome booked once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.closing import close_if_empty, reopen_if_held
from bountyhub.funding.operations.freezing import is_disputed
from bountyhub.funding.operations.origin import origin_of, payment_of
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import transfer as booking
from bountyhub.payouts.models import Payee, PayeeState, Share, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations.reversals import ask_back, came_back_of, drop
from bountyhub.payouts.operations.shares import move_share, say_anew
from bountyhub.payouts.operations.stops import stop_of
from bountyhub.payouts.rules import ShareEvent, retry_in
from bountyhub.ports.payments import TransferOrder, TransferResult

UNSENT = (TransferState.PLANNED, TransferState.WAITING)


@dataclass(frozen=True)
class Asking:
    """A transfer whose intent is booked: ask the processor for `order` under key `order.reference`.

    `look_first`: its key may be forgotten, so look it up by reference before asking again.
    """

    order: TransferOrder
    look_first: bool


def begin_transfer(session: Session, transfer_id: int) -> Asking | None:
    """Book the intent of a transfer that may leave now; None when it may not (the row says why) or is over."""
    share, transfer = lock_transfer(session, Transfer.id == transfer_id)
    if transfer.state is TransferState.SENT:
        return Asking(transfer_order(session, transfer), _key_is_old(transfer))
    if transfer.state not in UNSENT or _waits(session, share, transfer):
        return None
    if transfer.wait_reason is not None:
        say_anew(session, share)
    booking.asked(
        session, transfer=transfer.ref,
        pieces=[booking.SharePiece(share.ref, _contribution(session, transfer).ref, transfer.amount)],
        currency=transfer.currency, effective_at=clock.now(), actor="clock", attempt=transfer.attempt,
    )  # fmt: skip
    transfer.state, transfer.wait_reason, transfer.called_at = TransferState.SENT, None, clock.real_now()
    move_share(session, share, ShareEvent.SENT, "clock")
    return Asking(transfer_order(session, transfer), look_first=False)


def lock_transfer(session: Session, which: ColumnElement[bool]) -> tuple[Share, Transfer]:
    """A transfer with its share, locked in the order contribution, share, transfer. Raises NotFound."""
    found = session.execute(select(Transfer.id, Transfer.share_id, Transfer.contribution_id).where(which)).first()
    if found is None:
        raise NotFound("No transfer of this site has that reference.")
    session.get_one(Contribution, found[2], with_for_update=True, populate_existing=True)
    share = session.get_one(Share, found[1], with_for_update=True, populate_existing=True)
    transfer = session.get(Transfer, found[0], with_for_update=True, populate_existing=True)
    if transfer is None:  # dropped a moment ago, because its share became unsendable
        raise NotFound("No transfer of this site has that reference.")
    return share, transfer


def _waits(session: Session, share: Share, transfer: Transfer) -> bool:
    reason = _wait_reason(session, share, transfer)
    if reason is not None and reason is not transfer.wait_reason:
        say_anew(session, share)
    if reason is not None:
        transfer.state, transfer.wait_reason = TransferState.WAITING, reason
    return reason is not None


def _wait_reason(session: Session, share: Share, transfer: Transfer) -> WaitReason | None:
    if clock.now() < transfer.not_before:
        return _until_then(session, transfer)
    if is_disputed(session, transfer.contribution_id):
        return WaitReason.DISPUTE
    if stop_of(session, share, _contribution(session, transfer)) is not None:
        return WaitReason.STOPPED
    payee = session.get(Payee, transfer.payee_id, populate_existing=True) if transfer.payee_id else None
    if payee is None or payee.state is not PayeeState.READY:
        return WaitReason.ACCOUNT
    return WaitReason.HOLD if payee.holds_until is not None and clock.now() < payee.holds_until else None


def _until_then(session: Session, transfer: Transfer) -> WaitReason:
    """Why a transfer has a day before which it doesn't leave."""
    until = payment_of(session, _contribution(session, transfer)).callable_until
    return WaitReason.CALLABLE if until is not None and clock.now() < until else WaitReason.FRESH


def _key_is_old(transfer: Transfer) -> bool:
    return transfer.called_at is not None and clock.real_now() - transfer.called_at > timedelta(hours=23)


def _contribution(session: Session, transfer: Transfer) -> Contribution:
    return session.get_one(Contribution, transfer.contribution_id)


def transfer_order(session: Session, transfer: Transfer) -> TransferOrder:
    """What to ask the processor for; the same for every try. Of moved money too the group is its charge's."""
    paid = origin_of(session, _contribution(session, transfer))
    payment = payment_of(session, paid)
    payee = session.get_one(Payee, transfer.payee_id)
    assert payment.charge is not None and payee.account is not None
    return TransferOrder(
        reference=_reference(transfer),
        amount=transfer.money, account=payee.account, charge=payment.charge,
        transfer_group=f"task-{paid.task_id}",
    )  # fmt: skip


def _reference(transfer: Transfer) -> str:
    return transfer.ref if transfer.attempt == 1 else f"{transfer.ref}-{transfer.attempt}"


def record_transfer(session: Session, result: TransferResult) -> Share:
    """Write down what the processor says of a transfer, once. Raises NotFound for a foreign reference."""
    share, transfer = lock_transfer(session, Transfer.ref == result.reference.partition("-")[0])
    if transfer.state is TransferState.SENT:
        _confirmed(session, share, transfer, result)
    if transfer.state in (TransferState.CONFIRMED, TransferState.REVERSED) and result.reversed > transfer.reversed:
        _reversed(session, share, transfer, result)
    return share


def _confirmed(session: Session, share: Share, transfer: Transfer, result: TransferResult) -> None:
    contribution = _contribution(session, transfer)
    booking.confirmed(
        session, transfer=transfer.ref, amount=transfer.amount, currency=transfer.currency,
        outside_id=result.balance_transaction, effective_at=result.at, actor="stripe",
    )  # fmt: skip
    transfer.state, transfer.processor_id, transfer.confirmed_at = TransferState.CONFIRMED, result.id, clock.now()
    audit.record(session, "stripe", "transfer_confirmed", "share", share.id, amount=transfer.amount)
    close_if_empty(session, contribution)
    open_states = _open_states(session, share)
    if not open_states and move_share(session, share, ShareEvent.PAID, "stripe"):
        share.paid_at = clock.now()
        if share.undone_at is None:
            outbox.add(session, "work.share_paid", key=f"paid:{share.id}", share=share.id)
    elif open_states and TransferState.SENT not in open_states:
        move_share(session, share, ShareEvent.SENT_IN_PART, "stripe")
    if share.undone_at is not None:
        ask_back(session, transfer)


def _reversed(session: Session, share: Share, transfer: Transfer, result: TransferResult) -> None:
    """(A part of) a transfer came back: payable again, sent by nobody; at the end of its life it goes back."""
    contribution = _contribution(session, transfer)
    for one in result.reversals:
        booking.reversed_later(
            session, transfer=transfer.ref,
            pieces=[booking.SharePiece(share.ref, contribution.ref, one.amount.amount)], currency=transfer.currency,
            outside_id=one.balance_transaction, effective_at=one.at, actor="stripe",
        )  # fmt: skip
    came_back = result.reversed - transfer.reversed
    transfer.state, transfer.wait_reason, transfer.reversed = (
        TransferState.REVERSED, WaitReason.REVERSED, result.reversed,
    )  # fmt: skip
    audit.record(session, "stripe", "transfer_reversed", "share", share.id, amount=came_back)
    reopen_if_held(session, contribution)
    if move_share(session, share, ShareEvent.REVERSED, "stripe"):
        share.paid_at = None
    if share.undone_at is not None:
        transfer.wait_reason = None
        came_back_of(session, transfer)
        outbox.add(session, "work.bring_back", key=f"back:{share.claim_id}", claim=share.claim_id)
    else:
        outbox.add(session, "work.share_claimed", key=f"claimed:{share.id}", share=share.id)


def _open_states(session: Session, share: Share) -> set[TransferState]:
    query = select(Transfer.state).where(Transfer.share_id == share.id, Transfer.state != TransferState.CONFIRMED)
    return set(session.scalars(query))


def refuse_transfer(session: Session, transfer_id: int, reason: WaitReason, reference: str | None = None) -> None:
    """The processor refused: all of it is payable again, waits for `reason` to end and is tried ever more rarely.

    `reference`: what was asked; the refusal of an earlier asking says nothing of one that is on the wire by now.
    """
    share, transfer = lock_transfer(session, Transfer.id == transfer_id)
    if transfer.state is not TransferState.SENT or reference not in (None, _reference(transfer)):
        return
    booking.refused(session, transfer=transfer.ref, effective_at=clock.now(), actor="stripe", attempt=transfer.attempt)
    wait = retry_in(transfer.attempt)
    transfer.state, transfer.wait_reason, transfer.attempt = TransferState.WAITING, reason, transfer.attempt + 1
    move_share(session, share, ShareEvent.REFUSED, "stripe")
    audit.record(session, "stripe", "transfer_refused", "share", share.id, reason=reason)
    if share.undone_at is not None:
        drop(session, transfer)
        outbox.add(session, "work.bring_back", key=f"back:{share.claim_id}", claim=share.claim_id)
        return
    # The sweep finds this row under the same key and leaves it at its time.
    send_later(session, transfer, clock.real_now() + wait)


def send_later(session: Session, transfer: Transfer, at: datetime | None = None) -> None:
    """Ask for a transfer to be tried, now or at a moment of protocol time; a waiting try of it stands for this one."""
    key = f"transfer:{transfer.id}" if at else None
    outbox.add(session, "payouts.send_transfer", key=key, run_at=at, transfer=transfer.id)
