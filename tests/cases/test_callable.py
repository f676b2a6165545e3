"""Payments that can be called back: they leave once they can't, and what happens when they are."""

from __future__ import annotations

from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Share, Transfer
from bountyhub.sandbox.stripe import events as told_events
from bountyhub.work import operations as work
from tests.builders.world import CLEO, DARA
from tests.cases.debits import CALLED_BACK, arrived, ordered
from tests.cases.disputed import charge_of, only_dispute, shares
from tests.cases.hub import Hub
from tests.cases.test_life import merge_other


def test_a_released_debit_waits_eight_weeks(hub: Hub) -> None:
    """A released SEPA payment leaves after the eight weeks in which it can be called back, a card's at once."""
    hub.connect()
    card, debit = hub.pay(2500, DARA), arrived(hub)
    hub.merge()
    assert hub.contribution(card.id).state == "closed"
    assert hub.balances(debit) == {"payable": 5000}
    [first, second] = hub.world.rows(Transfer)
    assert (first.state, second.state, second.wait_reason) == ("confirmed", "waiting", "callable")
    assert debit.captured_at is not None and (second.not_before - debit.captured_at).days == 56
    step = hub.world.step()
    assert step.text.startswith("50 € leave for @bo on") and "call its payment back" in step.detail
    hub.days(55)
    assert hub.balances(debit) == {"payable": 5000}
    hub.days(2)
    assert hub.contribution(debit.id).state == "closed"
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]


def test_moved_and_released(hub: Hub) -> None:
    """A SEPA payment is moved to another task and released there: it waits for the same day."""
    hub.connect()
    debit, to = arrived(hub), hub.world.task(13)
    with transaction() as session:
        work.move(session, debit.id, to, hub.world.actor(CLEO))
    hub.settle()
    merge_other(hub, to, 13)
    [transfer] = hub.world.rows(Transfer)
    assert debit.captured_at is not None and (transfer.not_before - debit.captured_at).days == 56


def test_kept_until_somebody_connects(hub: Hub) -> None:
    """A released SEPA payment is kept; its payee connects within the eight weeks, and is paid after them."""
    debit = arrived(hub)
    hub.merge()
    hub.days(20)
    hub.connect()
    assert hub.balances(debit) == {"payable": 5000}
    hub.days(37)
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]


def test_called_back_while_held(hub: Hub) -> None:
    """A SEPA payment is called back while it is held: lost at once, nothing is left of it."""
    payment = ordered(hub, CALLED_BACK)
    hub.days(5)
    hub.settle()
    assert only_dispute().state == "lost"
    assert hub.contribution(payment.contribution_id).state == "closed"
    assert hub.balances(hub.contribution(payment.contribution_id)) == {}


def test_called_back_while_it_waits(hub: Hub) -> None:
    """A released SEPA payment is called back within the eight weeks: it never left, the developer’s share is gone."""
    hub.connect()
    debit = arrived(hub)
    hub.merge()
    hub.days(30)
    hub.stripe.control("dispute", charge=charge_of(debit), reason="debit_not_authorized")
    hub.settle()
    assert (only_dispute().state, str(shares()[0].state)) == ("lost", "returned")
    hub.days(30)
    assert hub.contribution(debit.id).state == "closed"
    assert [str(transfer.state) for transfer in hub.world.rows(Transfer)] == []


def test_called_back_after_it_was_given_back(hub: Hub) -> None:
    """A SEPA payment is taken back here and called back as well: the operator’s loss, in the books."""
    debit = arrived(hub)
    hub.withdraw(debit)
    hub.stripe.control("dispute", charge=charge_of(debit), reason="debit_not_authorized")
    hub.settle()
    assert only_dispute().state == "lost"
    assert hub.contribution(debit.id).state == "closed"


def test_called_back_after_eight_weeks(hub: Hub) -> None:
    """A SEPA payment that was paid out is called back as unauthorised: the operator’s loss, the developer keeps it."""
    hub.connect()
    debit = arrived(hub)
    hub.merge()
    hub.days(60)
    hub.stripe.control("dispute", charge=charge_of(debit), reason="debit_not_authorized")
    hub.settle()
    assert (only_dispute().state, str(shares()[0].state)) == ("lost", "paid")


def test_its_words_about_being_called_back_come_in_any_order(hub: Hub) -> None:
    """Every webhook of a debit that is called back comes again, backwards: nothing is booked twice."""
    ordered(hub, CALLED_BACK)
    hub.days(5)
    hub.settle()
    with hub.stripe.sandbox.store.transaction() as tx:
        events = tx.all(told_events.KIND)
    for number, event in enumerate(reversed(events)):
        hub.hear(event | {"id": f"evt_again{number}"})
    hub.settle()
