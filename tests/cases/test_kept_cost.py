"""The processing cost kept at a late withdrawal, through the processor: kept then, and in no other return."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading
from bountyhub.ledger import queries as ledger
from tests.cases.hub import Hub
from tests.cases.test_papers import due, papers, pay_taxed

COST = 197


def income() -> int:
    with reading() as session:
        return ledger.balance(session, "income/withdrawal", "EUR")


def refunds(hub: Hub) -> list[tuple[str, int, int, str]]:
    return [(str(row.reason), row.total, row.kept, str(row.state)) for row in hub.world.rows(Refund)]


@pytest.mark.parametrize(("days", "kept"), [(13, 0), (15, COST)], ids=["within 14 days", "later"])
def test_taken_back(hub: Hub, days: int, kept: int) -> None:
    """Taken back: within 14 days in full, later less the processing cost named before paying."""
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True)
    contribution = hub.pay(5000)
    hub.days(days)
    hub.withdraw(contribution)
    assert refunds(hub) == [("withdrawn", 5275 - kept, kept, "done")]
    assert (income(), hub.balances(contribution)) == (kept, {})
    assert papers(hub) == [("R", 5275), ("C", 5275 - kept)]
    assert hub.contribution(contribution.id).state == "closed"


def test_by_notice(hub: Hub) -> None:
    """Taken back by a notice: what was named before paying is kept when the notice ends."""
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True)
    contribution = hub.pay(5000)
    hub.days(20)
    hub.outside.see(hub.world.linked())
    hub.withdraw(contribution)
    hub.days(8)
    assert refunds(hub) == [("notice", 5275 - COST, COST, "done")]
    assert income() == COST


def test_its_life_ends(hub: Hub) -> None:
    """The life of money of which a cost was named ends: all of it goes back, nothing is kept."""
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True)
    hub.pay(5000)
    hub.days(90)
    assert refunds(hub) == [("life_over", 5275, 0, "done")]
    assert income() == 0


def test_switched_on_later(hub: Hub) -> None:
    """The operator begins to keep costs after a payment: of that payment nothing is kept."""
    contribution = hub.pay(5000)
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True)
    hub.days(20)
    hub.withdraw(contribution)
    assert (refunds(hub), income()) == ([("withdrawn", 5275, 0, "done")], 0)


def test_with_tax(hub: Hub) -> None:
    """A kept cost is income with tax on it: due to the buyer's country, on the credit note."""
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True)
    contribution = pay_taxed(hub)
    hub.days(20)
    hub.withdraw(contribution)
    assert (income(), due("FR")) == (199, 40)
    assert refunds(hub) == [("withdrawn", 5330 - 239, 239, "done")]
    assert papers(hub) == [("R", 5330), ("C", 5330 - 239)]


def test_a_refund_that_fails(hub: Hub) -> None:
    """A refund less the kept cost fails: what was to go back stays owed, the cost stays kept."""
    hub.setting(KEEP_COST_AFTER_COOLING_OFF=True, COST_PERCENT=Decimal("3.25"))
    contribution = hub.pay(5000, card="4000000000005126")
    hub.days(20)
    hub.withdraw(contribution)
    assert (hub.balances(contribution), income()) == ({"unclaimed_refund": 5275 - COST}, COST)
