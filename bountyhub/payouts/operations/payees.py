"""Who can be paid: the intent to open an account, and what the processor says of it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.errors import NeedsForgeAccount, TransferUnderWay
from bountyhub.payouts.models import Payee, PayeeState, Transfer, TransferState
from bountyhub.payouts.operations.banks import forget_bank
from bountyhub.payouts.operations.holds import note_bank
from bountyhub.payouts.operations.shares import claim_kept
from bountyhub.payouts.operations.transfers import send_later
from bountyhub.payouts.rules import payee_state
from bountyhub.people import queries as people
from bountyhub.people.models import Person
from bountyhub.ports.payments import PayeeAccount


def ask_account(session: Session, person: Person, country: str = "") -> Payee:
    """The person's payee row, made before the processor is asked for an account; raises NeedsForgeAccount.

    `country` is where they are, as long as nothing was asked for; one that can't be paid makes them `unpayable`, and
    nothing is to be asked for. Where the account they had is gone, a new one takes its place. Raises TransferUnderWay.
    """
    if people.identity_of(session, person.id) is None:
        raise NeedsForgeAccount()
    # A double click waits here and finds the first one's row.
    session.get_one(Person, person.id, with_for_update={"key_share": True})
    payee = session.scalars(select(Payee).where(Payee.person_id == person.id)).first()
    if payee is None:
        payee = Payee(
            ref=ids.new_ref(), person_id=person.id, state=PayeeState.ASKED, requirements=[], created_at=clock.now()
        )
        session.add(payee)
        session.flush()
        audit.record(session, f"person:{person.id}", "payout_account_asked", "payee", payee.id)
    if payee.state is PayeeState.GONE:
        _begin_anew(session, payee)
    if payee.account is None and payee.called_at is None:
        _choose_country(session, payee, country or payee.country)
    if payee.account is None and payee.state is not PayeeState.UNPAYABLE:
        payee.called_at = payee.called_at or clock.real_now()
    return payee


def _choose_country(session: Session, payee: Payee, country: str) -> None:
    before, payee.country = payee.state, country[:2]
    payee.state = PayeeState.ASKED if can_be_sent_to(country) else PayeeState.UNPAYABLE
    if payee.state is not before:
        audit.record(
            session, f"person:{payee.person_id}", "payout_account_changed", "payee", payee.id, old=before,
            new=payee.state,
        )  # fmt: skip
        _tell(session, payee)


def can_be_sent_to(country: str) -> bool:
    """Whether the processor sends money to a country from here; one that isn't known yet is left to it."""
    return not country or country in settings.current().PAYABLE_COUNTRIES


def _begin_anew(session: Session, payee: Payee) -> None:
    """Another account under a key of its own; which one it was before stays in the trail, shares go to the new one."""
    sent = Transfer.state == TransferState.SENT
    if session.scalars(select(Transfer.id).where(Transfer.payee_id == payee.id, sent).limit(1)).first() is not None:
        raise TransferUnderWay()
    audit.record(session, f"person:{payee.person_id}", "payout_account_replaced", "payee", payee.id, old=payee.account)
    payee.ref, payee.account, payee.called_at = ids.new_ref(), None, None
    payee.ready_at, payee.holds_until, payee.bank_digest = None, None, ""
    payee.state, payee.country, payee.currency, payee.requirements = PayeeState.ASKED, "", "", []
    payee.disabled_reason, payee.deadline = "", None
    forget_bank(session, payee.id)


def record_account_gone(session: Session, account: str) -> Payee:
    """The processor lets us see an account no more: nothing is sent to it. Raises NotFound for a foreign one."""
    query = select(Payee).where(Payee.account == account)
    payee = session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).first()
    if payee is None:
        raise NotFound("No payee of this site has that account.")
    if payee.state is not PayeeState.GONE:
        audit.record(
            session, "stripe", "payout_account_changed", "payee", payee.id, old=payee.state, new=PayeeState.GONE
        )
        payee.state, payee.requirements, payee.deadline = PayeeState.GONE, [], None
        _tell(session, payee)
    return payee


def give_up_account(session: Session, payee_id: int, ref: str) -> None:
    """Nothing was opened under this reference within its key's day: the next press of the button begins anew."""
    payee = session.get_one(Payee, payee_id, with_for_update={"key_share": True}, populate_existing=True)
    if payee.ref == ref and payee.account is None:
        payee.ref, payee.called_at = ids.new_ref(), None
        audit.record(session, "stripe", "payout_account_not_opened", "payee", payee.id)


def asked_long_ago(payee: Payee) -> bool:
    """Whether the processor may have opened an account of which we heard nothing, and forgot the key it came with."""
    return payee.called_at is not None and clock.real_now() - payee.called_at > timedelta(hours=23)


def record_account(session: Session, account: PayeeAccount, reference: str | None = None) -> Payee:
    """Write down what the processor says of an account; the first time it can receive, kept shares are paid.

    `reference` names our row when the account's number isn't known yet. Raises NotFound for a foreign account.
    """
    # NO KEY: a release under way, whose transfers name this row, doesn't wait while we wait for its task.
    query = select(Payee).where(Payee.ref == reference if reference else Payee.account == account.id)
    payee = session.scalars(query.with_for_update(key_share=True).execution_options(populate_existing=True)).first()
    if payee is None:
        raise NotFound("No payee of this site has that account.")
    old = payee.state
    payee.account, payee.country, payee.currency = account.id, account.country[:2], account.currency.upper()[:3]
    payee.requirements, payee.disabled_reason = list(account.requirements), account.disabled_reason[:60]
    payee.deadline = account.deadline
    payee.state = PayeeState(
        payee_state(
            details_submitted=account.details_submitted,
            can_receive=account.can_receive,
            disabled=bool(account.disabled_reason),
            payable=can_be_sent_to(account.country),
        )
    )
    if payee.state is not old:
        audit.record(session, "stripe", "payout_account_changed", "payee", payee.id, old=old, new=payee.state)
        _tell(session, payee)
    note_bank(session, payee, account.bank)
    if payee.state is PayeeState.READY:
        payee.ready_at = payee.ready_at or clock.now()
        if old is not PayeeState.READY:
            _wake_transfers(session, payee)
        claim_kept(session, payee, people.identity_ids(session, payee.person_id))
    return payee


def _wake_transfers(session: Session, payee: Payee) -> None:
    """What waited for this account is tried at once, whenever its next try was planned."""
    waiting = Transfer.state.in_([TransferState.PLANNED, TransferState.WAITING])
    for transfer in session.scalars(select(Transfer).where(Transfer.payee_id == payee.id, waiting)):
        send_later(session, transfer)


def claim_what_is_kept(session: Session, payee_id: int) -> None:
    """Everything kept for the accounts of somebody who can be paid becomes payable."""
    payee = session.get_one(Payee, payee_id, with_for_update={"key_share": True}, populate_existing=True)
    if payee.state is PayeeState.READY:
        claim_kept(session, payee, people.identity_ids(session, payee.person_id))


def _tell(session: Session, payee: Payee) -> None:
    outbox.add(session, "work.payee_changed", key=f"payee:{payee.id}", person=payee.person_id)


def ready_payee(session: Session, person_id: int | None) -> Payee | None:
    """The payee of a person who can be paid now."""
    if person_id is None:
        return None
    query = select(Payee).where(Payee.person_id == person_id, Payee.state == PayeeState.READY)
    return session.scalars(query).first()
