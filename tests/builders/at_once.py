"""Two sessions at once, for tests of races on PostgreSQL: transactions that begin together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from bountyhub.kit.database import transaction
from bountyhub.kit.errors import DomainError

Work = Callable[[Session], object]


def at_once(*works: Work) -> list[object]:
    """Run these in transactions that begin together; results or refusals, in order."""
    barrier = threading.Barrier(len(works))

    def one(do: Work) -> object:
        try:
            with transaction() as session:
                barrier.wait()
                return do(session)
        except DomainError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))
