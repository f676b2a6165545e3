"""What a payee's own bank refuses: told once, ended by a later payout, whatever the order in which it is heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import PayeeBank
from bountyhub.payouts.operations.banks import record_bank_payout
from bountyhub.people.models import Person
from bountyhub.ports.payee_payouts import BankAnswer, PayeePayout
from tests.builders.at_once import at_once
from tests.builders.world import BO, World

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def payout(id: str, status: BankAnswer, hours: int = 0) -> PayeePayout:
    return PayeePayout(id, Money(12_000, "EUR"), status, NOW + timedelta(hours=hours), "account_closed")


def hear(*said: PayeePayout, account: str = "acct_bo") -> None:
    for one in said:
        with transaction() as session:
            record_bank_payout(session, account, one)


def refused(world: World) -> Money | None:
    found: PayeeBank = world.rows(PayeeBank)[0]
    return found.refused


@pytest.fixture
def connected(world: World) -> World:
    world.connect(BO)
    return world


FAILED, PAID, ON = BankAnswer.FAILED, BankAnswer.PAID, BankAnswer.UNDER_WAY


@pytest.mark.parametrize(
    ("said", "is_refused"),
    [
        ([("a", ON, 0)], False),
        ([("a", FAILED, 0)], True),
        ([("a", PAID, 0), ("a", FAILED, 0)], True),
        ([("a", FAILED, 0), ("b", PAID, 24)], False),
        ([("b", PAID, 24), ("a", FAILED, 0)], False),
        ([("a", FAILED, 24), ("b", PAID, 0)], True),
        ([("a", FAILED, 0), ("b", PAID, 24), ("c", FAILED, 48)], True),
        ([("c", FAILED, 48), ("b", PAID, 24), ("a", FAILED, 0)], True),
    ],
)
def test_the_newest_counts(connected: World, said: list[tuple[str, BankAnswer, int]], is_refused: bool) -> None:
    hear(*(payout(*each) for each in said))
    assert (refused(connected) is not None) is is_refused


def test_each_refused_one_is_mailed_once(connected: World) -> None:
    hear(*[payout("a", FAILED)] * 3, payout("b", FAILED, 24), payout("a", FAILED))
    assert [job["payout"] for job in connected.jobs("notify.bank_refused")] == ["a", "b"]


def test_twice_at_once_is_once(postgresql: str) -> None:
    world = World.begin()
    world.connect(BO)
    at_once(*[lambda session: record_bank_payout(session, "acct_bo", payout("a", FAILED))] * 2)
    assert len(world.jobs("notify.bank_refused")) == 1


def test_an_account_of_nobody_here_is_not_found(connected: World) -> None:
    with pytest.raises(NotFound):
        hear(payout("a", FAILED), account="acct_other")


def test_it_ends_with_the_account(connected: World) -> None:
    hear(payout("a", FAILED))
    with transaction() as session:
        payouts.record_account_gone(session, "acct_bo")
        payouts.ask_account(session, session.get_one(Person, connected.persons["bo"].id))
    assert connected.rows(PayeeBank) == []
