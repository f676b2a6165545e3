"""Mails to payees about their payout account: it is new or was changed, its bank refused something."""

from __future__ import annotations

from datetime import datetime

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money, plain
from bountyhub.notifications.about import about
from bountyhub.notifications.mails import write
from bountyhub.payouts.models import Payee, PayeeBank, Redirect, Share
from bountyhub.people.addresses import warned_address
from bountyhub.people.models import Identity, LinkPurpose, Person
from bountyhub.people.operations import make_link
from bountyhub.work.next_step import moment

SUBJECTS = {
    "account": "A payout account was connected on bountyhub",
    "bank": "The bank account of your payout account was changed",
}
CHANGES = {
    "account": "A payout account was connected to your account on bountyhub.",
    "bank": "The bank account behind your payout account on bountyhub was changed.",
}


@job("notify.payout_changed", queue="mail")
def payout_changed(run: Run, payee: int, change: str, at: str, until: str) -> None:
    """Where somebody's money goes was changed: the address from before any change of it hears so, with a way to stop.

    `at`: when it was; `until`: before when nothing is sent (ISO), empty where nothing waits.
    """
    with transaction() as session:
        row = session.get(Payee, payee)
        person = session.get(Person, row.person_id) if row is not None and row.person_id is not None else None
        to = warned_address(person) if person is not None else None
        if person is not None and to is not None:
            secret = make_link(session, LinkPurpose.NOT_ME, to, person_id=person.id)
            url = settings.current().PUBLIC_URL
            write(
                session, key=f"payout-changed:{payee}:{change}:{at}", to=to, subject=SUBJECTS[change],
                paragraphs=[
                    f"{CHANGES[change]} What you earn goes there from now on. {_when(until)}",
                    "If it was you, there is nothing to do.",
                    f"If it wasn’t you, stop your money here, without signing in:\n{url}/not-me/{secret}",
                    f"The operator of this site: {url}/legal/imprint",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.bank_refused", queue="mail")
def bank_refused(run: Run, payee: int, payout: str) -> None:
    """Their own bank refused what their account paid out: theirs to mend, once for each payout."""
    with transaction() as session:
        row, bank = session.get(Payee, payee), session.get(PayeeBank, payee)
        if row is not None and bank is not None and bank.refused is not None:
            sum_ = plain(bank.refused)
            write(
                session, key=f"bank-refused:{payout}", to=session.get_one(Person, row.person_id).email,
                subject=f"Your bank refused {sum_}",
                paragraphs=[
                    f"{sum_} that were paid to you lie in your account at the payment provider, and your bank refused "
                    "to take them from there. Nothing is lost. Mend your bank details, and it is tried again:\n"
                    f"{settings.current().PUBLIC_URL}/me",
                ],
            )  # fmt: skip
        run.done(session)


@job("notify.share_redirected", queue="mail")
def share_redirected(run: Run, share: int, amount: int) -> None:
    """Somebody's money goes to others now: its owner hears of it whoever did it, at the address from before."""
    with transaction() as session:
        row, redirect = session.get_one(Share, share), session.get_one(Redirect, share)
        person = session.get_one(Identity, row.identity_id).person_id
        sum_, facts = plain(Money(amount, row.currency)), about(session, row.task_id)
        if person is not None:
            write(
                session, key=f"redirected:{row.ref}", to=warned_address(session.get_one(Person, person)),
                subject=f"You sent {sum_} on to {redirect.name}",
                paragraphs=[
                    f"{sum_} that you earned for {facts.name} go to {redirect.name} instead, as you asked.",
                    f"If it wasn’t you, tell the operator of this site: {settings.current().PUBLIC_URL}/legal/imprint",
                ],
            )  # fmt: skip
        run.done(session)


def _when(until: str) -> str:
    if not until:
        return "The next money goes there as soon as it is due."
    return f"Nothing is sent there before {moment(datetime.fromisoformat(until))}."
