"""The life of money, where two things meet: both renewals paid, a task reopened, a notice, an older link."""

from __future__ import annotations

import pytest

from bountyhub.funding import operations as funding
from bountyhub.funding.errors import CantMove
from bountyhub.funding.models import Contribution, Refund, RefundReason
from bountyhub.funding.operations import Renewal
from bountyhub.funding.operations.origin import now_at, origin_of, payment_of
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Transfer
from bountyhub.people.models import Person
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import Permission
from bountyhub.ports.payments import CheckoutStatus
from bountyhub.tasks.models import Task, TaskState
from bountyhub.work import operations as work
from tests.builders.processor_says import unpaid
from tests.builders.world import BO, CLEO, EVE, World, assert_books_are_right, merged, pull


def renew(world: World, contribution: Contribution) -> str:
    with transaction() as session:
        return funding.renew(session, Renewal(contribution.id)).ref


def move(world: World, contribution: Contribution, to: int) -> Contribution:
    with transaction() as session:
        return work.move(session, contribution.id, to, world.actor(CLEO))


def returned(world: World) -> list[tuple[int, RefundReason]]:
    return [(row.contribution_id, row.reason) for row in world.rows(Refund)]


def test_when_two_renewals_are_paid_the_second_stands_alone_and_can_be_taken_back(world: World) -> None:
    old = world.pay()
    first = renew(world, old)
    with transaction() as session:
        funding.record_checkout(session, first, unpaid(first, CheckoutStatus.EXPIRED))
    second = renew(world, old)
    world.capture(first)
    twice = world.capture(second)
    assert returned(world) == [(old.id, RefundReason.RENEWED)]
    with transaction() as session:
        work.withdraw(session, twice.id, world.actor(CLEO))
    assert world.send_refunds() == 2 * 5275
    assert_books_are_right()


def test_a_renewal_paid_too_late_does_not_stand_in_the_way_of_another(world: World) -> None:
    old = world.pay()
    late = renew(world, old)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    world.capture(late)
    with transaction() as session:
        work.object_to_claim(session, 1, world.actor(EVE), Permission.MAINTAIN, "No.")
    with transaction() as session:
        work.settle_claim(session, 1, OPERATOR, Permission.NONE, accept=False, reason="Not it.")
    with transaction() as session:
        session.get_one(Task, world.task_id).ends_at = None
    assert world.read_task().state == "open"
    assert renew(world, old) != late


def test_with_a_notice_given_it_goes_back_at_once(world: World) -> None:
    old = world.pay()
    with transaction() as session:
        funding.give_notice(session, session.get_one(Contribution, old.id), world.actor(CLEO))
    world.capture(renew(world, old))
    assert returned(world) == [(old.id, RefundReason.RENEWED)]
    assert world.contribution(old.id).notice_until is None


def test_what_was_announced_to_go_back_is_not_moved(world: World) -> None:
    to, old = world.task(13), world.pay()
    with transaction() as session:
        funding.give_notice(session, session.get_one(Contribution, old.id), world.actor(CLEO))
    with pytest.raises(CantMove, match="You gave notice"):
        move(world, old, to)


def test_without_a_confirmed_address_it_stays(world: World) -> None:
    to, old = world.task(13), world.pay()
    with transaction() as session:
        session.get_one(Person, world.persons[CLEO.login].id).email = None
    with pytest.raises(CantMove, match="Confirm an e-mail address"):
        move(world, old, to)


@pytest.mark.parametrize("which", [0, 1])
def test_neither_task_may_be_reserved(world: World, which: int) -> None:
    to, old = world.task(13), world.pay()
    with transaction() as session:
        session.get_one(Task, (old.task_id, to)[which]).state = TaskState.RESERVED
    with pytest.raises(CantMove):
        move(world, old, to)


def test_no_window_may_have_begun_where_it_goes(world: World) -> None:
    to, old = world.task(13), world.pay()
    world.permissions[BO.id] = Permission.ADMIN
    opened = pull(41, author=BO, closes=(13,))
    world.record(opened)
    world.show(world.claim(41, to))
    with transaction() as session:
        other = funding.Order(
            task_id=to, amount=old.money, anonymous=False, nonce="other", email="eve@example.org",
            person_id=world.persons[EVE.login].id,
        )  # fmt: skip
        ref = funding.contribute(session, other).ref
    world.capture(ref)
    world.record(merged(opened, by=BO))
    assert world.claim(41, to).state == "window"
    with pytest.raises(CantMove, match="takes no money"):
        move(world, old, to)


def test_its_transfer_names_the_charge_it_came_with_and_that_charges_group(world: World) -> None:
    to, old = world.task(13), world.pay()
    new = move(world, old, to)
    world.connect(BO)
    opened = pull(41, author=BO, closes=(13,))
    world.record(opened)
    world.show(world.claim(41, to))
    world.record(merged(opened))
    [transfer] = world.rows(Transfer)
    with reading() as session:
        order = payouts.transfer_order(session, transfer)
        assert order.charge == payment_of(session, new).charge
        assert order.transfer_group == f"task-{old.task_id}"


def test_from_each_of_a_chain_the_payment_and_the_money_are_found(world: World) -> None:
    old = world.pay()
    chain = [old]
    for to in (world.task(13), world.task(14)):
        chain.append(move(world, chain[-1], to))
    with reading() as session:
        for one in chain:
            row = session.get_one(Contribution, one.id)
            assert (origin_of(session, row).id, now_at(session, row).id) == (old.id, chain[-1].id)
