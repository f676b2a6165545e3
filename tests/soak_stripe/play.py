"""What one seed began, as the soak itself knows it; steps read and extend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from tests.soak_stripe.processes import Processes


@dataclass
class Given:
    """One contribution as the soak knows it."""

    task: int
    number: int
    backer: int
    nonce: str
    amount: int
    contribution: int = 0
    checkout: str = ""


@dataclass
class Promised:
    """One promise as the soak knows it, by the issue it is for."""

    number: int
    backer: int
    ref: str


@dataclass
class Play:
    """Both processes, and what was begun in them."""

    processes: Processes
    rng: Random
    funded: int
    #: In the end time passes until every life is over.
    lives_end: bool = False
    tasks: dict[int, int] = field(default_factory=dict)  # number of the issue → task
    unpaid: list[Given] = field(default_factory=list)
    paid: list[Given] = field(default_factory=list)
    merged: set[int] = field(default_factory=set)
    proposed: dict[int, int] = field(default_factory=dict)  # number of the issue → builder
    accounts: list[str] = field(default_factory=list)
    restricted: set[str] = field(default_factory=set)
    had_money: set[int] = field(default_factory=set)
    promised: list[Promised] = field(default_factory=list)

    def funded_tasks(self) -> int:
        """How many tasks have somebody's money, or had."""
        return len(self.had_money)

    def recent(self) -> list[int]:
        """Issues whose tasks people still look at."""
        return sorted(self.tasks)[-30:]
