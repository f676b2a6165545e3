"""Cases of early fraud warnings: refunded, kept, aged out, disputed."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Transfer
from bountyhub.people.operations import OPERATOR
from bountyhub.work import operations as work
from tests.cases.disputed import WARNED, charge_of, dispute, end, only_dispute, release_part, shares
from tests.cases.hub import Hub


def test_a_warning_is_refunded(hub: Hub) -> None:
    """An early fraud warning: frozen, and back in full after a day."""
    contribution = hub.pay(5000, card=WARNED)
    assert hub.balances(contribution) == {"frozen": 5275}
    hub.days(1)
    assert hub.contribution(contribution.id).state == "closed"
    assert only_dispute().ending == "refunded"


def test_a_warning_of_released_money_is_refunded(hub: Hub) -> None:
    """An early fraud warning of released money of which nothing was transferred: back in full."""
    hub.setting(FRESH_DAYS=7)
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    hub.stripe.control("fraud_warning", charge=charge_of(contribution))
    hub.settle()
    assert hub.balances(contribution) == {"frozen": 5000}
    hub.days(1)
    with reading() as session:
        assert session.scalars(select(Refund)).one().total == 5275
    assert shares()[0].state == "returned"


def test_a_warning_is_kept(hub: Hub) -> None:
    """An early fraud warning that the operator overrules with a reason."""
    contribution = hub.pay(5000, card=WARNED)
    with transaction() as session:
        work.keep_warned(session, only_dispute().id, OPERATOR, "Known to us")
    hub.days(2)
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}


def test_what_came_back_is_warned_of_at_its_end(hub: Hub) -> None:
    """An early fraud warning of a transfer's part that came back, past the end of its life: back with the backer."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    sent = hub.world.rows(Transfer)[0]
    hub.stripe.client.v1.transfers.reversals.create(str(sent.processor_id), {"amount": 1000})
    hub.days(80)
    hub.stripe.control("fraud_warning", charge=charge_of(contribution))
    hub.settle()
    hub.days(6)
    assert hub.balances(contribution) == {"frozen": 1000}
    hub.days(25)
    hub.days(1)
    assert hub.balances(contribution) == {}
    with reading() as session:
        assert session.scalars(select(Refund)).one().total == 1055
    hub.agrees()


def test_a_warning_of_what_was_paid_in_part_ages_out(hub: Hub) -> None:
    """An early fraud warning of money paid in part: frozen for thirty days, then held again."""
    hub.connect()
    contribution = hub.pay(5000)
    release_part(hub, contribution, 3000)
    hub.stripe.control("fraud_warning", charge=charge_of(contribution))
    hub.settle()
    hub.days(29)
    assert hub.balances(contribution) == {"frozen": 2110}
    hub.days(1)
    assert hub.balances(contribution) == {"escrow": 2000, "fee_held": 110}


def test_a_warning_becomes_a_charge_back(hub: Hub) -> None:
    """An early fraud warning, then the charge-back it told of, lost."""
    contribution = hub.pay(5000, card=WARNED)
    id = dispute(hub, contribution)
    assert hub.balances(contribution) == {"frozen": 5275, "dispute_funds": 5275}
    end(hub, id, "lose")
    hub.days(2)
    assert hub.contribution(contribution.id).state == "closed"
