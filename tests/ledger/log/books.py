"""Short forms for the tests of the log."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.kit.database import transaction
from bountyhub.ledger import treasury
from bountyhub.ledger.log import sealing
from tests.builders.settings import play_settings
from tests.ledger.books import ACTOR, AT, EUR


def use_settings() -> None:
    """A site with a key."""
    settings.use(play_settings())


def put_in(session: Session, number: int) -> int:
    """One small entry; its id."""
    name = f"txn_{number}"
    kept = treasury.topped_up(session, amount=100, currency=EUR, outside_id=name, effective_at=AT, actor=ACTOR)
    return kept.id


def book(count: int, begin: int = 0) -> list[int]:
    """So many entries, committed; their ids."""
    with transaction() as session:
        return [put_in(session, number) for number in range(begin, begin + count)]


def seal(**given: int | bool) -> int:
    """One batch."""
    with transaction() as session:
        return sealing.seal(session, whole=bool(given.get("whole")), batch=int(given.get("batch", sealing.BATCH)))


def seal_all(batch: int = sealing.BATCH) -> None:
    """Until nothing waits."""
    while seal(batch=batch):
        pass
