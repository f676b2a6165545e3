"""Builds the message that goes over the wire; used by `smtp`. Nothing in a mail's values can add a header.

Line breaks are folded away or refused before the standard library, which refuses them too, sees the value.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses

from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideRefused
from bountyhub.ports.mailer import Mail

MESSAGE_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+(@[A-Za-z0-9.-]+)?", re.ASCII)
#: Everything that could end a line, or that no terminal should be given.
CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
#: One address, nothing around it: no name, no comment, no list.
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f@<>()\[\],;:\\\"]{1,64}@[^\s\x00-\x1f\x7f@<>()\[\],;:\\\"]{1,253}")


def build(mail: Mail, sender: str) -> EmailMessage:
    """The message; raises OutsideRefused when it can never be sent as it is."""
    try:
        message = EmailMessage(policy=SMTP)
        message["Message-ID"] = _message_id(mail.message_id, domain_of(sender))
        message["Date"] = format_datetime(clock.real_now())
        message["From"] = sender_address(sender)
        message["To"] = _address(mail.to)
        message["Subject"] = CONTROL.sub(" ", mail.subject).strip()
        message["Auto-Submitted"] = "auto-generated"  # so that holiday notices don't answer it
        # Quoted-printable: any server takes it, and no line grows too long.
        message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    except (ValueError, MessageError) as error:
        raise OutsideRefused(f"mail can't be built: {type(error).__name__}", "bad_mail") from None
    return message


def sender_address(sender: str) -> Address:
    """`bountyhub <no-reply@example.org>` as an address."""
    found = getaddresses([sender])
    if len(found) != 1 or not sender.isprintable():
        raise OutsideRefused("mail can't be built: not one sender", "bad_address")
    name, spec = found[0]
    address = _address(spec)
    return Address(name, address.username, address.domain)


def domain_of(sender: str) -> str:
    """The sender's domain: the right half of message ids that have none."""
    return sender_address(sender).domain


def _address(text: str) -> Address:
    if not ADDRESS.fullmatch(text):
        raise OutsideRefused("mail can't be built: not an address", "bad_address")
    local, _, domain = text.partition("@")
    return Address(username=local, domain=domain.encode("idna").decode("ascii"))


def _message_id(text: str, domain: str) -> str:
    inner = text.removeprefix("<").removesuffix(">")
    if not MESSAGE_ID.fullmatch(inner):
        raise OutsideRefused("mail can't be built: not a message id", "bad_message_id")
    return f"<{inner}>" if "@" in inner else f"<{inner}@{domain}>"
