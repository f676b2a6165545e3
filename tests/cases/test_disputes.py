"""Cases of disputes: each status, before and after the release, won and lost, alone and beside others."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.cases.disputed import (
    BY_ITSELF,
    INQUIRED,
    charge_of,
    dispute,
    end,
    only_dispute,
    release_part,
    shares,
    task_state,
)
from tests.cases.hub import Hub


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_before_the_release(hub: Hub, ending: str) -> None:
    """A charge-back before the release."""
    contribution = hub.pay(5000)
    id = dispute(hub, contribution)
    assert hub.balances(contribution) == {"frozen": 5275, "dispute_funds": 5275}
    end(hub, id, ending)
    if ending == "win":
        assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}
    else:
        assert hub.contribution(contribution.id).state == "closed"


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_after_release_and_transfer(hub: Hub, ending: str) -> None:
    """A charge-back after everything was transferred: the operator's loss, or back."""
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    end(hub, dispute(hub, contribution), ending)
    assert hub.contribution(contribution.id).state == "closed"
    assert hub.balances(contribution) == {}


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_released_and_not_transferred(hub: Hub, ending: str) -> None:
    """A charge-back of money that is released and waits for its day."""
    hub.setting(FRESH_DAYS=7)
    hub.connect()
    contribution = hub.pay(5000)
    hub.merge()
    id = dispute(hub, contribution)
    assert hub.balances(contribution) == {"frozen": 5000, "dispute_funds": 5275}
    hub.days(8)
    assert hub.balances(contribution) == {"frozen": 5000, "dispute_funds": 5275}, "nothing leaves meanwhile"
    end(hub, id, ending)
    assert shares()[0].state == ("paid" if ending == "win" else "returned")
    assert hub.contribution(contribution.id).state == "closed"


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_kept_for_somebody(hub: Hub, ending: str) -> None:
    """A charge-back of a share kept for somebody who can't be paid yet."""
    contribution = hub.pay(5000)
    hub.merge()
    id = dispute(hub, contribution)
    assert hub.balances(contribution) == {"frozen": 5275, "dispute_funds": 5275}
    hub.connect()
    end(hub, id, ending)
    hub.sweep()
    assert shares()[0].state == ("paid" if ending == "win" else "returned")


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_on_one_of_several(hub: Hub, ending: str) -> None:
    """A charge-back on one of several contributions: the release has what is left, the won one follows."""
    hub.connect()
    contribution, other = hub.pay(5000), hub.pay(2500, DARA)
    id = dispute(hub, contribution)
    hub.merge()
    assert hub.contribution(other.id).state == "closed"
    assert task_state(hub) == "merged", "the frozen part is undecided"
    end(hub, id, ending)
    assert task_state(hub) == "completed"
    assert sorted(share.amount for share in shares()) == ([2500, 5000] if ending == "win" else [2500])


def test_won_after_the_task_is_over(hub: Hub) -> None:
    """A charge-back won after the task was cancelled: back to the backer."""
    contribution = hub.pay(5000)
    id = dispute(hub, contribution)
    with transaction() as session:
        work.cancel_task(session, hub.world.task_id, hub.world.actor(ANA), Permission.ADMIN, "No more")
    hub.settle()
    end(hub, id, "win")
    assert hub.contribution(contribution.id).state == "closed"


def test_won_after_its_life(hub: Hub) -> None:
    """A charge-back won after the money's life: back to the backer."""
    contribution = hub.pay(5000)
    id = dispute(hub, contribution)
    hub.days(90)
    end(hub, id, "win")
    assert hub.contribution(contribution.id).state == "closed"


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_while_a_refund_waits(hub: Hub, ending: str) -> None:
    """A charge-back while a refund waits: refused, and made when it is won, overtaken when it is lost."""
    contribution = hub.pay(5000)
    made = hub.stripe.control("dispute", charge=charge_of(contribution))
    with transaction() as session:  # before any webhook of it
        work.withdraw(session, contribution.id, hub.world.actor(CLEO))
    hub.world.drain("funding.")
    hub.stripe.control(f"{ending}_dispute", dispute=made["id"])
    hub.settle()
    with reading() as session:
        refund = session.scalars(select(Refund)).one()
    assert refund.state == ("done" if ending == "win" else "settled")
    assert hub.contribution(contribution.id).state == "closed"


@pytest.mark.parametrize("ending", ["win", "lose"])
def test_claimed_while_a_part_is_frozen(hub: Hub, ending: str) -> None:
    """A charge-back of a part of what is kept for a payee, who connects an account before the bank decides."""
    contribution = hub.pay(5000)
    hub.merge()
    id = dispute(hub, contribution, amount=2000)
    hub.connect()
    end(hub, id, ending)
    assert only_dispute().state == ("won" if ending == "win" else "lost")
    assert hub.balances(contribution) == {}
    assert [share.amount for share in shares()] == [5000 if ending == "win" else 3000]


def test_after_a_refund(hub: Hub) -> None:
    """A charge-back of what was given back already: the operator's loss."""
    contribution = hub.pay(5000)
    hub.withdraw(contribution)
    end(hub, dispute(hub, contribution), "lose")
    assert hub.contribution(contribution.id).state == "closed"


def test_an_inquiry_is_closed(hub: Hub) -> None:
    """An inquiry moves nothing and is closed."""
    contribution = hub.pay(5000, card=INQUIRED)
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}
    end(hub, only_dispute().processor_id, "win")
    assert only_dispute().ending == "closed"


