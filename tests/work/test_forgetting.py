"""A person is forgotten: nothing in the database says who they were, the books are sound, pages still work."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, select, text, update

from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit import clock
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ledger.log.models import Salt
from bountyhub.ledger.models import Entry, Line
from bountyhub.notifications.mails import forget_somebody
from bountyhub.people.errors import Ambiguous
from bountyhub.people.models import Identity, LinkPurpose, Person
from bountyhub.people.operations import OPERATOR, make_link, note_identity, open_session
from bountyhub.ports.forge import ForgePerson
from bountyhub.work.errors import ForgettingNeedsReason, StillNeeded
from bountyhub.work.operations import forget, object_to_claim, settle_claim, withdraw
from tests.builders.outside import Outside
from tests.builders.world import BO, CLEO, DARA, World, assert_books_are_right, merged
from tests.ledger.log.books import seal_all


@pytest.fixture
def world(database: str) -> World:
    """On PostgreSQL and again on SQLite."""
    Outside().use()
    return World.begin(DATABASE_URL=database)


def forgotten(who: str, reason: str = "Asked for by letter.") -> None:
    with transaction() as session:
        found = forget(session, who, reason)
        forget_somebody(session, found.addresses, found.logins)


def values() -> Iterator[tuple[str, str]]:
    """Everything that the database holds, as text."""
    with engine().connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                yield table, " ".join(map(str, row))


def mentions(*words: str) -> set[str]:
    return {table for table, row in values() for word in words if re.search(rf"\b{word}\b", row.lower())}


def backed(world: World) -> None:
    """Cleo gave by name, anonymously and signed out; all of it went back or was paid. She objected; mails were sent."""
    gone = world.pay(3000)
    world.pay(2000)
    world.pay(1000, by=None, email="cleo@example.org")
    with transaction() as session:
        withdraw(session, gone.id, world.actor(CLEO))
        make_link(session, LinkPurpose.CONTRIBUTION, "cleo@example.org", contribution_id=gone.id)
        open_session(session, session.get_one(Person, world.persons["cleo"].id))
        inbox.receive(session, source="stripe", delivery_id="d1", event="x", body='{"email": "cleo@example.org"}')
    world.send_refunds()
    world.connect(BO)
    world.record(merged(world.linked(), by=BO))
    with transaction() as session:
        object_to_claim(session, world.claim().id, world.actor(CLEO), world.permission(CLEO), "I, Cleo, say no.")
    world.drain("notify.", "mail.")


def ended(world: World) -> None:
    """The operator overruled the objection; everybody was paid."""
    with transaction() as session:
        settle_claim(session, world.claim().id, OPERATOR, world.permission(BO), accept=True, reason="Looked at.")
    handled()
    world.send_transfers()
    world.send_refunds()
    world.drain("notify.", "mail.")
    seal_all()


def test_nothing_says_who_a_backer_was(world: World) -> None:
    backed(world)
    ended(world)
    lines, entries = len(world.rows(Line)), len(world.rows(Entry))
    assert {"person", "identity", "contribution", "outgoing_mail", "mail_link", "inbox_event"} <= mentions("cleo")
    forgotten("cleo")
    assert mentions("cleo") == set()
    assert (len(world.rows(Line)), len(world.rows(Entry))) == (lines, entries)
    assert "party" not in {table for table, _ in values()}
    assert_books_are_right()


def test_nothing_says_who_a_developer_was(world: World) -> None:
    backed(world)
    ended(world)
    assert {"identity", "person", "payee"} <= mentions("bo", "acct_bo")
    forgotten("@bo")
    assert mentions("bo", "acct_bo") == set()
    author = world.rows(Identity)[1]
    assert (author.login, author.forge_id, author.person_id) == ("somebody who left", -author.id, None)
    assert_books_are_right()


def said(*bodies: str) -> None:
    """Webhooks that were received; handled by nobody yet."""
    with transaction() as session:
        for number, body in enumerate(bodies):
            inbox.receive(session, source="stripe", delivery_id=f"w{number}", event="x", body=body)


def handled() -> None:
    with transaction() as session:
        session.execute(update(InboxEvent).values(handled_at=clock.real_now()))


def test_webhooks_about_their_payments_and_their_account_go_though_they_name_no_address(world: World) -> None:
    backed(world)
    ended(world)
    with transaction() as session:
        session.execute(update(Payment).where(Payment.id == 1).values(checkout_id="cs_1", payment_intent="pi_1"))
        session.execute(update(Payment).where(Payment.id == 1).values(charge="ch_1"))
    said('{"id":"cs_1"}', '{"of": "pi_1"}', '{"charge": "ch_1"}', '{"account": "acct_bo"}', '{"id": "cs_11"}')
    handled()
    forgotten("cleo")
    forgotten("bo")
    assert [row.body for row in world.rows(InboxEvent)] == ['{"id": "cs_11"}']


def test_it_waits_for_a_webhook_about_them_that_is_not_handled_yet(world: World) -> None:
    said('{"email": "dara@example.org"}')
    with pytest.raises(StillNeeded, match="A webhook that mentions them is not handled yet"):
        forgotten("dara")
    handled()
    forgotten("dara")
    assert world.rows(InboxEvent) == []


def test_any_number_of_words_is_looked_for(world: World) -> None:
    said('{"id": "w2999"}')
    handled()
    with transaction() as session:
        inbox.forget(session, {f"w{number}" for number in range(3000)})
    assert world.rows(InboxEvent) == []


def salted() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(Salt.entry_id).order_by(Salt.entry_id)))


def test_the_salts_of_what_is_about_them_go_with_them(world: World) -> None:
    backed(world)
    ended(world)
    kinds = {row.id: row.kind for row in world.rows(Entry)}
    assert salted() == sorted(kinds)
    forgotten("cleo")
    left = [kinds[entry] for entry in salted()]
    assert "captured" not in left and "refund_debited" not in left
    assert left.count("topped_up") == 1


def test_it_waits_for_the_log_which_would_make_a_salt_afterwards(world: World) -> None:
    gone = world.pay(1000)
    with transaction() as session:
        withdraw(session, gone.id, world.actor(CLEO))
    world.send_refunds()
    world.drain("notify.", "mail.")
    with pytest.raises(StillNeeded, match="not in the log of the books yet"):
        forgotten("cleo")
    seal_all()
    forgotten("cleo")


def test_it_is_written_down_without_a_name(world: World) -> None:
    forgotten("dara@example.org")
    assert world.actions("person")[-1] == "person_forgotten"
    assert mentions("dara") == set()
    with pytest.raises(NotFound):
        forgotten("dara")


def test_it_waits_for_money_that_is_still_here_and_says_which_and_until_when(world: World) -> None:
    paid = world.pay(5000)
    with pytest.raises(StillNeeded) as refused:
        forgotten("cleo@example.org")
    until = paid.leave_by.date() if paid.leave_by else ""
    assert f"52.75 EUR of a contribution to task {world.task_id} are still here, until {until}" in str(refused.value)
    assert world.contribution(paid.id).email == "cleo@example.org"


def test_it_waits_for_open_checkouts_work_and_objections(world: World) -> None:
    world.order(1000, by=DARA)
    with pytest.raises(StillNeeded, match="A checkout is open until"):
        forgotten("dara")
    backed(world)
    with pytest.raises(StillNeeded, match="Pull request #40 that pays them stands"):
        forgotten("bo")
    with pytest.raises(StillNeeded, match="An objection of theirs to claim 1 is open until"):
        forgotten("cleo")


def test_it_waits_for_a_share_that_nobody_was_paid_yet(world: World) -> None:
    world.pay(5000)
    world.record(merged(world.linked()))
    with pytest.raises(StillNeeded, match=r"50\.00 EUR for task 1 are theirs"):
        forgotten("bo")


def test_who_paid_signed_out_is_known_by_their_address_alone(world: World) -> None:
    gone = world.pay(1000, by=None, email="guest@example.org")
    with transaction() as session:
        withdraw(session, gone.id, world.actor(CLEO))
    world.send_refunds()
    world.drain("notify.", "mail.")
    seal_all()
    forgotten("guest@example.org")
    assert mentions("guest") == set()
    left = world.rows(Contribution)[0]
    assert (left.email, left.person_id, left.state) == ("", None, "closed")


@pytest.mark.parametrize("who", ["nobody", "999", "", "@", "0", "9" * 30])
def test_who_is_unknown_is_not_found(world: World, who: str) -> None:
    with pytest.raises(NotFound):
        forgotten(who)


def test_a_login_that_two_accounts_had_names_nobody(world: World) -> None:
    with transaction() as session:
        note_identity(session, ForgePerson(999, "Dara"))
    with pytest.raises(Ambiguous, match="2 accounts were called that"):
        forgotten("dara")
    forgotten(str(world.persons["dara"].id))


def test_it_needs_a_reason(world: World) -> None:
    with pytest.raises(ForgettingNeedsReason):
        forgotten("cleo", "  ")
    with reading() as session:
        assert session.get_one(Person, world.persons["cleo"].id).name == "cleo"
