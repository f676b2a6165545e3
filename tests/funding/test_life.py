"""The life of money: reminders, paying anew, moving."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import CantMove, CantRenew
from bountyhub.funding.models import Contribution, ContributionState, Refund, RefundReason
from bountyhub.funding.operations import Renewal
from bountyhub.funding.operations.origin import contributions_of, payment_of
from bountyhub.funding.rules import MoveFacts, reminder_due, why_not_moved
from bountyhub.kit.database import reading, transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.ports.forge import Permission
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from tests.builders.at_once import at_once
from tests.builders.world import ANA, BO, CLEO, World, assert_books_are_right, issue, later, merged, owed_shares, pull

FINE = MoveFacts(
    escrow=5000, fee_held=275, elsewhere=0, amount=5000, fee=275, lives=True, same_task=False, same_currency=True,
    source_state="open", ready_pull=False, late_claim=False, target_takes_money=True, notice=False,
    address=True,
)  # fmt: skip


def changed(**facts: object) -> str:
    return why_not_moved(MoveFacts(**(vars(FINE) | facts)))


def renew(world: World, contribution: Contribution) -> str:
    with transaction() as session:
        return funding.renew(session, Renewal(contribution.id)).ref


def move(world: World, contribution: Contribution, to: int) -> Contribution:
    with transaction() as session:
        return work.move(session, contribution.id, to, world.actor(CLEO))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"same_task": True}, "already"),
        ({"same_currency": False}, "another currency"),
        ({"escrow": 0}, "Nothing of it"),
        ({"escrow": 4000}, "only the whole"),
        ({"fee_held": 0}, "only the whole"),
        ({"elsewhere": 1}, "only the whole"),
        ({"lives": False}, "time here is over"),
        ({"source_state": "reserved"}, "being paid"),
        ({"source_state": "merged"}, "being paid"),
        ({"ready_pull": True}, "pull request is ready"),
        ({"late_claim": True}, "pull request is ready"),
        ({"target_takes_money": False}, "takes no money"),
        ({"notice": True}, "You gave notice"),
        ({"address": False}, "Confirm an e-mail address"),
    ],
)
def test_each_reason_against_moving_has_its_sentence(facts: dict[str, object], why: str) -> None:
    assert changed() == ""
    assert why in changed(**facts)


@given(hours=st.integers(-100, 90 * 24), reminded=st.sampled_from([None, 0, 3, 14, 30]))
def test_a_reminder_is_due_once_for_each_of_its_days(hours: int, reminded: int | None) -> None:
    left = timedelta(hours=hours)
    due = reminder_due(left, reminded)
    if due is not None:
        assert timedelta(0) < left <= timedelta(days=due)
        assert reminded is None or due < reminded
        assert reminder_due(left, due) is None
    if hours <= 0 or hours > 30 * 24 or reminded == 0:
        assert due is None


def test_of_a_short_life_none_is_sent_at_its_beginning() -> None:
    ten = timedelta(days=10)
    assert reminder_due(ten, None, ten) is None
    assert reminder_due(timedelta(days=3), None, ten) == 3


def reminded(world: World) -> int:
    world.sweep("work.sweep_reminders")
    world.drain("notify.")
    return len([mail for mail in world.rows(OutgoingMail) if mail.key.startswith("life:")])


@pytest.mark.usefixtures("database")
def test_backers_are_reminded_thirty_fourteen_and_three_days_before() -> None:
    world = World.begin()
    world.pay()
    found = []
    for days in (54, 2, 1, 15, 1, 10, 1):
        later(days)
        found.append(reminded(world))
    assert found == [0, 1, 1, 2, 2, 3, 3]


def test_after_a_silence_only_the_latest_reminder_is_sent(world: World) -> None:
    world.pay()
    later(83)
    assert (reminded(world), reminded(world)) == (1, 1)
    assert world.rows(Contribution)[0].reminded == 3


def test_who_wants_none_gets_none(world: World) -> None:
    contribution = world.pay()
    with transaction() as session:
        work.be_quiet(session, contribution.id, world.actor(CLEO))
    later(60)
    assert reminded(world) == 0


@pytest.mark.usefixtures("database")
def test_the_old_money_is_asked_back_in_the_transaction_of_the_new() -> None:
    world = World.begin()
    old = world.pay()
    later(60)
    ref = renew(world, old)
    assert renew(world, old) == ref
    assert world.balances(old) == {"escrow": 5000, "fee_held": 275}
    new = world.capture(ref)
    assert world.balances(new) == {"escrow": 5000, "fee_held": 275}
    [refund] = world.rows(Refund)
    assert (refund.contribution_id, refund.total, refund.reason) == (old.id, 5275, RefundReason.RENEWED)
    world.capture(ref)
    assert len(world.rows(Refund)) == 1
    assert new.leave_by is not None and old.leave_by is not None and new.leave_by > old.leave_by
    with pytest.raises(CantRenew):
        renew(world, old)
    assert_books_are_right()


def test_what_was_withdrawn_meanwhile_is_not_asked_twice(world: World) -> None:
    old = world.pay()
    ref = renew(world, old)
    with transaction() as session:
        work.withdraw(session, old.id, world.actor(CLEO))
    assert world.capture(ref).state == "held"
    assert len(world.rows(Refund)) == 1


def test_a_merge_before_the_new_payment_pays_with_the_old_and_returns_the_new(world: World) -> None:
    old = world.pay()
    ref = renew(world, old)
    world.connect(BO)
    world.record(merged(world.linked(40)))
    new = world.capture(ref)
    assert [(r.contribution_id, r.reason) for r in world.rows(Refund)] == [(new.id, RefundReason.TOO_LATE)]
    assert [amount for amount, _ in owed_shares(world)] == [5000]
    assert_books_are_right()


def test_a_renewal_that_was_not_paid_can_be_begun_again(world: World) -> None:
    old = world.pay()
    ref = renew(world, old)
    with transaction() as session:
        session.query(Contribution).filter(Contribution.renews_id == old.id).one().state = ContributionState.ABANDONED
    assert renew(world, old) != ref


@pytest.mark.usefixtures("database")
def test_all_of_it_stands_for_the_other_task_afterwards() -> None:
    world = World.begin()
    to = world.task(13)
    old = world.pay()
    new = move(world, old, to)
    assert move(world, old, to).id == new.id
    assert (world.balances(old), world.balances(new)) == ({}, {"escrow": 5000, "fee_held": 275})
    assert world.contribution(old.id).state == "closed"
    assert (new.task_id, new.leave_by, new.captured_at) == (to, old.leave_by, old.captured_at)
    with reading() as session:
        assert payment_of(session, new).contribution_id == old.id
    assert_books_are_right()


def test_it_may_be_moved_again_and_back(world: World) -> None:
    to, old = world.task(13), world.pay()
    back = move(world, move(world, old, to), world.task_id)
    with reading() as session:
        payment = payment_of(session, back)
        assert contributions_of(session, payment) == [old.id, old.id + 1, back.id]
    assert world.balances(back) == {"escrow": 5000, "fee_held": 275}
    assert_books_are_right()


def test_what_was_moved_is_withdrawn_whole_to_the_card_it_came_from(world: World) -> None:
    new = move(world, world.pay(), world.task(13))
    with transaction() as session:
        work.withdraw(session, new.id, world.actor(CLEO))
    assert world.send_refunds() == 5275
    assert world.contribution(new.id).state == "closed"
    assert_books_are_right()


def test_what_was_moved_is_released_by_the_other_task(world: World) -> None:
    to, old = world.task(13), world.pay()
    move(world, old, to)
    world.connect(BO)
    with transaction() as session:
        work.record_issue(session, issue(13))
    opened = pull(41, author=BO, closes=(13,))
    world.record(opened)
    world.show(world.claim(41, to))
    world.record(merged(opened))
    assert owed_shares(world) == [(5000, "payable")]
    assert world.send_transfers() == 1
    assert_books_are_right()


def test_a_ready_pull_request_keeps_it_where_it_is(world: World) -> None:
    to, old = world.task(13), world.pay()
    world.linked()
    with pytest.raises(CantMove, match="pull request is ready"):
        move(world, old, to)


def test_a_task_that_is_over_gets_none_of_it(world: World) -> None:
    to, old = world.task(13), world.pay()
    with transaction() as session:
        work.cancel_task(session, to, world.actor(ANA), Permission.ADMIN, "No.")
    with pytest.raises(CantMove, match="takes no money"):
        move(world, old, to)
    assert world.balances(old) == {"escrow": 5000, "fee_held": 275}


def test_another_currency_gets_none_of_it(world: World) -> None:
    to, old = world.task(13), world.pay()
    with transaction() as session:
        session.get_one(Task, to).currency = "USD"
    with pytest.raises(CantMove, match="currency"):
        move(world, old, to)


def test_the_end_of_its_life_follows_it(world: World) -> None:
    new = move(world, world.pay(), world.task(13))
    later(86)
    world.sweep("work.sweep_lives")
    assert world.send_refunds() == 5275
    assert world.contribution(new.id).state == "closed"


def test_a_renewal_leaves_alone_what_was_moved_meanwhile(world: World) -> None:
    to, old = world.task(13), world.pay()
    ref = renew(world, old)
    new = move(world, old, to)
    world.capture(ref)
    assert world.rows(Refund) == []
    assert world.balances(new) == {"escrow": 5000, "fee_held": 275}
    assert_books_are_right()


@pytest.mark.usefixtures("postgresql")
def test_moved_and_merged_at_once_is_one_of_them() -> None:
    world = World.begin()
    to, old = world.task(13), world.pay()
    world.connect(BO)
    draft = pull(40, author=BO, draft=True)
    world.record(draft)
    world.show(world.claim(40))

    at_once(
        lambda session: work.move(session, old.id, to, world.actor(CLEO)),
        lambda session: work.record_pull_request(session, merged(draft), world.permissions),
    )
    shares = owed_shares(world)
    there = sum(world.balances(c).get("escrow", 0) for c in world.rows(Contribution) if c.task_id == to)
    assert sum(amount for amount, _ in shares) + there == 5000
    assert_books_are_right()
