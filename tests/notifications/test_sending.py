"""Mails on their way: written once for an occasion and address, sent once, forgotten afterwards."""

from __future__ import annotations

import pytest

from bountyhub.events import outbox
from bountyhub.kit.database import transaction
from bountyhub.notifications.mails import write
from bountyhub.notifications.models import OutgoingMail
from bountyhub.ports.errors import OutsideRefused, OutsideUnavailable
from tests.builders.outside import Outside
from tests.builders.world import World


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def test_one_occasion_is_one_mail_per_address(world: World) -> None:
    with transaction() as session:
        for to in ("a@example.org", "b@example.org", "a@example.org", None):
            write(session, key="k", to=to, subject="Hello\r\nBcc: x@y.org", paragraphs=["Hi.", ""])
    assert [(mail.to, mail.subject) for mail in world.rows(OutgoingMail)] == [
        ("a@example.org", "Hello Bcc: x@y.org"), ("b@example.org", "Hello Bcc: x@y.org"),
    ]  # fmt: skip


def test_a_mail_is_sent_once_and_its_text_forgotten(world: World, outside: Outside) -> None:
    world.pay()
    world.drain("notify.", "mail.")
    assert "/c/" in outside.mailer.sent[0].text
    mail = world.rows(OutgoingMail)[0]
    assert (mail.text, mail.sent_at is not None) == ("", True)
    with transaction() as session:
        outbox.add(session, "mail.send", mail=mail.id)
    world.drain("mail.")
    assert len(outside.mailer.sent) == 1


def test_a_mail_that_could_not_be_sent_is_tried_again_under_the_same_name(world: World, outside: Outside) -> None:
    world.pay()
    outside.mailer.fail["send"] = [OutsideUnavailable("down")]
    world.drain("notify.", "mail.")
    mail = world.rows(OutgoingMail)[0]
    assert "/c/" in mail.text
    with transaction() as session:
        outbox.add(session, "mail.send", mail=mail.id)
    world.drain("mail.")
    assert [sent.message_id for sent in outside.mailer.sent] == [mail.message_id]


def test_a_mail_refused_for_good_is_forgotten_unsent(world: World, outside: Outside) -> None:
    world.pay()
    outside.mailer.fail["send"] = [OutsideRefused("no such mailbox")]
    world.drain("notify.", "mail.")
    mail = world.rows(OutgoingMail)[0]
    assert (mail.text, mail.sent_at, outside.mailer.sent) == ("", None, [])
