"""Rows of the tables that no other part's cases use: refusals, reversals, failures before and after a debit."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Refund
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.ledger import release as booking
from bountyhub.payouts.models import Share, Transfer
from bountyhub.ports.payments import Checkout, CheckoutStatus
from tests.builders.world import merged, pull
from tests.cases.hub import Hub


@pytest.mark.parametrize("status", [CheckoutStatus.EXPIRED, CheckoutStatus.FAILED])
def test_given_up_then_paid(hub: Hub, status: CheckoutStatus) -> None:
    """A payment that was given up here arrives after all: held."""
    payment = hub.order(5000)
    with transaction() as session:
        funding.record_checkout(
            session, payment.ref, Checkout(str(payment.checkout_id), payment.ref, status, None, None)
        )
    hub.pay_page(payment)
    hub.settle()
    assert hub.contribution(payment.contribution_id).state == "held"


def test_a_transfer_is_refused_and_sent_later(hub: Hub) -> None:
    """The payee's account stops receiving before we hear of it: the transfer is refused, waits, and is sent later."""
    account = hub.connect()
    hub.pay(5000)
    opened = hub.world.linked(40)
    hub.stripe.control("require", account=account, needed="individual.verification.document")
    hub.world.record(merged(opened))
    hub.world.drain("payouts.")
    assert [str(transfer.state) for transfer in hub.world.rows(Transfer)] == ["waiting"]
    hub.stripe.control("complete_onboarding", account=account)
    hub.sweep()
    assert [str(transfer.state) for transfer in hub.world.rows(Transfer)] == ["confirmed"]


def test_a_transfer_is_reversed_at_the_processor(hub: Hub) -> None:
    """A transfer is reversed at the processor: payable again, and back with the backer at the end of its life."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    [transfer] = hub.world.rows(Transfer)
    hub.stripe.client.v1.transfers.reversals.create(str(transfer.processor_id))
    hub.settle()
    assert [str(share.state) for share in hub.world.rows(Share)] == ["payable"]
    hub.days(86)
    assert hub.balances(contribution) == {}


def test_a_refund_fails_before_its_debit(hub: Hub) -> None:
    """A refund waits for the processor's balance and fails before its debit: still owed, given back from the bank."""
    contribution = hub.pay(5000)
    available = next(
        part.amount for part in hub.stripe.client.v1.balance.retrieve().available if part.currency == "eur"
    )
    hub.stripe.client.v1.payouts.create({"amount": available, "currency": "eur"})
    hub.settle()
    hub.withdraw(contribution)
    [refund] = hub.world.rows(Refund)
    hub.stripe.control("fail_refund", refund=refund.processor_id)
    hub.settle()
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}
    with transaction() as session:
        funding.pay_otherwise(session, refund.ref, "SEPA")
    assert hub.contribution(contribution.id).state == "closed"


def test_a_refund_fails_while_it_is_pending(hub: Hub) -> None:
    """A refund is pending at the bank and fails there: the money comes back and is still owed."""
    hub.option(refund_seconds=3600)
    contribution = hub.pay(5000, card="4000000000007726")
    hub.withdraw(contribution)
    [refund] = hub.world.rows(Refund)
    assert refund.state == "debited"
    hub.stripe.control("fail_refund", refund=refund.processor_id)
    hub.settle()
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}


def test_what_was_held_back_ends_well(hub: Hub) -> None:
    """A tenth is held back at the release and becomes the payee's afterwards (by the ledger's own functions)."""
    contribution = hub.pay(5000)
    given = [terms(contribution)]
    with transaction() as session:
        booking.released(
            session, key="released:r1", terms=given, effective_at=clock.now(), actor="clock",
            pieces=[
                booking.Piece("s1", contribution.ref, 4500, "kept_for"),
                booking.Piece("s1", contribution.ref, 500, "holdback"),
            ],
        )  # fmt: skip
        booking.holdback_released(
            session, key="holdback:s1", terms=given, effective_at=clock.now(), actor="clock",
            pieces=[booking.Piece("s1", contribution.ref, 500, "kept_for")],
        )  # fmt: skip
    assert hub.balances(contribution) == {"kept_for": 5000, "fee_held": 275}


def test_the_merge_comes_while_the_page_is_open(hub: Hub) -> None:
    """Merged while a second backer types their card: their payment goes back by itself, the first one pays."""
    hub.connect()
    hub.pay(5000)
    late = hub.order(2500)
    opened = pull(41)
    hub.world.linked(41)
    hub.world.record(merged(opened))
    hub.pay_page(late)
    hub.settle()
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]
    assert hub.contribution(late.contribution_id).state == "closed"
