"""Payees who are backers of their own release: what everybody reads, and what operators read."""

from __future__ import annotations

from bountyhub.funding import operations as funding
from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.kit import ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.payouts.models import Share
from bountyhub.payouts.own_money import OwnMoney, own_money, public_of_task
from tests.builders.world import BO, CLEO
from tests.cases.hub import Hub


def found(hub: Hub) -> list[OwnMoney]:
    with reading() as session:
        return own_money(session, hub.world.rows(Share))


def said(hub: Hub) -> list[str]:
    with reading() as session:
        return [str(each) for each in public_of_task(session, hub.world.task_id)]


def test_partly_with_their_own(hub: Hub) -> None:
    """The developer is a backer by name: paid partly with their own money, and everybody reads how much."""
    hub.connect()
    hub.pay(5000, BO, card="5555555555554444")
    hub.pay(2500, CLEO)
    hub.merge()
    assert said(hub) == ["@bo is paid partly with their own contribution: 50.00 EUR."]
    assert hub.world.rows(Share)[0].state == "paid"


def test_anonymously(hub: Hub) -> None:
    """The developer backs the task anonymously: only the operator reads of it."""
    hub.connect()
    with transaction() as session:
        order = funding.Order(
            hub.world.task_id, Money(5000, "EUR"), "bo@example.org", hub.world.persons["bo"].id, True, ids.new_ref()
        )
        ref = funding.contribute(session, order).ref
    settle_one(hub.payment(ref))
    hub.pay_page(hub.payment(ref))
    hub.settle()
    hub.merge()
    assert (said(hub), [(own.money.amount, own.same) for own in found(hub)]) == ([], [(5000, "person")])


def test_by_a_card_known_from_elsewhere(hub: Hub) -> None:
    """A stranger's mail pays by a card that the developer paid with before: the operator reads it, nobody else."""
    hub.connect()
    hub.pay(700, BO)
    hub.pay(5000, None, email="stranger@example.org")
    hub.merge()
    assert said(hub) == ["@bo is paid partly with their own contribution: 7.00 EUR."]
    assert [(own.money.amount, own.same, own.public) for own in found(hub)] == [
        (700, "person", True), (5000, "card", False),
    ]  # fmt: skip
