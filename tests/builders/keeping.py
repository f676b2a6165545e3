"""Late withdrawals in tests of the processing cost that is kept of them."""

from __future__ import annotations

from typing import Any

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.operations import Renewal
from bountyhub.funding.rules import Way
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import queries as ledger
from bountyhub.work import operations as work
from tests.builders.world import CLEO, World

KEEP: dict[str, Any] = {"KEEP_COST_AFTER_COOLING_OFF": True}
#: Of 50.00 with 2.75: 3.25 % of 52.75, rounded up, and 0.25.
COST = 172 + 25


def take_back(world: World, contribution: Contribution, shown: int | None = None) -> Way:
    with transaction() as session:
        return work.withdraw(session, contribution.id, world.actor(CLEO), shown)


def refunds(world: World) -> list[tuple[str, int, int]]:
    return [(str(row.reason), row.total, row.kept) for row in world.rows(Refund)]


def income() -> int:
    with reading() as session:
        return ledger.balance(session, "income/withdrawal", "EUR")


def renewed(world: World, contribution: Contribution) -> None:
    with transaction() as session:
        ref = funding.renew(session, Renewal(contribution.id)).ref
    world.capture(ref)
