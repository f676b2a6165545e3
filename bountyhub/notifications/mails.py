"""Writing and sending mails: written once per occasion, then sent by a job that may run again."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.registry import Run, job
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people.forgetting import LEFT
from bountyhub.ports import mailer
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.mailer import Mail


def write(session: Session, *, key: str, to: str | None, subject: str, paragraphs: Sequence[str]) -> None:
    """Write one mail and ask for its sending; the same key (per address) is written once, no address writes none."""
    if not to:
        return
    full_key = f"{key}:{ids.digest(to)[:16]}"
    if session.scalars(select(OutgoingMail.id).where(OutgoingMail.key == full_key)).first() is not None:
        return
    mail = OutgoingMail(
        key=full_key, to=to, subject=" ".join(subject.split())[:300], text=_body(paragraphs),
        message_id=f"<{ids.new_ref(20)}@{urlsplit(settings.current().PUBLIC_URL).hostname}>", created_at=clock.now(),
    )  # fmt: skip
    session.add(mail)
    session.flush()
    outbox.add(session, "mail.send", mail=mail.id)


def _body(paragraphs: Sequence[str]) -> str:
    footer = f"-- \nbountyhub, {settings.current().PUBLIC_URL}"
    return "\n\n".join([*(p for p in paragraphs if p), footer]) + "\n"


@job("mail.send", queue="mail")
def send(run: Run, mail: int) -> None:
    """Send a written mail; its stable Message-ID lets a server that saw it drop a second one.

    Once sent (or refused for good) the text is forgotten here: it may hold a link that opens something.
    """
    with reading() as session:
        row = session.get_one(OutgoingMail, mail)
    if row.sent_at is None:
        try:
            mailer().send(Mail(row.message_id, row.to, row.subject, row.text))
        except OutsideRefused:
            _forget(run, mail, sent=False)
            return
    _forget(run, mail, sent=True)


def _forget(run: Run, mail: int, *, sent: bool) -> None:
    with transaction() as session:
        row = session.get_one(OutgoingMail, mail, with_for_update=True)
        row.text = ""
        row.sent_at = row.sent_at or (clock.now() if sent else None)
        run.done(session)


def forget_somebody(session: Session, addresses: Collection[str], logins: Collection[str]) -> None:
    """To whom mails went is forgotten; what waits to be sent to them isn't sent. Others' mails don't name them."""
    for mail in session.scalars(select(OutgoingMail).where(OutgoingMail.to.in_(addresses)).with_for_update()):
        mail.key, mail.to, mail.text, mail.sent_at = f"forgotten:{mail.id}", "", "", mail.sent_at or clock.now()
    for login in logins:
        named = OutgoingMail.subject.contains(f"@{login}", autoescape=True)
        written = named | OutgoingMail.text.contains(f"@{login}", autoescape=True)
        whole = re.compile(rf"@{re.escape(login)}(?![\w-])")
        for mail in session.scalars(select(OutgoingMail).where(written).with_for_update()):
            mail.subject, mail.text = whole.sub(LEFT, mail.subject), whole.sub(LEFT, mail.text)
