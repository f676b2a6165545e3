"""Transfers leave no quicker than the processor takes them; used by the job that sends one and by what plans many.

A large release is spread when it is planned, so that several processes share its pace; what is overdue after an
outage would leave all at once, so each process also waits for its turn.
"""

from __future__ import annotations

from datetime import datetime

from bountyhub import settings
from bountyhub.kit import clock
from bountyhub.kit.pace import Pace
from bountyhub.payouts.rules import turn_in

_pace = Pace()


def wait_for_turn() -> None:
    """One transfer's turn in this process."""
    _pace.wait(settings.current().TRANSFERS_PER_SECOND)


def planned_at(index: int) -> datetime | None:
    """When the transfer with this place in a row is to be tried (protocol time): None is at once."""
    wait = turn_in(index, settings.current().TRANSFERS_PER_SECOND)
    return clock.real_now() + wait if wait else None
