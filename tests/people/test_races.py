"""Signing in two ways at once: two real threads on PostgreSQL."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.people import operations as people
from bountyhub.people.models import Identity, LinkPurpose, Person
from tests.builders.at_once import at_once
from tests.builders.world import CLEO, DARA

pytestmark = pytest.mark.usefixtures("postgresql")
ADDRESS = "cleo@example.org"


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever found the address free takes their time to take it."""
    taken = people._taken

    def slowly(session: Session, address: str) -> bool:
        result = taken(session, address)
        time.sleep(0.4)
        return result

    monkeypatch.setattr(people, "_taken", slowly)


def persons() -> list[tuple[str | None, int]]:
    """(address, number of forge accounts) of everybody."""
    with reading() as session:
        owners = list(session.scalars(select(Identity.person_id)))
        return [(one.email, owners.count(one.id)) for one in session.scalars(select(Person).order_by(Person.id))]


def test_a_mailed_link_and_github_at_once_give_the_address_to_one_of_them() -> None:
    with transaction() as session:
        secret = people.make_link(session, LinkPurpose.SIGN_IN, ADDRESS)
    at_once(lambda s: people.use_link(s, secret), lambda s: people.sign_in_with_forge(s, CLEO, ADDRESS))
    assert sorted(persons(), key=str) in ([(ADDRESS, 0), (None, 1)], [(ADDRESS, 1)])


def test_an_address_that_somebody_else_proves_at_the_same_moment_is_theirs() -> None:
    with transaction() as session:
        secret = people.make_link(session, LinkPurpose.SIGN_IN, ADDRESS)
        people.sign_in_with_forge(session, CLEO, None)
    at_once(lambda s: people.use_link(s, secret), lambda s: people.sign_in_with_forge(s, CLEO, ADDRESS))
    assert persons() == [(None, 1), (ADDRESS, 0)]


def test_two_github_accounts_with_one_address_at_once_are_two_persons() -> None:
    with transaction() as session:
        people.sign_in_with_mail(session, ADDRESS)
    at_once(*(lambda s, who=who: people.sign_in_with_forge(s, who, ADDRESS) for who in (CLEO, DARA)))
    assert persons() == [(ADDRESS, 0), (None, 1), (None, 1)]
