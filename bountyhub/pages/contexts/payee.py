"""The reader's payout account: how it stands, what is to be done there, and where they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.http.filters import countries
from bountyhub.kit import clock
from bountyhub.kit.money import short
from bountyhub.pages.contexts import words
from bountyhub.pages.contexts.requirements import is_looking, sentences, why_bank_refused, why_refused
from bountyhub.payouts.models import Payee, PayeeBank, PayeeState
from bountyhub.payouts.words import is_rejected, why_unpaid
from bountyhub.work.next_step import moment

URL = "/me/payout-account"
NO_FORGE_ACCOUNT = "Money is earned by merged pull requests: connect your GitHub account first."
FIRST = "Connect a payout account before you start: pull requests then show that you can be paid."


@dataclass(frozen=True)
class PayeeView:
    """The reader's payout account; `connect_url` is posted to while something is to be done there.

    `asks_country`: where they are is to be said first. `needs`: what the payment provider asks for, in sentences, by
    `deadline`. `refused`: for good. `bank_note`: what their own bank refused.
    """

    connected: bool
    state: PayeeState | None
    state_label: str
    note: str
    country: str
    currency: str
    connect_url: str | None
    asks_country: bool = False
    needs: list[str] = field(default_factory=list)
    deadline: datetime | None = None
    refused: bool = False
    bank_note: str = ""
    dashboard_url: str | None = None


def payee_view(session: Session, person_id: int, *, has_forge_account: bool) -> PayeeView:
    """The payout account of a person; two queries."""
    payee = session.scalars(select(Payee).where(Payee.person_id == person_id)).first()
    asks = asks_country(payee)
    if payee is None or (payee.account is None and payee.state is not PayeeState.UNPAYABLE):
        note = FIRST if has_forge_account else NO_FORGE_ACCOUNT
        return PayeeView(False, None, "", note, "", "", URL, asks)
    needs = sentences(payee.requirements) if payee.state in (PayeeState.READY, PayeeState.RESTRICTED) else []
    refused = _is_refused(payee)
    bank = bank_note(session, person_id)
    done = refused or (payee.state is PayeeState.READY and not needs and not bank)
    return PayeeView(
        connected=True, state=payee.state, state_label="Refused" if refused else words.PAYEE[payee.state],
        note=_note(payee), country=country_name(payee.country), currency=payee.currency,
        connect_url=None if done else URL, asks_country=asks, needs=[] if refused else needs,
        deadline=payee.deadline, refused=refused, bank_note=bank,
    )  # fmt: skip


def bank_note(session: Session, person_id: int) -> str:
    """What the payee's own bank refused, for them alone; empty when nothing is wrong. One query."""
    query = select(PayeeBank).join(Payee, Payee.id == PayeeBank.payee_id).where(Payee.person_id == person_id)
    row = session.scalars(query).first()
    if row is None or row.refused is None:
        return ""
    why = why_bank_refused(row.failed_code)
    return f"Your bank refused {short(row.refused)}{': ' if why else ''}{why}. Mend your bank details."


def before_work(session: Session, person_id: int) -> str:
    """What somebody should know before they work for money; empty for who can be paid. One query."""
    payee = session.scalars(select(Payee).where(Payee.person_id == person_id)).first()
    if why_unpaid(payee.state if payee else None) is None:
        return ""
    if payee is None or payee.state in (PayeeState.ASKED, PayeeState.UNFINISHED):
        return "You have no payout account yet: what you earn is kept for you until you connect one."
    return f"You can’t be paid here yet. {_note(payee)}"


def asks_country(payee: Payee | None) -> bool:
    """Whether somebody may still say where they are: nothing was asked of the processor for them, or it is gone."""
    if payee is None or payee.state is PayeeState.GONE:
        return True
    return payee.account is None and payee.called_at is None


def country_name(code: str) -> str:
    """A country's name; the code itself where it has none."""
    return dict(countries()).get(code, code)


def _note(payee: Payee) -> str:
    if payee.holds_until is not None and clock.now() < payee.holds_until:
        return f"It is new, or its bank account was changed: nothing is sent before {moment(payee.holds_until)}."
    if payee.state is PayeeState.READY:
        return "Your pull requests show that you can be paid."
    if payee.state is PayeeState.UNPAYABLE:
        return not_there(payee.country)
    if _is_refused(payee):
        why = why_refused(payee.disabled_reason)
        return (
            f"The payment provider refused this account for good{': ' if why else ''}{why}. Ask it why, or write to "
            "the operator of this site. What you earn is kept for you; you can send it to the project or to a charity."
        )
    if payee.state is PayeeState.RESTRICTED and is_looking(payee.disabled_reason):
        return "The payment provider looks at what you sent. There is nothing to do; it is tried again by itself."
    if payee.state is PayeeState.RESTRICTED:
        return "The payment provider asks for more before it can send you money. What you earn waits for you."
    if payee.state is PayeeState.GONE:
        return "This account was disconnected at the payment provider. What you earn is kept; connect another one."
    return "The form at the payment provider is not finished yet."


def _is_refused(payee: Payee) -> bool:
    return payee.state is PayeeState.RESTRICTED and is_rejected(payee.disabled_reason)


def not_there(country: str) -> str:
    """What somebody hears who is where no money can be sent."""
    return (
        f"No money can be sent from here to {country_name(country)}. You can still take part: what you earn is kept "
        "for you, and you choose where it goes, to the project or to a charity. What you don’t send on goes back to "
        "its backers."
    )
