"""The processor's own book, read to be compared with ours; part of `PaymentGateway`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bountyhub.kit.money import Money


@dataclass(frozen=True)
class Movement:
    """One balance transaction. `source` is the object behind it (charge, refund, transfer, top-up)."""

    id: str
    kind: str
    amount: Money
    fee: Money
    source: str
    at: datetime
    reference: str = ""

    @property
    def net(self) -> Money:
        """What it did to the balance."""
        return self.amount - self.fee


class MovementGateway(Protocol):
    """Every method may raise the errors of `ports.errors`."""

    def movements(self, *, after: str | None = None, kind: str | None = None) -> Iterator[Movement]:
        """Balance transactions, oldest first; those after one already seen; of one kind."""

    def newest_movements(self, *, since: datetime | None = None) -> Iterator[Movement]:
        """Balance transactions, newest first, page by page however many there are."""

    def read_movement(self, id: str) -> Movement | None:
        """One balance transaction, None when there is none of that id."""
