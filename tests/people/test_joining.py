"""Which sign-ins are the same person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.events.models import OutboxJob
from bountyhub.kit.database import reading, transaction
from bountyhub.people.errors import AddressTaken, LinkOver
from bountyhub.people.models import LinkPurpose, Person
from bountyhub.people.operations import (
    make_link,
    note_identity,
    sign_in_with_forge,
    sign_in_with_mail,
    take_address,
    use_link,
)
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import BO, CLEO

pytestmark = pytest.mark.usefixtures("database")


def forge(who: ForgePerson, email: str | None, current: int | None = None) -> int:
    with transaction() as session:
        here = session.get_one(Person, current) if current else None
        return sign_in_with_forge(session, who, email, here).id


def add(email: str, person: int) -> int | None:
    with transaction() as session:
        secret = make_link(session, LinkPurpose.ADDRESS, email, person_id=person)
        session.flush()
        joined = take_address(session, session.get_one(Person, person), secret)
        return joined.id if joined else None


def email_of(person: int) -> str | None:
    with reading() as session:
        return session.get_one(Person, person).email


def mail(email: str) -> int:
    with transaction() as session:
        return sign_in_with_mail(session, email).id


def test_who_is_signed_in_by_mail_and_then_with_github_is_one_person() -> None:
    first = mail("Cleo@Example.org")
    assert forge(CLEO, "other@example.org", current=first) == first
    assert forge(CLEO, None) == first == mail("cleo@example.org")


def test_an_address_alone_joins_nobody_for_the_forge_may_have_verified_it_years_ago() -> None:
    first = mail("cleo@example.org")
    second = forge(CLEO, "cleo@example.org")
    assert second != first and email_of(second) is None
    assert mail("cleo@example.org") == first


def test_a_second_github_account_never_takes_the_place_of_the_first() -> None:
    first = forge(CLEO, "cleo@example.org")
    assert forge(BO, "bo@example.org", current=first) != first


def test_a_changed_primary_address_is_followed_and_the_old_one_opens_nothing() -> None:
    cleo = forge(CLEO, "cleo@old-job.example")
    assert forge(CLEO, "cleo@new-job.example") == cleo == mail("cleo@new-job.example")
    assert mail("cleo@old-job.example") != cleo
    with reading() as session:
        told = [job.args for job in session.scalars(select(OutboxJob)) if job.name == "notify.address_changed"]
    assert told == [{"email": "cleo@old-job.example"}]


def test_an_address_proven_here_stays_whatever_the_forge_says() -> None:
    cleo = forge(CLEO, "cleo@github.example")
    assert add("cleo@home.example", cleo) is None
    assert forge(CLEO, "cleo@other.example") == cleo
    assert email_of(cleo) == "cleo@home.example"


def test_an_address_is_added_by_a_link_to_who_asked_for_it() -> None:
    cleo = forge(CLEO, None)
    add("cleo@example.org", cleo)
    assert mail("cleo@example.org") == cleo


def test_a_link_for_an_address_does_nothing_for_somebody_else_and_signs_nobody_in() -> None:
    cleo, bo = forge(CLEO, None), forge(BO, None)
    with transaction() as session:
        secret = make_link(session, LinkPurpose.ADDRESS, "x@example.org", person_id=cleo)
    with pytest.raises(LinkOver), transaction() as session:
        take_address(session, session.get_one(Person, bo), secret)
    with pytest.raises(LinkOver), transaction() as session:
        use_link(session, secret)


def test_adding_the_address_of_a_sign_in_by_mail_joins_the_two() -> None:
    by_mail, cleo = mail("cleo@example.org"), forge(CLEO, None)
    assert add("cleo@example.org", cleo) == by_mail
    assert mail("cleo@example.org") == cleo


def test_the_address_of_another_forge_account_is_not_taken() -> None:
    bo, cleo = forge(BO, "bo@example.org"), forge(CLEO, None)
    with pytest.raises(AddressTaken):
        add("bo@example.org", cleo)
    assert mail("bo@example.org") == bo


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
