"""A piece that is on its way back while its bank takes the payment: nobody is given the same money twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bountyhub.funding.models import Payment
from bountyhub.kit import clock
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Reversal
from bountyhub.payouts.operations.undoing import begin_reversal
from bountyhub.ports.disputes import DisputeInfo, Taken
from bountyhub.ports.payments import TransferResult
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.undoing import released, undo
from tests.builders.world import World, assert_books_are_right

TOTAL = Money(5275, "EUR")


def on_its_way_back(world: World) -> TransferResult:
    """Bo was paid 50 €; two operators undid it, and the processor took it back: nobody here heard of it yet."""
    released(world)
    outside = Outside().use()
    world.drain("payouts.", "work.")
    undo(world)
    with transaction() as session:
        asking = begin_reversal(session, world.rows(Reversal)[0].id)
    assert asking is not None
    return outside.gateway.reverse_transfer(asking.order, asking.order.reference)


def disputed(charge: str) -> DisputeInfo:
    now = clock.now()
    taken = Taken("txn_d", TOTAL, Money(1500, "EUR"), now)
    return DisputeInfo("dp_1", charge, "", "needs_response", TOTAL, "fraudulent", now, now, False, taken)


@pytest.mark.parametrize(("status", "back"), [("lost", 0), ("won", 5275)])
def test_it_covers_the_loss_or_goes_to_its_backer(world: World, status: str, back: int) -> None:
    said = on_its_way_back(world)
    with transaction() as session:
        info = disputed(str(session.scalars(select(Payment.charge)).one()))
        work.record_dispute(session, info)
    with transaction() as session:
        payouts.record_transfer(session, said)
    world.drain("work.", "payouts.")
    assert world.balances(world.contribution(1)).get("refund_pending") == 5275
    again = Taken("txn_won", TOTAL, Money(0, "EUR"), clock.now()) if status == "won" else None
    with transaction() as session:
        work.record_dispute(session, replace(info, status=status, reinstated=again))
    assert world.send_refunds() == back
    assert str(world.contribution(1).state) == "closed"
    assert_books_are_right()
