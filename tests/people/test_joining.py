"""Which sign-ins are the same person."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.people.operations import note_identity, sign_in_with_forge, sign_in_with_mail
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import BO, CLEO

pytestmark = pytest.mark.usefixtures("database")


def forge(who: ForgePerson, email: str | None) -> int:
    with transaction() as session:
        return sign_in_with_forge(session, who, email).id


def mail(email: str) -> int:
    with transaction() as session:
        return sign_in_with_mail(session, email).id


def test_a_mailed_link_and_github_with_the_same_verified_address_are_one_person() -> None:
    assert mail("Cleo@Example.org") == forge(CLEO, "cleo@example.org") == mail("cleo@example.org")


def test_a_second_github_account_never_takes_over_a_person_by_their_address() -> None:
    first = forge(CLEO, "cleo@example.org")
    assert forge(BO, "cleo@example.org") != first
    assert mail("cleo@example.org") == first


def test_a_renamed_account_is_the_same_person() -> None:
    first = forge(CLEO, None)
    assert forge(ForgePerson(CLEO.id, "cleopatra"), None) == first


def test_somebody_without_a_verified_address_can_sign_in() -> None:
    assert forge(CLEO, None) == forge(CLEO, "cleo@example.org") == mail("cleo@example.org")


def test_a_deleted_account_counts_as_a_bot() -> None:
    with transaction() as session:
        assert note_identity(session, ForgePerson(0, "ghost")).is_bot
