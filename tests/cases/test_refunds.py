"""Refunds and how each ends: full, pending, failed, asked again, given back from the bank, set apart."""

from __future__ import annotations

import pytest
import requests

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadBankDetails, NotUnclaimed
from bountyhub.funding.models import Contribution, Refund, Unclaimed
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.accounts import bank_unclaimed
from bountyhub.people.operations import OPERATOR
from tests.builders.world import CLEO, DARA
from tests.cases.hub import Hub

FAILS, PENDING = "4000000000005126", "4000000000007726"
IBAN = "DE89 3704 0044 0532 0130 00"


def failed(hub: Hub, amount: int = 5000) -> tuple[Contribution, Refund]:
    """A contribution whose refund failed after its debit."""
    contribution = hub.pay(amount, card=FAILS)
    hub.withdraw(contribution)
    return contribution, hub.world.rows(Refund)[-1]


def give(hub: Hub, contribution: Contribution, iban: str = IBAN) -> None:
    with transaction() as session:
        funding.give_bank_details(session, contribution, " Cleo  Cole ", iban, hub.world.actor(CLEO))


def apart() -> int:
    with reading() as session:
        return ledger.balance(session, bank_unclaimed(), "EUR")


def pay_out(hub: Hub, amount: int) -> str:
    id = hub.stripe.client.v1.payouts.create({"amount": amount, "currency": "eur"}).id
    hub.settle()
    return id


def test_pending_then_done(hub: Hub) -> None:
    """A refund is pending for a while, then done."""
    hub.option(refund_seconds=3600)
    contribution = hub.pay(5000, card=PENDING)
    hub.withdraw(contribution)
    (refund,) = hub.world.rows(Refund)
    assert refund.state == "debited"
    pressed = requests.post(f"{hub.stripe.url}/dashboard/succeed_refund", data={"id": refund.processor_id}, timeout=10)
    assert pressed.ok
    hub.settle()
    assert hub.world.rows(Refund)[0].state == "done"
    assert hub.contribution(contribution.id).state == "closed"


def test_given_back_from_the_bank(hub: Hub) -> None:
    """A failed refund is given back from the bank, to the account its backer named."""
    contribution, refund = failed(hub)
    give(hub, contribution)
    (row,) = hub.world.rows(Unclaimed, Unclaimed.refund_id)
    assert (row.holder, row.iban) == ("Cleo Cole", "DE89370400440532013000")
    with transaction() as session:
        funding.pay_otherwise(session, refund.ref, "SEPA, statement 12", hub.world.actor(DARA))
    hub.settle()
    (row,) = hub.world.rows(Unclaimed, Unclaimed.refund_id)
    assert (row.holder, row.iban) == (None, None)
    assert hub.contribution(contribution.id).state == "closed"
    with pytest.raises(NotUnclaimed):
        give(hub, contribution)


@pytest.mark.parametrize("iban", ["", "DE89 3704 0044 0532 0130 01", "4242424242424242", "DE89"])
def test_no_iban(hub: Hub, iban: str) -> None:
    """A bank account with a typing error is refused."""
    contribution, _ = failed(hub)
    with pytest.raises(BadBankDetails):
        give(hub, contribution, iban)


def test_asked_again(hub: Hub) -> None:
    """A failed refund is asked for again and fails again: still owed, once."""
    contribution, refund = failed(hub)
    with transaction() as session:
        funding.ask_again(session, refund.ref, OPERATOR)
    hub.settle()
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}


def test_set_apart_then_paid(hub: Hub) -> None:
    """Nobody answers three reminders: set apart at the bank, still owed, paid from there years later."""
    contribution, refund = failed(hub)
    for day, reminders in ((8, 1), (7, 2), (14, 3)):
        hub.days(day)
        assert hub.world.rows(Unclaimed, Unclaimed.refund_id)[0].reminded == reminders
    with transaction() as session:
        funding.announce_set_apart(session, refund.ref, hub.world.actor(DARA))
    pay_out(hub, 4000)  # another payout is the operator's own money
    assert apart() == 0
    pay_out(hub, 5275)
    assert apart() == 5275
    assert hub.balances(contribution) == {"unclaimed_refund": 5275}
    give(hub, contribution)
    with transaction() as session:
        funding.pay_otherwise(session, refund.ref, "found at last", hub.world.actor(DARA))
    assert (apart(), hub.balances(contribution)) == (0, {})


def test_set_apart_comes_back(hub: Hub) -> None:
    """The payout that set a refund apart fails: it is at the processor again, still owed."""
    contribution, refund = failed(hub)
    with transaction() as session:
        funding.announce_set_apart(session, refund.ref, hub.world.actor(DARA))
    id = pay_out(hub, 5275)
    hub.stripe.control("fail_payout", payout=id)
    hub.settle()
    assert (apart(), hub.balances(contribution)) == (0, {"unclaimed_refund": 5275})
    assert hub.world.rows(Unclaimed, Unclaimed.refund_id)[0].payout is None
