"""The main loop's own cases: paid, released, transferred; taken back; too late; not as agreed."""

from __future__ import annotations

from bountyhub.funding import operations as funding
from bountyhub.kit.database import transaction
from bountyhub.payouts.models import Share
from bountyhub.ports.forge import Permission
from bountyhub.sandbox.stripe import events as told_events
from bountyhub.work import operations as work
from tests.builders.world import ANA, DARA
from tests.cases.hub import Hub


def test_paid_merged_and_transferred(hub: Hub) -> None:
    """Paid by card, merged, released and transferred."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    assert hub.contribution(contribution.id).state == "closed"
    assert hub.balances(contribution) == {}


def test_withdrawn(hub: Hub) -> None:
    """Paid and taken back in full within the fourteen days."""
    contribution = hub.pay(5000)
    hub.withdraw(contribution)
    assert hub.contribution(contribution.id).state == "closed"


def test_a_refund_fails_days_later(hub: Hub) -> None:
    """A refund fails after its debit: an unclaimed refund, still owed."""
    contribution = hub.pay(5000, card="4000000000005126")
    hub.withdraw(contribution)
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}


def test_declined_then_expired(hub: Hub) -> None:
    """A card is declined and the page expires: nothing was taken."""
    payment = hub.order(5000)
    hub.pay_page(payment, "4000000000000002")
    hub.stripe.control("expire", session=payment.checkout_id)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "abandoned"


def test_declined_then_paid_by_another_card(hub: Hub) -> None:
    """A card is declined, another pays: the failed payment is held."""
    payment = hub.order(5000)
    hub.pay_page(payment, "4000000000000002")
    hub.settle()
    hub.pay_page(payment)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "held"


def test_another_amount_is_matched(hub: Hub) -> None:
    """Another amount than agreed arrives and is matched by the operator."""
    payment = hub.order(5000)
    hub.pay_page(payment, amount=5270)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "suspended"
    with transaction() as session:
        funding.match_suspended(session, payment.contribution_id, hub.world.actor(DARA))
    hub.settle()
    hub.connect()
    hub.merge()
    assert hub.contribution(payment.contribution_id).state == "closed"


def test_another_amount_goes_back(hub: Hub) -> None:
    """Another amount than agreed arrives and goes back by itself after seven days."""
    payment = hub.order(5000)
    hub.pay_page(payment, amount=5270)
    hub.settle()
    hub.days(8)
    assert hub.contribution(payment.contribution_id).state == "closed"


def test_paid_after_the_task_was_over(hub: Hub) -> None:
    """Paid after the task was cancelled: returned in full by itself."""
    payment = hub.order(5000)
    with transaction() as session:
        work.cancel_task(session, hub.world.task_id, hub.world.actor(ANA), Permission.ADMIN, "No.")
    hub.pay_page(payment)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "closed"


def test_kept_for_somebody_who_connects(hub: Hub) -> None:
    """Merged before its author can be paid: kept, then claimed when they connect."""
    hub.pay(5000)
    hub.merge()
    hub.connect()
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]


def test_kept_until_its_life_ends(hub: Hub) -> None:
    """Merged and never claimed: it goes back at the end of the money's life."""
    contribution = hub.pay(5000)
    hub.merge()
    hub.days(86)
    assert [str(share.state) for share in hub.world.rows(Share)] == ["returned"]
    assert hub.contribution(contribution.id).state == "closed"


def test_the_books_may_be_told_in_any_order(hub: Hub) -> None:
    """Every webhook of a whole life comes again, backwards: nothing is booked twice."""
    hub.connect()
    hub.pay(5000)
    hub.merge()
    with hub.stripe.sandbox.store.transaction() as tx:
        events = tx.all(told_events.KIND)
    for number, event in enumerate(reversed(events)):
        hub.hear(event | {"id": f"evt_again{number}"})
    hub.settle()


def test_life_ends_while_the_task_is_open(hub: Hub) -> None:
    """Nobody builds it: the money goes back by itself on its last day, fee included."""
    contribution = hub.pay(5000)
    hub.days(86)
    assert hub.contribution(contribution.id).state == "closed"
