"""The life of money: reminded, paid anew, moved, given back at its end wherever it lies."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.funding.operations import Renewal
from bountyhub.funding.operations.origin import payment_of
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.verify import verify
from bountyhub.notifications.models import OutgoingMail
from bountyhub.payouts.models import Share, Transfer
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.builders.world import ANA, BO, CLEO, merged, pull
from tests.cases.hub import Hub


def renew(hub: Hub, contribution: Contribution) -> Payment:
    """A renewal asked for, its hosted page opened; nothing paid yet."""
    with transaction() as session:
        ref = funding.renew(session, Renewal(contribution.id)).ref
    settle_one(hub.payment(ref))
    return hub.payment(ref)


def move(hub: Hub, contribution: Contribution, to: int) -> Contribution:
    with transaction() as session:
        moved = work.move(session, contribution.id, to, hub.world.actor(CLEO)).id
    hub.settle()
    return hub.contribution(moved)


def merge_other(hub: Hub, task_id: int, number: int, pull_number: int = 41) -> None:
    """A pull request for another task is linked, shown and merged by somebody independent."""
    opened = pull(pull_number, author=BO, closes=(number,))
    hub.world.record(opened)
    hub.world.show(hub.world.claim(pull_number, task_id))
    hub.world.record(merged(opened))
    hub.settle()


def refunds(hub: Hub) -> list[tuple[int, str, str]]:
    return [(row.contribution_id, str(row.reason), str(row.state)) for row in hub.world.rows(Refund)]


def test_renewed(hub: Hub) -> None:
    """Renewed before its end: the new payment is held, the old one goes back whole to its card."""
    old = hub.pay(5000)
    hub.days(80)
    payment = renew(hub, old)
    hub.pay_page(payment)
    hub.settle()
    assert refunds(hub) == [(old.id, "renewed", "done")]
    assert hub.contribution(old.id).state == "closed"
    assert hub.balances(hub.contribution(payment.contribution_id)) == {"escrow": 5000, "fee_held": 275}


def test_renewed_and_never_paid(hub: Hub) -> None:
    """Renewed but never paid: the old one goes back at its own end."""
    old = hub.pay(5000)
    hub.days(80)
    payment = renew(hub, old)
    hub.stripe.control("expire", session=payment.checkout_id)
    hub.settle()
    assert hub.balances(old) == {"escrow": 5000, "fee_held": 275}
    hub.days(6)
    assert refunds(hub) == [(old.id, "life_over", "done")]


def test_renewed_after_the_merge(hub: Hub) -> None:
    """Renewed, merged, then paid: the old money pays the developer, the new goes back by itself."""
    hub.connect()
    old = hub.pay(5000)
    payment = renew(hub, old)
    hub.merge()
    hub.pay_page(payment)
    hub.settle()
    assert refunds(hub) == [(payment.contribution_id, "too_late", "done")]
    assert [str(share.state) for share in hub.world.rows(Share)] == ["paid"]


def test_renewed_and_withdrawn(hub: Hub) -> None:
    """Renewed and the old one withdrawn before the new is paid: the new one stands alone."""
    old = hub.pay(5000)
    payment = renew(hub, old)
    hub.withdraw(old)
    hub.pay_page(payment)
    hub.settle()
    assert refunds(hub) == [(old.id, "withdrawn", "done")]
    assert hub.balances(hub.contribution(payment.contribution_id)) == {"escrow": 5000, "fee_held": 275}


def test_renewed_again(hub: Hub) -> None:
    """Renewed, and the renewal renewed in turn: each goes back when the next one is held."""
    old = hub.pay(5000)
    first = renew(hub, old)
    hub.pay_page(first)
    hub.settle()
    new = hub.contribution(first.contribution_id)
    second = renew(hub, new)
    hub.pay_page(second)
    hub.settle()
    assert [(id, reason) for id, reason, _ in refunds(hub)] == [(old.id, "renewed"), (new.id, "renewed")]


def test_moved_and_released(hub: Hub) -> None:
    """Moved to another task and released there: the developer is paid from the charge it came with."""
    hub.connect()
    to, old = hub.world.task(13), hub.pay(5000)
    new = move(hub, old, to)
    merge_other(hub, to, 13)
    [transfer] = hub.world.rows(Transfer)
    assert (transfer.contribution_id, transfer.state) == (new.id, "confirmed")
    assert [hub.contribution(each.id).state for each in (old, new)] == ["closed", "closed"]


def test_moved_and_withdrawn(hub: Hub) -> None:
    """Moved and taken back: it goes to the card it was paid with."""
    new = move(hub, hub.pay(5000), hub.world.task(13))
    hub.withdraw(new)
    assert refunds(hub) == [(new.id, "withdrawn", "done")]


def test_moved_and_refused_by_the_card(hub: Hub) -> None:
    """Moved, taken back, and the card refuses days later: unclaimed where it was moved to."""
    new = move(hub, hub.pay(5000, card="4000000000005126"), hub.world.task(13))
    hub.withdraw(new)
    assert hub.balances(new) == {"unclaimed_refund": 5275}


def test_moved_twice_and_its_life_ends(hub: Hub) -> None:
    """Moved twice: its life ends on the day it always had, and all of it goes back."""
    old = hub.pay(5000)
    hub.days(40)
    last = move(hub, move(hub, old, hub.world.task(13)), hub.world.task(14))
    assert last.leave_by == old.leave_by
    hub.days(46)
    assert refunds(hub) == [(last.id, "life_over", "done")]
    with reading() as session:
        assert payment_of(session, last).contribution_id == old.id


def test_moved_and_the_new_task_is_cancelled(hub: Hub) -> None:
    """Moved to a task that is cancelled then: it goes back from there."""
    to = hub.world.task(13)
    new = move(hub, hub.pay(5000), to)
    with transaction() as session:
        work.cancel_task(session, to, hub.world.actor(ANA), Permission.ADMIN, "No.")
    hub.settle()
    assert refunds(hub) == [(new.id, "task_over", "done")]


def test_moved_and_the_old_task_is_merged(hub: Hub) -> None:
    """Moved away, then the old task is merged: only what stayed is released there."""
    hub.connect()
    to, stays, goes = hub.world.task(13), hub.pay(2500), hub.pay(5000)
    new = move(hub, goes, to)
    hub.merge()
    assert [share.amount for share in hub.world.rows(Share)] == [2500]
    assert hub.contribution(stays.id).state == "closed"
    assert hub.balances(new) == {"escrow": 5000, "fee_held": 275}


def test_moved_and_kept(hub: Hub) -> None:
    """Moved, released for somebody who never connects: it goes back at its end."""
    to = hub.world.task(13)
    new = move(hub, hub.pay(5000), to)
    merge_other(hub, to, 13)
    hub.days(86)
    assert refunds(hub) == [(new.id, "kept_lapsed", "done")]


@pytest.mark.parametrize("stopped", [False, True])
def test_reminded(hub: Hub, stopped: bool) -> None:
    """Reminded thirty, fourteen and three days before its end, or not at all where its backer wants none."""
    contribution = hub.pay(5000)
    if stopped:
        with transaction() as session:
            work.be_quiet(session, contribution.id, hub.world.actor(CLEO))
    for days in (56, 1, 15, 11, 3):
        hub.days(days)
    mails = [mail for mail in hub.world.rows(OutgoingMail) if mail.key.startswith("life:")]
    assert len(mails) == (0 if stopped else 3)
    assert refunds(hub) == [(contribution.id, "life_over", "done")]
    with reading() as session:
        assert verify(session).problems == []
