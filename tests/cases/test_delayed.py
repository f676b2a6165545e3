"""Payments that a bank answers days later, and those confirmed on the bank's page."""

from __future__ import annotations

import pytest
from sqlalchemy import true

from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.funding.models import Refund
from bountyhub.funding.operations.reserving import reserved
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.builders.world import ANA, DARA
from tests.cases.debits import ALL, REFUSED, arrived, mails, ordered, states, told
from tests.cases.disputed import shares
from tests.cases.hub import Hub
from tests.cases.test_life import renew

SUCCEEDED = "checkout.session.async_payment_succeeded"
FAILED = "checkout.session.async_payment_failed"


def test_a_debit_arrives(hub: Hub) -> None:
    """A SEPA debit waits for its bank and is held once it has arrived."""
    payment = ordered(hub)
    assert states(hub, payment) == ("pending", "awaited")
    assert (hub.payment(payment.ref).method, mails(hub, "awaited"), mails(hub, "receipt")) == ("sepa_debit", 1, 0)
    hub.days(4)
    assert states(hub, payment) == ("pending", "awaited"), "the page’s time is long over, and the bank decides still"
    hub.days(1)
    assert states(hub, payment) == ("held", "captured")
    assert hub.balances(hub.contribution(payment.contribution_id)) == {"escrow": 5000, "fee_held": 275}
    assert mails(hub, "receipt") == 1


def test_a_bank_takes_two_weeks(hub: Hub) -> None:
    """A bank takes two weeks: own funds stay reserved all that time, and nothing is given up."""
    hub.option(debit_days=14)
    payment = ordered(hub)
    hub.days(13)
    with reading() as session:
        assert reserved(session, "EUR", true()) > 0
    assert states(hub, payment) == ("pending", "awaited")
    hub.days(1)
    assert states(hub, payment) == ("held", "captured")
    with reading() as session:
        assert reserved(session, "EUR", true()) == 0


def test_a_debit_is_refused(hub: Hub) -> None:
    """A SEPA debit is refused days later: nothing is held, its backer is told once and pays anew by card."""
    payment = ordered(hub, REFUSED)
    hub.days(5)
    assert states(hub, payment) == ("failed", "failed")
    assert (mails(hub, "refused"), mails(hub, "receipt")) == (1, 0)
    again = hub.pay(5000)
    assert hub.balances(again) == {"escrow": 5000, "fee_held": 275}


def test_refused_before_it_was_heard_of(hub: Hub) -> None:
    """A refusal is heard of before the order itself, then everything comes twice: refused once."""
    payment = ordered(hub, REFUSED, settle=False)
    hub.stripe.control("fail_debit")
    events = told(hub, "checkout.session.completed", FAILED, "charge.failed", "payment_intent.payment_failed")
    for event in reversed(events):
        hub.told.add(event["id"])
        hub.hear(event)
    hub.settle()
    assert states(hub, payment) == ("failed", "failed")
    for number, event in enumerate(events):
        hub.hear(event | {"id": f"evt_again{number}"})
    hub.settle()
    assert states(hub, payment) == ("failed", "failed")
    assert (mails(hub, "refused"), mails(hub, "awaited")) == (1, 0)


@pytest.mark.parametrize("first", ["webhook", "page", "sweep"])
def test_whoever_hears_first(hub: Hub, first: str) -> None:
    """A debit arrives, and webhook, page and sweep all hear of it: booked once, whoever is first."""
    payment = ordered(hub)
    hub.stripe.control("succeed_debit")
    ways = {"webhook": hub.settle, "page": lambda: settle_one(hub.payment(payment.ref)), "sweep": hub.sweep}
    for way in (ways[first], *ways.values()):
        way()
    assert states(hub, payment) == ("held", "captured")
    for number, event in enumerate(reversed(told(hub, "checkout.session.completed", SUCCEEDED, "charge.succeeded"))):
        hub.hear(event | {"id": f"evt_again{number}"})
    hub.settle()
    assert hub.balances(hub.contribution(payment.contribution_id)) == {"escrow": 5000, "fee_held": 275}
    assert mails(hub, "receipt") == 1


