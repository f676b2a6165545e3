"""Money arrives: in time, late, twice, after the checkout was over, not as agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.ledger import capture
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.models import Entry
from bountyhub.ports.errors import OutsideGone, OutsideRefused, OutsideUnavailable
from bountyhub.ports.forge import Permission
from bountyhub.ports.payments import Checkout, CheckoutStatus
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import ANA, World, assert_books_are_right, issue, later, merged, paid, unpaid


def say(payment_ref: str, checkout: Checkout) -> Contribution:
    with transaction() as session:
        return funding.record_checkout(session, payment_ref, checkout)


def state(world: World) -> tuple[str, str]:
    return str(world.rows(Contribution)[0].state), str(world.rows(Payment)[0].state)


def cancel(world: World) -> None:
    with transaction() as session:
        work.cancel_task(session, world.task_id, world.actor(ANA), Permission.ADMIN, "No.")


@pytest.mark.usefixtures("database")
def test_money_that_arrives_is_held_with_its_fee_apart() -> None:
    world = World.begin()
    given = world.pay(5000)
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275}
    assert given.captured_at is not None and given.leave_by is not None
    assert (given.leave_by - given.captured_at).days == 85
    assert_books_are_right()


@pytest.mark.usefixtures("database")
def test_webhook_return_page_and_sweeper_book_it_once() -> None:
    world = World.begin()
    ref = world.order()
    given = world.capture(ref)
    for _ in range(4):
        world.capture(ref)
    assert world.balances(given) == {"escrow": 5000, "fee_held": 275}
    assert len(world.jobs("notify.contribution_held")) == 1
    assert_books_are_right()


def test_an_open_checkout_is_noted_with_its_address(world: World) -> None:
    ref = world.order()
    say(ref, Checkout("cs_1", ref, CheckoutStatus.OPEN, "http://127.0.0.1/pay", None))
    payment = world.rows(Payment)[0]
    assert (payment.state, payment.checkout_id, payment.checkout_url) == ("open", "cs_1", "http://127.0.0.1/pay")


@pytest.mark.parametrize(("status", "after"), [
    (CheckoutStatus.EXPIRED, ("abandoned", "expired")), (CheckoutStatus.FAILED, ("failed", "failed")),
    (CheckoutStatus.SETTLING, ("pending", "open")), (CheckoutStatus.OPEN, ("pending", "open")),
])  # fmt: skip
def test_what_an_unpaid_checkout_becomes(world: World, status: CheckoutStatus, after: tuple[str, str]) -> None:
    ref = world.order()
    say(ref, unpaid(ref, status))
    assert state(world) == after


@pytest.mark.parametrize("status", [CheckoutStatus.EXPIRED, CheckoutStatus.FAILED])
def test_money_that_arrives_after_the_checkout_was_over_is_held(world: World, status: CheckoutStatus) -> None:
    ref = world.order()
    say(ref, unpaid(ref, status))
    given = world.capture(ref)
    assert (given.state, world.balances(given)) == ("held", {"escrow": 5000, "fee_held": 275})


def test_an_old_word_about_a_paid_checkout_changes_nothing(world: World) -> None:
    ref = world.order()
    world.capture(ref)
    for status in (CheckoutStatus.EXPIRED, CheckoutStatus.FAILED, CheckoutStatus.OPEN):
        say(ref, unpaid(ref, status))
    assert state(world) == ("held", "captured")


def test_a_failed_card_and_then_an_end_is_abandoned(world: World) -> None:
    ref = world.order()
    say(ref, unpaid(ref, CheckoutStatus.FAILED))
    say(ref, unpaid(ref, CheckoutStatus.EXPIRED))
    assert state(world) == ("abandoned", "expired")


def test_a_foreign_payment_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        say("nobody", paid("nobody", Money(100, "EUR")))


@pytest.mark.usefixtures("database")
def test_money_for_a_cancelled_task_goes_back_whole_by_itself() -> None:
    world = World.begin()
    ref = world.order()
    cancel(world)
    given = world.capture(ref)
    assert world.balances(given) == {"refund_pending": 5275}
    assert world.send_refunds() == 5275
    assert world.contribution(given.id).state == "closed"
    assert world.read_task().state == "cancelled"
    assert_books_are_right()


def test_money_for_a_merged_an_ending_or_an_app_less_task_goes_back_too(world: World) -> None:
    refs = [world.order() for _ in range(3)]
    world.record_issue(issue(is_open=False))
    world.capture(refs[0])
    world.record_issue(issue())
    world.record(merged(world.linked()))
    world.capture(refs[1])
    assert [str(r.reason) for r in world.rows(Refund)] == ["too_late", "too_late"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("received", [Money(5274, "EUR"), Money(5276, "EUR"), Money(5275, "USD")])
def test_a_wrong_amount_or_currency_is_set_apart_and_returned_after_seven_days(received: Money) -> None:
    world = World.begin()
    given = world.capture(world.order(), received)
    assert (given.state, world.balances(given)) == ("suspended", {"suspense": received.amount})
    later(6.9)
    world.sweep("funding.sweep_suspense")
    assert world.rows(Refund) == []
    later(0.2)
    world.sweep("funding.sweep_suspense")
    world.sweep("funding.sweep_suspense")
    assert [(r.money, str(r.reason)) for r in world.rows(Refund)] == [(received, "wrong_amount")]
    assert world.send_refunds() == received.amount
    assert world.contribution(given.id).state == "closed"
    assert_books_are_right()


def test_what_arrived_in_another_currency_goes_back_as_it_was_paid(world: World) -> None:
    outside = Outside().use()
    ref = world.order(5000)
    said = paid(ref, Money(5275, "KRW"))
    assert said.capture is not None
    say(ref, replace(said, capture=replace(said.capture, charged=Money(350, "BHD"))))
    assert state(world) == ("suspended", "captured")
    later(7.1)
    world.sweep("funding.sweep_suspense")
    world.drain("funding.send_refund")
    (made,) = outside.gateway.refunds.values()
    assert made.amount == Money(350, "BHD")
    assert state(world) == ("closed", "captured")
    assert_books_are_right()


def test_what_was_set_apart_under_its_payments_word_goes_back_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_before(session: Session, **given: Any) -> Entry:
        return booked(session, **given | {"payment": given["key"].removeprefix("captured:")})

    booked = capture.captured_wrong
    monkeypatch.setattr(capture, "captured_wrong", as_before)
    ref = world.order(5000)
    given = world.capture(ref, Money(1, "EUR"))
    with reading() as session:
        assert ledger.balance(session, f"suspense/{ref}", "EUR") == 1
    later(7.1)
    world.sweep("funding.sweep_suspense")
    assert world.send_refunds() == 1
    assert world.contribution(given.id).state == "closed"


def test_suspended_money_counts_for_no_task(world: World) -> None:
    world.capture(world.order(), Money(1, "EUR"))
    assert world.step().text.startswith("Nobody has funded this yet")


def test_a_wrong_amount_for_a_cancelled_task_is_set_apart_as_well(world: World) -> None:
    ref = world.order()
    cancel(world)
    assert world.capture(ref, Money(1, "EUR")).state == "suspended"


def test_a_checkout_without_an_answer_is_asked_for_again_by_the_same_key(world: World) -> None:
    outside = Outside().use()
    ref = world.order()
    later(1)
    world.sweep("funding.sweep_checkouts")
    assert outside.gateway.keys("create_checkout") == [ref]
    assert world.rows(Payment)[0].checkout_id == f"cs_{ref}"
    world.sweep("funding.sweep_checkouts")
    assert len(outside.gateway.calls) == 1


def test_a_checkout_that_was_just_asked_for_is_left_to_its_page(world: World) -> None:
    outside = Outside().use()
    world.order()
    world.sweep("funding.sweep_checkouts")
    assert outside.gateway.calls == []


def test_a_checkout_the_processor_will_not_open_is_abandoned(world: World) -> None:
    outside = Outside().use()
    world.order()
    outside.gateway.fail["create_checkout"] = [OutsideRefused("too late", "expires_at")]
    later(1)
    world.sweep("funding.sweep_checkouts")
    assert state(world) == ("abandoned", "expired")


def test_a_checkout_the_processor_knows_no_more_is_abandoned_until_money_comes_after_all(world: World) -> None:
    outside = Outside().use()
    ref = world.order()
    later(1)
    world.sweep("funding.sweep_checkouts")
    outside.gateway.fail["read_checkout"] = [OutsideGone("HTTP 404")]
    with transaction() as session:
        session.get_one(Payment, 1).expires_at = clock.real_now() - timedelta(minutes=1)
    world.sweep("funding.sweep_checkouts")
    assert state(world) == ("abandoned", "expired")
    assert world.capture(ref).state == "held"


def test_a_processor_that_is_away_is_asked_again(world: World) -> None:
    outside = Outside().use()
    ref = world.order()
    later(1)
    outside.gateway.fail["create_checkout"] = [OutsideUnavailable("down")]
    with pytest.raises(Exception, match="1 failed"):
        world.sweep("funding.sweep_checkouts")
    assert state(world) == ("pending", "planned")
    world.sweep("funding.sweep_checkouts")
    assert outside.gateway.keys("create_checkout") == [ref, ref]


def test_the_books_hold_exactly_what_the_processor_has(world: World) -> None:
    world.pay(5000)
    world.capture(world.order(), Money(777, "EUR"))
    with reading() as session:
        assert ledger.balance(session, "clearing", "EUR") == 50_000 + 5275 - 104 + 777 - 36
