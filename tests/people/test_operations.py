"""Who is acting: forge accounts by number, addresses proven by mail, sessions, mailed links."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people import operations as people
from bountyhub.people import queries
from bountyhub.people.errors import LinkOver
from bountyhub.people.models import Identity, LinkPurpose, LoginSession, MailLink, Person
from bountyhub.people.rules import is_email, normal_email
from tests.builders.world import BO, World


def do(operation: Callable[[Session], object]) -> object:
    with transaction() as session:
        return operation(session)


def link_for(email: str, purpose: LinkPurpose = LinkPurpose.SIGN_IN) -> str:
    with transaction() as session:
        return people.make_link(session, purpose, email)


def use(secret: str) -> Person:
    with transaction() as session:
        return _use(secret, session)


def _use(secret: str, session: Session) -> Person:
    return people.use_link(session, secret)


def who(secret: str) -> str | None:
    with reading() as session:
        found = queries.person_of_session(session, secret)
    return found[0].name if found else None


def signed_in(world: World, name: str = "bo") -> str:
    with transaction() as session:
        return people.open_session(session, world.persons[name])


@pytest.mark.usefixtures("database")
def test_an_account_is_known_by_its_number_and_shown_by_its_newest_name() -> None:
    world = World.begin()
    do(lambda s: people.note_identity(s, replace(BO, login="bo-renamed")))
    same = [row for row in world.rows(Identity) if row.forge_id == BO.id]
    assert [(row.login, row.person_id) for row in same] == [("bo-renamed", world.persons["bo"].id)]


def test_signing_in_twice_is_being_the_same_person(world: World) -> None:
    again = do(lambda s: people.sign_in_with_forge(s, BO, "bo@example.org"))
    assert isinstance(again, Person) and again.id == world.persons["bo"].id


def test_somebody_who_signs_in_by_mail_has_no_public_name(world: World) -> None:
    by_mail = do(lambda s: people.sign_in_with_mail(s, "jane.private-doe77@example.org"))
    assert isinstance(by_mail, Person) and by_mail.name == ""
    with reading() as session:
        assert queries.names(session, {by_mail.id}) == {}


def test_a_second_account_that_claims_a_taken_address_is_somebody_else(world: World) -> None:
    thief = do(lambda s: people.sign_in_with_forge(s, replace(BO, id=901, login="thief"), "bo@example.org"))
    assert isinstance(thief, Person)
    assert thief.id != world.persons["bo"].id
    assert thief.email is None


def test_the_owner_of_an_address_signs_in_to_their_account_by_mail(world: World) -> None:
    assert use(link_for("BO@example.org")).id == world.persons["bo"].id


def test_a_mailed_link_works_once(world: World) -> None:
    secret = link_for("new@example.org")
    assert use(secret).email == "new@example.org"
    with pytest.raises(LinkOver):
        use(secret)


@pytest.mark.usefixtures("postgresql")
def test_a_mailed_link_clicked_twice_at_once_works_once() -> None:
    World.begin()
    secret = link_for("new@example.org")

    def click(_: int) -> bool:
        try:
            return bool(use(secret))
        except LinkOver:
            return False

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(click, range(3))) == [False, False, True]


def test_a_link_is_over_after_thirty_days_of_real_time(world: World) -> None:
    secret = link_for("new@example.org")
    with transaction() as session:
        session.get_one(MailLink, 1).expires_at = clock.real_now() - timedelta(seconds=1)
    with pytest.raises(LinkOver):
        use(secret)


def test_a_contributions_link_signs_nobody_in(world: World) -> None:
    secret = link_for("new@example.org", LinkPurpose.CONTRIBUTION)
    with pytest.raises(LinkOver):
        use(secret)
    with reading() as session:
        assert people.find_link(session, secret, LinkPurpose.CONTRIBUTION).email == "new@example.org"


def test_a_made_up_link_is_over(world: World) -> None:
    with pytest.raises(LinkOver):
        use("made-up")


def test_neither_links_nor_sessions_keep_their_secret(world: World) -> None:
    secrets = [link_for("new@example.org"), signed_in(world)]
    kept = [world.rows(MailLink)[0].secret_digest, world.rows(LoginSession)[0].secret_digest]
    assert not set(secrets) & set(kept)


def test_a_session_ends_when_it_is_closed(world: World) -> None:
    secret, other = signed_in(world), signed_in(world)
    assert (who(secret), who(other), who("made-up")) == ("bo", "bo", None)
    do(lambda s: people.close_session(s, secret))
    do(lambda s: people.close_session(s, "made-up"))
    assert (who(secret), who(other)) == (None, "bo")


def test_signing_out_everywhere_closes_every_session_of_one_person(world: World) -> None:
    mine, other, ana = signed_in(world), signed_in(world), signed_in(world, "ana")
    do(lambda s: people.close_all_sessions(s, world.persons["bo"]))
    assert [who(secret) for secret in (mine, other, ana)] == [None, None, "ana"]


def test_signing_out_everywhere_ends_the_links_that_were_not_used_yet(world: World) -> None:
    bos, anas, receipt = link_for("bo@example.org"), link_for("ana@example.org"), LinkPurpose.CONTRIBUTION
    kept = link_for("bo@example.org", receipt)
    do(lambda s: people.close_all_sessions(s, world.persons["bo"]))
    with pytest.raises(LinkOver):
        use(bos)
    assert use(anas).id == world.persons["ana"].id
    with reading() as session:
        assert people.find_link(session, kept, receipt).email == "bo@example.org"


def test_signing_in_by_one_link_ends_the_others_of_its_address(world: World) -> None:
    first, second, anas = link_for("bo@example.org"), link_for("Bo@example.org"), link_for("ana@example.org")
    use(second)
    with pytest.raises(LinkOver):
        use(first)
    assert use(anas).id == world.persons["ana"].id


def test_a_session_is_over_after_thirty_days_of_real_time(world: World) -> None:
    secret = signed_in(world)
    with transaction() as session:
        session.get_one(LoginSession, 1).expires_at = clock.real_now() - timedelta(seconds=1)
    assert who(secret) is None


def test_names_are_looked_up_together(world: World) -> None:
    with reading() as session:
        assert queries.names(session, {world.persons["bo"].id, 999}) == {world.persons["bo"].id: "bo"}
        assert queries.names(session, set()) == {}
        assert queries.identity_of(session, 999) is None


@pytest.mark.parametrize(("text", "good"), [
    ("cleo@example.org", True), (" Cleo+x@Sub.Example.org ", True), ("cleo@example", False), ("@example.org", False),
    ("a@b@c.org", False), ("cleo@exa mple.org", False), ("cleo@example.org\nBcc: x@y.org", False), ("", False),
    ("<cleo@example.org>", False), ("x" * 65 + "@example.org", False), ("cleo@" + "e" * 190 + ".org", False),
])  # fmt: skip
def test_what_counts_as_an_address(text: str, good: bool) -> None:
    assert is_email(text) is good


def test_an_address_is_spelled_one_way() -> None:
    assert normal_email("  Cleo@Example.ORG ") == "cleo@example.org"


@pytest.mark.usefixtures("postgresql")
def test_of_several_links_of_one_address_used_at_once_one_signs_in() -> None:
    World.begin()
    links = [link_for("new@example.org") for _ in range(4)]

    def click(secret: str) -> bool:
        try:
            return bool(use(secret))
        except LinkOver:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(click, links)) == [False, False, False, True]
    with reading() as session:
        assert len(session.scalars(select(Person).where(Person.email == "new@example.org")).all()) == 1
