"""How long mailed links live."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub import settings
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import LinkPurpose, MailLink
from bountyhub.people.operations import find_link, make_link
from tests.builders.settings import play_settings

pytestmark = pytest.mark.usefixtures("sqlite")


def days_of(purpose: LinkPurpose) -> int:
    settings.use(play_settings())
    with transaction() as session:
        secret = make_link(session, purpose, "cleo@example.org", 1)
        session.flush()
        return (find_link(session, secret, purpose).expires_at - clock.real_now()).days + 1


def test_a_link_to_sign_in_lives_thirty_days() -> None:
    assert days_of(LinkPurpose.SIGN_IN) == 30


def test_a_receipts_link_outlives_its_money() -> None:
    assert days_of(LinkPurpose.CONTRIBUTION) == 115


def test_a_link_that_is_too_old_says_so() -> None:
    settings.use(play_settings())
    with transaction() as session:
        secret = make_link(session, LinkPurpose.SIGN_IN, "cleo@example.org")
        session.flush()
        session.query(MailLink).update({"expires_at": clock.real_now() - timedelta(seconds=1)})
        session.expire_all()
        with pytest.raises(LinkOver):
            find_link(session, secret, LinkPurpose.SIGN_IN)
