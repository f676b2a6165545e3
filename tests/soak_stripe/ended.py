"""Both sides at rest, and words that checks share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bountyhub.ledger.models import Account, Entry, Line
from tests.soak_stripe.processes import Body, documents

LOST, TWICE = "lost:", "twice:"


@dataclass(frozen=True)
class Ended:
    """Both sides at rest; this process is configured for the application's database."""

    stand_ins: Path

    def documents(self, kind: str) -> list[Body]:
        return documents(self.stand_ins, kind)


def unlike(what: str, ours: Counter[Any], theirs: Counter[Any]) -> Iterable[str]:
    """What only one side has, in words."""
    yield from (f"{LOST} {what} {each} is not at the processor" for each in sorted(map(str, ours - theirs)))
    yield from (f"{TWICE} {what} {each}" for each in sorted(map(str, theirs - ours)))


def cleared(session: Any) -> dict[str, int]:
    """What each of the processor's movements did to the books' clearing account, minor units."""
    query = (
        select(Entry.outside_id, func.sum(Line.amount)).join(Line, Line.entry_id == Entry.id)
        .join(Account, Account.id == Line.account_id).where(Account.path == "clearing").group_by(Entry.outside_id)
    )  # fmt: skip
    return {str(id): int(amount) for id, amount in session.execute(query)}
