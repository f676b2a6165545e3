"""Mails about who somebody is: links to sign in or to add an address, a changed address, an opened payout account."""

from __future__ import annotations

from urllib.parse import urlencode

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose, Person
from bountyhub.people.operations import make_link


@job("notify.sign_in_link", queue="mail")
def sign_in_link(run: Run, email: str, next: str = "") -> None:
    """Make a single-use link here, so that its secret is written into the mail and nowhere else."""
    with transaction() as session:
        secret = make_link(session, LinkPurpose.SIGN_IN, email)
        query = f"?{urlencode({'next': next})}" if next else ""
        write(
            session, key=f"sign-in:{run.row}", to=email, subject="Your link to sign in to bountyhub",
            paragraphs=[
                "Somebody, hopefully you, asked for a link to sign in:",
                f"{settings.current().PUBLIC_URL}/sign-in/link/{secret}{query}",
                "It works once, for 30 days. If it wasn’t you, do nothing: nobody gets in without it.",
            ],
        )  # fmt: skip
        run.done(session, forget=True)


@job("notify.address_link", queue="mail")
def address_link(run: Run, email: str, person: int) -> None:
    """A link that adds an address to the person who asked; it signs nobody in."""
    with transaction() as session:
        row = session.get_one(Person, person)
        secret = make_link(session, LinkPurpose.ADDRESS, email, person_id=row.id)
        write(
            session, key=f"address:{run.row}", to=email, subject="Your address for bountyhub",
            paragraphs=[
                f"{row.name or row.email}, hopefully you, asked to use this address on bountyhub. Open this where you "
                f"are signed in:\n{settings.current().PUBLIC_URL}/me/address/{secret}",
                "It works once, for 30 days. If it wasn’t you, do nothing: nothing changes without it.",
            ],
        )  # fmt: skip
        run.done(session, forget=True)


@job("notify.address_changed", queue="mail")
def address_changed(run: Run, email: str) -> None:
    """The address before learns that it opens nothing any more, in case it wasn’t its owner who changed it."""
    with transaction() as session:
        write(
            session, key=f"address-changed:{run.row}", to=email, subject="Your address on bountyhub was changed",
            paragraphs=[
                "Your account on bountyhub has another e-mail address now: links to sign in don’t come here any more.",
                "If it wasn’t you: sign in with GitHub, sign out on every device there, and change it back.",
            ],
        )  # fmt: skip
        run.done(session, forget=True)


@job("notify.payout_account", queue="mail")
def payout_account(run: Run, person: int, since: str) -> None:
    """Where somebody's money goes may be about to change: its owner hears of it whoever did it, once a sign-in.

    `since`: when the one who opened the form signed in.
    """
    with transaction() as session:
        write(
            session, key=f"payout-account:{person}:{since}", to=session.get_one(Person, person).email,
            subject="Your payout account on bountyhub was opened",
            paragraphs=[
                "The form of your payout account was opened from your account on bountyhub. Whoever fills it in "
                f"decides where your money is sent:\n{settings.current().PUBLIC_URL}/me",
                "If it wasn’t you, sign out on every device there now, and tell the operator of this site.",
            ],
        )  # fmt: skip
        run.done(session)