def test_every_webhook_is_lost(hub: Hub) -> None:
    """No webhook of a debit ever comes: the sweep finds that it waits, and that it has arrived."""
    payment = ordered(hub, settle=False)
    hub.told.update(event["id"] for event in told(hub, "checkout.session.completed", "charge.pending"))
    settle_one(hub.payment(payment.ref))
    assert states(hub, payment) == ("pending", "awaited")
    hub.stripe.control("succeed_debit")
    hub.told.update(event["id"] for event in told(hub, SUCCEEDED, "charge.succeeded", "payment_intent.succeeded"))
    hub.sweep()
    assert states(hub, payment) == ("held", "captured")


@pytest.mark.parametrize("lost", [False, True])
def test_it_arrives_without_a_book_entry(hub: Hub, lost: bool) -> None:
    """A debit arrives without its book entry: held when that is told of, or when the sweep finds it."""
    hub.option(charges_pend=True)
    payment = ordered(hub)
    hub.stripe.control("succeed_debit")
    hub.settle()
    assert states(hub, payment) == ("pending", "awaited")
    hub.option(charges_pend=False)
    hub.stripe.control("settle")
    if lost:
        hub.told.update(event["id"] for event in told(hub, "charge.updated"))
        hub.sweep()
    hub.settle()
    assert states(hub, payment) == ("held", "captured")


def test_it_arrives_after_the_task_was_over(hub: Hub) -> None:
    """A debit arrives after the task was cancelled: all of it goes back by itself."""
    payment = ordered(hub)
    with transaction() as session:
        work.cancel_task(session, hub.world.task_id, hub.world.actor(ANA), Permission.ADMIN, "No.")
    hub.days(5)
    assert hub.contribution(payment.contribution_id).state == "closed"
    [refund] = hub.world.rows(Refund)
    assert (refund.reason, refund.state, refund.total) == ("too_late", "done", 5275)


def test_it_arrives_after_the_merge(hub: Hub) -> None:
    """A merge comes before a debit has arrived: the developer gets what is held, the debit goes back."""
    hub.connect()
    payment = ordered(hub)
    card = hub.pay(2500, DARA)
    hub.merge()
    hub.days(5)
    assert [share.amount for share in shares()] == [2500]
    assert [hub.contribution(id).state for id in (card.id, payment.contribution_id)] == ["closed", "closed"]


def test_a_debit_is_withdrawn(hub: Hub) -> None:
    """A SEPA payment is taken back within the fourteen days: it goes back to the account."""
    contribution = arrived(hub)
    hub.withdraw(contribution)
    [refund] = hub.world.rows(Refund)
    assert (refund.state, hub.contribution(contribution.id).state) == ("done", "closed")


def test_a_renewal_by_debit_is_refused_and_paid_anew(hub: Hub) -> None:
    """A renewal by SEPA debit is refused: the old money stays, and it is renewed by card."""
    hub.setting(PAYMENT_METHODS=ALL)
    old = hub.pay(5000)
    hub.days(60)
    first = renew(hub, old)
    hub.pay_page(first, REFUSED)
    hub.settle()
    assert renew(hub, old).id == first.id, "while the bank decides it is the same one"
    hub.days(5)
    assert hub.balances(old) == {"escrow": 5000, "fee_held": 275}
    second = renew(hub, old)
    assert second.id != first.id
    hub.pay_page(second)
    hub.settle()
    assert hub.contribution(old.id).state == "closed"
    assert hub.balances(hub.contribution(second.contribution_id)) == {"escrow": 5000, "fee_held": 275}


def test_its_life_ends(hub: Hub) -> None:
    """A SEPA payment that nobody earns goes back at the end of its life."""
    debit = arrived(hub)
    hub.days(86)
    assert hub.contribution(debit.id).state == "closed"


@pytest.mark.parametrize("answer", ["yes", "no", "nothing"])
def test_bancontact(hub: Hub, answer: str) -> None:
    """Bancontact, answered on the bank’s page."""
    hub.setting(PAYMENT_METHODS=ALL)
    payment = hub.order(5000)
    more = {} if answer == "yes" else {"authenticated": False}
    if answer != "nothing":
        hub.pay_page(payment, "bancontact", **more)
        hub.settle()
    if answer != "yes":
        hub.stripe.control("expire", session=payment.checkout_id)
        hub.settle()
        assert states(hub, payment) == ("abandoned", "expired")
        return
    assert states(hub, payment) == ("held", "captured")
    assert (hub.payment(payment.ref).method, hub.payment(payment.ref).callable_until) == ("bancontact", None)
    hub.connect()
    hub.merge()
    assert hub.contribution(payment.contribution_id).state == "closed", "nobody can call it back"
