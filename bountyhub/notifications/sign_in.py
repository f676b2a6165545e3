"""The mail that lets somebody sign in without a password."""

from __future__ import annotations

from urllib.parse import urlencode

from bountyhub import settings
from bountyhub.events.registry import Run, job
from bountyhub.kit.database import transaction
from bountyhub.notifications.mails import write
from bountyhub.people.models import LinkPurpose
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