def test_an_inquiry_becomes_a_charge_back(hub: Hub) -> None:
    """An inquiry becomes a charge-back and is lost."""
    contribution = hub.pay(5000, card=INQUIRED)
    id = only_dispute().processor_id
    hub.stripe.control("escalate_dispute", dispute=id)
    hub.settle()
    assert hub.balances(contribution)["frozen"] == 5275
    end(hub, id, "lose")


def test_an_answered_inquiry_becomes_a_charge_back(hub: Hub) -> None:
    """An inquiry that was answered becomes a charge-back, which is answered anew, and won."""
    contribution = hub.pay(5000, card=INQUIRED)
    row = only_dispute()
    _answer(hub, row.ref, "the work was merged")
    assert only_dispute().submitted_at is not None
    hub.stripe.control("escalate_dispute", dispute=row.processor_id)
    hub.settle()
    assert only_dispute().submitted_at is None
    _answer(hub, row.ref, "winning_evidence: the work was merged")
    assert only_dispute().state == "won"
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}


def _answer(hub: Hub, ref: str, text: str) -> None:
    for _ in range(2):
        with transaction() as session:
            work.answer_dispute(session, ref, text, OPERATOR)
    hub.settle()


def test_a_status_nobody_knows(hub: Hub) -> None:
    """An inquiry with a status nobody knows freezes everything until it is a charge-back, and won."""
    contribution = hub.pay(5000, card=INQUIRED)
    id = only_dispute().processor_id
    hub.stripe.control("dispute_status", dispute=id, status="appeal_needs_response")
    hub.settle()
    assert hub.balances(contribution) == {"frozen": 5275}
    hub.stripe.control("dispute_status", dispute=id, status="warning_needs_response")
    hub.settle()
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}
    hub.stripe.control("dispute_status", dispute=id, status="appeal_under_review")
    hub.settle()
    hub.stripe.control("dispute_status", dispute=id, status="warning_needs_response")
    hub.stripe.control("escalate_dispute", dispute=id)
    hub.settle()
    end(hub, id, "win")
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}


@pytest.mark.parametrize("word", ["winning_evidence", "losing_evidence"])
def test_answered(hub: Hub, word: str) -> None:
    """A charge-back answered once with the evidence pack, then decided."""
    contribution = hub.pay(5000, card=BY_ITSELF)
    row = only_dispute()
    _answer(hub, row.ref, f"{word}: the work was merged")
    won = word == "winning_evidence"
    assert only_dispute().state == ("won" if won else "lost")
    assert hub.balances(contribution) == ({"escrow": 5000, "fee_held": 275} if won else {})


def test_a_part_is_lost_after_most_was_paid(hub: Hub) -> None:
    """A charge-back of a part, lost after the other part was paid: the fee of it goes back too."""
    hub.connect()
    contribution = hub.pay(5000)
    release_part(hub, contribution, 3000)
    end(hub, dispute(hub, contribution, amount=2000), "lose")
    assert hub.balances(contribution) == {}
    with reading() as session:
        assert [refund.total for refund in session.scalars(select(Refund))] == [110]


def test_two_of_one_charge(hub: Hub) -> None:
    """Two charge-backs of one charge, one lost, one won."""
    contribution = hub.pay(5000)
    first, second = dispute(hub, contribution, amount=2000), dispute(hub, contribution, amount=1000)
    end(hub, first, "lose")
    end(hub, second, "win")
    assert hub.balances(contribution)["escrow"] == 3000


def test_webhooks_backwards_and_twice(hub: Hub) -> None:
    """A charge-back whose webhooks come twice and backwards."""
    hub.option(duplicate_webhooks=True, reorder_webhooks=True)
    contribution = hub.pay(5000)
    id = hub.stripe.control("dispute", charge=charge_of(contribution))["id"]
    hub.stripe.control("win_dispute", dispute=id)
    with hub.stripe.sandbox.store.transaction() as tx:
        events = [each for each in tx.all("stripe.event") if each["type"].startswith("charge.dispute")]
    for event in [*reversed(events), *events]:
        hub.hear(event)
        hub.settle()
    assert hub.balances(contribution) == {"escrow": 5000, "fee_held": 275}


def test_webhooks_are_lost(hub: Hub) -> None:
    """A charge-back and a fraud warning of which no webhook comes: the sweep finds them."""
    contribution, other = hub.pay(5000), hub.pay(2500, DARA)
    hub.stripe.control("dispute", charge=charge_of(contribution))
    hub.stripe.control("fraud_warning", charge=charge_of(other))
    with hub.stripe.sandbox.store.transaction() as tx:
        hub.told |= {each["id"] for each in tx.all("stripe.event")}
    hub.sweep()
    assert (hub.balances(contribution)["frozen"], hub.balances(other)["frozen"]) == (5275, 2650)
    hub.days(1)


def test_a_payee_becomes_unpayable_meanwhile(hub: Hub) -> None:
    """A charge-back won after its payee's account was lost: kept for them."""
    hub.setting(FRESH_DAYS=7)
    account = hub.connect()
    contribution, other = hub.pay(5000), hub.pay(2500, DARA)
    hub.merge()
    id = dispute(hub, contribution)
    hub.stripe.control("complete_onboarding", account=account, ending="not_payable")
    hub.settle()
    hub.days(22)
    hub.sweep()
    assert shares()[0].state == "kept"
    end(hub, id, "win")
    assert hub.balances(contribution).get("kept_for") == 5000
    assert hub.balances(other).get("kept_for") == 2500
    hub.connect(BO)
    hub.sweep()
