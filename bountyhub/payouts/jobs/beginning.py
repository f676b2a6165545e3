"""How a job that asks the processor for something begins: it writes what it is going to ask for, or ends here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from bountyhub.events.registry import Run
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound

Asking = TypeVar("Asking")


def begun(run: Run, begin: Callable[[Session, int], Asking | None], id: int) -> Asking | None:
    """What `begin` wrote of a row; the job ends where nothing is to be asked for, or the row was dropped."""
    with transaction() as session:
        try:
            asking = begin(session, id)
        except NotFound:
            asking = None
        if asking is None:
            run.done(session)
        return asking
