"""Payees who are backers of the money they get: who is one with whom, what everybody may know, and how much it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event, select, update

from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit import database as kit_database
from bountyhub.kit.database import reading, transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts.models import Share
from bountyhub.payouts.own_money import OwnMoney, newest_shares, own_money, public_of_task
from bountyhub.payouts.rules import Known, Same, everybody_may_know, same_person
from bountyhub.people.models import Identity
from bountyhub.work.operations import forget, move
from tests.builders.releasing import release_to
from tests.builders.world import ANA, BO, CLEO, World, later, merged
from tests.ledger.log.books import seal_all

NOBODY = Known()
BOS = Known(7, frozenset({"bo@example.org"}), frozenset({"card"}))


@pytest.mark.parametrize(("backer", "same"), [
    (NOBODY, None), (Known(8, frozenset({"x@example.org"}), frozenset({"other"})), None),
    (Known(7), Same.PERSON), (Known(8, frozenset({"bo@example.org"})), Same.MAIL),
    (Known(None, frozenset({"bo@example.org"}), frozenset({"card"})), Same.MAIL),
    (Known(8, cards=frozenset({"card"})), Same.CARD), (BOS, Same.PERSON),
])  # fmt: skip
def test_who_is_one_with_whom(backer: Known, same: Same | None) -> None:
    assert same_person(BOS, backer) is same
    assert same_person(NOBODY, backer) is None


@pytest.mark.parametrize("same", Same)
@pytest.mark.parametrize("anonymous", [True, False])
def test_only_who_gave_by_name_is_told_of(same: Same, anonymous: bool) -> None:
    assert everybody_may_know(same, anonymous=anonymous) == (same is Same.PERSON and not anonymous)


def merge(world: World) -> None:
    world.record(merged(world.linked(40, BO)))


def found(world: World) -> list[OwnMoney]:
    with reading() as session:
        return own_money(session, world.rows(Share))


def said(world: World) -> list[str]:
    with reading() as session:
        return [str(each) for each in public_of_task(session, world.task_id)]


def paid_by(contribution: Contribution, card: str) -> None:
    with transaction() as session:
        session.execute(update(Payment).where(Payment.contribution_id == contribution.id).values(card=card))


def hide(contribution: Contribution) -> None:
    with transaction() as session:
        session.get_one(Contribution, contribution.id).anonymous = True


def test_strangers_to_each_other_are_not_listed(world: World) -> None:
    world.pay(5000, CLEO)
    merge(world)
    assert (found(world), said(world)) == ([], [])


def test_who_works_on_what_they_fund_is_paid_partly_with_their_own(world: World) -> None:
    world.pay(5000, BO)
    world.pay(2500, CLEO)
    merge(world)
    (own,) = found(world)
    assert (own.money.amount, own.share.amount, own.same, own.public) == (5000, 7500, Same.PERSON, True)
    assert said(world) == ["@bo is paid partly with their own contribution: 50.00 EUR."]


def test_the_only_backer_is_paid_with_their_own(world: World) -> None:
    world.pay(5000, BO)
    world.pay(500, BO)
    merge(world)
    assert said(world) == ["@bo is paid with their own contribution: 55.00 EUR."]


def test_an_anonymous_backer_is_told_of_to_operators_alone(world: World) -> None:
    hide(world.pay(5000, BO))
    merge(world)
    assert [(own.same, own.public) for own in found(world)] == [(Same.PERSON, False)]
    assert said(world) == []


def test_the_payees_proven_mail_without_a_sign_in(world: World) -> None:
    world.pay(5000, None, email="Bo@Example.org")
    merge(world)
    assert [(own.same, own.public) for own in found(world)] == [(Same.MAIL, False)]


def test_a_card_the_payee_paid_with_elsewhere(world: World) -> None:
    paid_by(world.pay(5000, CLEO), "card")
    here, world.task_id = world.task_id, world.task(13)
    paid_by(world.pay(1000, BO), "card")
    world.task_id = here
    merge(world)
    assert [(own.money.amount, own.same, own.public) for own in found(world)] == [(5000, Same.CARD, False)]


def test_money_that_was_moved_keeps_the_card_it_was_paid_by(world: World) -> None:
    here, between, world.task_id = world.task_id, world.task(14), world.task(13)
    paid_by(world.pay(1000, BO), "card")
    given = world.pay(5000, CLEO)
    paid_by(given, "card")
    cleo = world.actor(CLEO)
    with transaction() as session:
        first = move(session, given.id, between, cleo).id
    with transaction() as session:
        move(session, first, here, cleo)
    world.task_id = here
    merge(world)
    assert [(own.money.amount, own.same) for own in found(world)] == [(5000, Same.CARD)]


def test_of_several_payees_each_has_only_their_own(world: World) -> None:
    world.pay(1001, BO)
    world.pay(1000, ANA)
    world.pay(1000, CLEO)
    world.linked()
    with reading() as session:
        ids = {one.login: one.id for one in session.scalars(select(Identity))}
    release_to(world.claim().id, {ids["ana"]: 1, ids["bo"]: 1, ids["dara"]: 1})
    drawn = {(own.payee.login, own.money.amount) for own in found(world)}
    payees = {login for login, _ in drawn}
    assert payees <= {"ana", "bo"} and sum(amount for _, amount in drawn) <= 2001
    assert len(said(world)) == len(payees)


@pytest.mark.parametrize("can_be_paid", [True, False])
def test_what_was_transferred_stays_listed_and_what_went_back_does_not(world: World, can_be_paid: bool) -> None:
    world.pay(5000, BO)
    world.pay(500, CLEO)
    if can_be_paid:
        world.connect(BO)
    merge(world)
    world.send_transfers()
    assert [own.money.amount for own in found(world)] == [5000]
    later(86)
    world.sweep("work.sweep_lives")
    assert [own.money.amount for own in found(world)] == ([5000] if can_be_paid else [])


def test_somebody_forgotten_is_nobody_s_other_self(world: World) -> None:
    world.pay(5000, BO)
    world.connect(BO)
    merge(world)
    world.send_transfers()
    seal_all()
    with transaction() as session:
        forget(session, "bo", "Asked for.")
    assert (found(world), said(world)) == ([], [])


def test_the_mail_of_a_release_says_it_to_all_who_get_it(world: World) -> None:
    world.pay(5000, BO)
    world.pay(2500, CLEO)
    merge(world)
    world.drain("notify.")
    mails = [mail for mail in world.rows(OutgoingMail) if mail.key.startswith("released:")]
    assert {mail.to for mail in mails} >= {"cleo@example.org", "ana@example.org"}
    assert all("@bo is paid partly with their own contribution: 50.00 EUR." in mail.text for mail in mails)


def test_the_mail_of_a_release_gives_no_anonymous_backer_away(world: World) -> None:
    hide(world.pay(5000, BO))
    world.pay(2500, CLEO)
    merge(world)
    world.drain("notify.")
    assert not any("own contribution" in mail.text for mail in world.rows(OutgoingMail))


def test_shares_are_read_a_stretch_at_a_time(world: World) -> None:
    world.pay(5000, BO)
    merge(world)
    with reading() as session:
        (only,) = newest_shares(session, 0, 5)
        assert newest_shares(session, only.id, 5) == []


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    engine = kit_database.engine()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_many_backers_take_as_many_queries_as_one(world: World, statements: list[str]) -> None:
    counts = []
    for number, backers in enumerate((1, 7)):
        world.task_id = world.task(20 + number)
        for _ in range(backers):
            world.pay(1000, BO)
        world.record(merged(world.linked(50 + number, BO, body="", closes=(20 + number,))))
        statements.clear()
        with reading() as session:
            public_of_task(session, world.task_id)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7
