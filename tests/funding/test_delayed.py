"""Payments about which a bank decides in days: what is known meanwhile, and until when they can be called back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bountyhub.events.models import AuditEvent
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import TooMuchUnpaid
from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.funding.models import Contribution, Payment
from bountyhub.funding.operations.forgetting import contributions_of, money_here
from bountyhub.funding.rules_methods import callable_until, kind_of
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Entry
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.payments import Checkout, CheckoutStatus
from tests.builders.at_once import at_once
from tests.builders.outside import Outside
from tests.builders.world import World, assert_books_are_right, later, paid, unpaid

AT = datetime(2026, 11, 1, tzinfo=UTC)
TOTAL = Money(5275, "EUR")


@pytest.fixture
def world(sqlite: str) -> World:
    return World.begin()


def say(checkout: Checkout) -> Contribution:
    with transaction() as session:
        return funding.record_checkout(session, checkout.reference, checkout)


def awaited(world: World) -> str:
    """A payment about which its bank decides; its ref."""
    ref = world.order()
    say(replace(unpaid(ref, CheckoutStatus.AWAITED), method="sepa_debit"))
    return ref


def by_debit(ref: str, debited_at: datetime | None = None) -> Checkout:
    told = paid(ref, TOTAL)
    assert told.capture is not None
    return replace(told, capture=replace(told.capture, method="sepa_debit", debited_at=debited_at))


def states(world: World) -> tuple[str, str]:
    return str(world.rows(Contribution)[0].state), str(world.rows(Payment)[0].state)


@pytest.mark.parametrize(("method", "debited", "days"), [
    ("sepa_debit", None, 56), ("sepa_debit", 3, 59), ("sepa_debit", -2, 56), ("card", None, None),
    ("bancontact", None, None), ("", None, None), ("something_new", None, None),
])  # fmt: skip
def test_until_when_a_payment_can_be_called_back(method: str, debited: int | None, days: int | None) -> None:
    at = AT + timedelta(days=debited) if debited is not None else None
    assert callable_until(method, AT, at) == (AT + timedelta(days=days) if days is not None else None)


@pytest.mark.parametrize(("method", "kind"), [
    ("card", "card"), ("sepa_debit", "bank account"), ("bancontact", "bank account"), (None, "card"), ("new", "card"),
])  # fmt: skip
def test_what_it_is_paid_from_in_words(method: str | None, kind: str) -> None:
    assert kind_of(method) == kind


def test_the_bank_is_awaited_and_told_of_once(world: World) -> None:
    ref = awaited(world)
    for status in (CheckoutStatus.AWAITED, CheckoutStatus.OPEN, CheckoutStatus.SETTLING, CheckoutStatus.EXPIRED):
        say(unpaid(ref, status))
    assert states(world) == ("pending", "awaited")
    assert world.rows(Payment)[0].method == "sepa_debit"
    assert len(world.jobs("notify.payment_awaited")) == 1
    assert world.balances(world.rows(Contribution)[0]) == {}


def test_a_refusal_is_told_once_and_an_old_word_changes_nothing(world: World) -> None:
    ref = awaited(world)
    for status in (CheckoutStatus.FAILED, CheckoutStatus.FAILED, CheckoutStatus.AWAITED):
        say(unpaid(ref, status))
    assert states(world) == ("failed", "failed")
    assert len(world.jobs("notify.payment_refused")) == 1
    with reading() as session:
        assert session.query(AuditEvent).filter_by(action="payment_declined").count() == 1, "one, for the stops"


def test_money_that_arrives_says_until_when_it_can_be_called_back(world: World) -> None:
    ref = awaited(world)
    say(by_debit(ref, clock.now() + timedelta(days=1, hours=1)))
    [payment] = world.rows(Payment)
    given = world.rows(Contribution)[0]
    assert given.captured_at is not None and payment.callable_until is not None
    assert (payment.method, (payment.callable_until - given.captured_at).days) == ("sepa_debit", 57)
    assert given.leave_by is not None and payment.callable_until < given.leave_by


def test_own_funds_stay_reserved_and_nobody_takes_them_all(world: World) -> None:
    awaited(world)
    with transaction() as session:
        session.query(Payment).one().asked_from = "network"
    say(unpaid(world.rows(Payment)[0].ref, CheckoutStatus.AWAITED))
    assert world.rows(Payment)[0].asked_from == "network"
    with pytest.raises(TooMuchUnpaid):
        for _ in range(200):
            awaited(world)


def test_the_sweep_looks_as_long_as_banks_take(world: World) -> None:
    outside, ref = Outside().use(), awaited(world)
    later(13)
    outside.gateway.checkouts[f"cs_{ref}"] = unpaid(ref, CheckoutStatus.AWAITED)
    world.sweep("funding.sweep_awaited")
    assert states(world) == ("pending", "awaited")
    outside.gateway.checkouts[f"cs_{ref}"] = by_debit(ref)
    world.sweep("funding.sweep_awaited")
    assert states(world) == ("held", "captured")


def test_it_is_not_given_up_where_the_processor_does_not_know_it(world: World) -> None:
    outside = Outside().use()
    awaited(world)
    outside.gateway.fail["read_checkout"] = [OutsideGone("stripe: no such session")]
    with pytest.raises(OutsideGone):
        settle_one(world.rows(Payment)[0])
    assert states(world) == ("pending", "awaited")


def test_nobody_is_forgotten_while_their_bank_decides(world: World) -> None:
    awaited(world)
    with transaction() as session:
        theirs = contributions_of(session, None, []) or session.query(Contribution).all()
        assert money_here(session, theirs) == ["A payment waits for its bank, which may take two weeks."]


def test_told_by_three_at_once_it_is_booked_once(postgresql: str) -> None:
    world = World.begin()
    ref = awaited(world)

    def arrived(session: Session) -> object:
        return funding.record_checkout(session, ref, by_debit(ref)).state

    def still_awaited(session: Session) -> object:
        return funding.record_checkout(session, ref, unpaid(ref, CheckoutStatus.AWAITED)).state

    at_once(arrived, still_awaited, arrived)
    assert states(world) == ("held", "captured")
    with reading() as session:
        assert session.query(Entry).filter_by(kind="captured").count() == 1
    assert_books_are_right()


def test_ordered_by_two_at_once_it_is_told_once(postgresql: str) -> None:
    world = World.begin()
    ref = world.order()

    def told(session: Session) -> object:
        return funding.record_checkout(session, ref, unpaid(ref, CheckoutStatus.AWAITED)).state

    at_once(told, told)
    assert len(world.jobs("notify.payment_awaited")) == 1
