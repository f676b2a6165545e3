"""What an operator does from the command line: settling, replaying, forgetting, unclaimed refunds."""

from __future__ import annotations

from bountyhub import wiring
from bountyhub.cli.local import settings_here
from bountyhub.events import inbox
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadAmount
from bountyhub.funding.models import RefundState
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import MoneyError, parse_amount, plain
from bountyhub.notifications.mails import forget_somebody
from bountyhub.people.errors import BadEmail
from bountyhub.people.operations import OPERATOR, link_for_account
from bountyhub.people.rules import is_email
from bountyhub.ports.forge import Permission
from bountyhub.settings import SettingsError
from bountyhub.work.errors import ReasonMissing
from bountyhub.work.operations import forget as forget_person
from bountyhub.work.operations import settle_claim


def settle(claim: int, *, accept: bool, reason: str) -> str:
    """End a claim's open objections; what became of it."""
    wiring.wire_existing(settings_here())
    with transaction() as session:
        row = settle_claim(session, claim, OPERATOR, Permission.NONE, accept=accept, reason=reason)
        return f"Claim {claim} is {row.state}."


def forget(who: str, reason: str) -> str:
    """Forget a person, everywhere at once."""
    wiring.wire_existing(settings_here())
    with transaction() as session:
        forgotten = forget_person(session, who, reason)
        forget_somebody(session, forgotten.addresses, forgotten.logins)
    return "They are forgotten. The books are as they were."


def link(email: str, account: int | None) -> str:
    """A link by which an operator signs in while there is no App, or GitHub is away."""
    here = settings_here()
    wiring.wire_existing(here)
    if not is_email(email):
        raise BadEmail()
    number = account or next(iter(here.OPERATORS), None)
    if number not in here.OPERATORS:
        where = f"{here.GITHUB_API_URL}/users/LOGIN"
        raise SettingsError(f"OPERATORS: name your number at GitHub there first ({where}).")
    with transaction() as session:
        secret = link_for_account(session, number, email)
    return f"{here.PUBLIC_URL}/sign-in/link/{secret}"


def replay(delivery: str) -> str:
    """Ask for a stored webhook's handling again; the running instance does it."""
    wiring.wire_existing(settings_here())
    with transaction() as session:
        event = inbox.replay(session, delivery)
        return f"{event.source} {event.event} will be handled again."


def unclaimed() -> str:
    """One line for each refund that needs the operator."""
    wiring.wire_existing(settings_here())
    with reading() as session:
        lines = [_line(stuck) for stuck in funding.stuck_refunds(session)]
    return "\n".join(lines) or "No refund waits for you."


def _line(stuck: funding.Stuck) -> str:
    refund = stuck.refund
    why = "failed" if refund.state is RefundState.FAILED else f"refused {refund.attempt - 1} times, asked again"
    return f"{refund.ref}  {plain(refund.money)}  {stuck.contribution.email}  asked {refund.asked_at:%Y-%m-%d}  {why}"


def ask_again(refund: str) -> str:
    """Ask for a failed refund once more; the running instance does it."""
    wiring.wire_existing(settings_here())
    with transaction() as session:
        new = funding.ask_again(session, refund)
        return f"{plain(new.money)} are asked for again as {new.ref}."


def paid_otherwise(refund: str, note: str) -> str:
    """Write down that a failed refund was given back from the bank."""
    if not note.strip():
        raise ReasonMissing()
    wiring.wire_existing(settings_here())
    with transaction() as session:
        return f"{plain(funding.pay_otherwise(session, refund, note.strip()[:500]).money)} are written down as paid."


def drawn(amount: str, currency: str, note: str) -> str:
    """Write down what the owner took out of the bank account."""
    if not note.strip():
        raise ReasonMissing()
    wiring.wire_existing(settings_here())
    try:
        money = parse_amount(amount, currency.upper())
    except MoneyError as error:
        raise BadAmount(str(error), advice="Write for example 50.00 EUR.") from None
    with transaction() as session:
        funding.record_drawn(session, money, note.strip()[:500])
    return f"{plain(money)} are written down as taken out."
