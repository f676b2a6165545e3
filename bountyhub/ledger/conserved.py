"""Where the money of some contributions went: what came in equals what went out and what is still here.

What came in and went out is read from lines, what is still here from the balances: invariant 6, for the page of a task.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from bountyhub.ledger.belonging import transfers_of
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.positions import EARNING
from bountyhub.ledger.queries import natural

COMING = ("captured", "moved_in", "goodwill")
GOING = ("on_its_way", "sent", "fees", "returned", "kept", "moved_out", "lost")
_COMES = ("captured", "captured_late", "captured_wrong")
_TWO_WAYS = {"moved": ("moved_in", "moved_out"), "refund_asked": ("goodwill", "kept")}
#: Kinds of entries that take something away (or bring it back), by what that is called. The others only rearrange.
_GOES = {
    **dict.fromkeys(EARNING, "fees"),
    **dict.fromkeys(("transfer_asked", "transfer_refused", "transfer_reversed"), "sent"),
    **dict.fromkeys(("refund_debited", "refund_came_back", "unclaimed_paid"), "returned"),
    "dispute_lost": "lost",
}


@dataclass
class Conserved:
    """One currency, in minor units: `coming` = `going` + `here`. What no kind explains is in `unexplained`."""

    currency: str
    coming: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMING, 0))
    going: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GOING, 0))
    here: dict[str, int] = field(default_factory=dict)  # by kind of account
    unexplained: int = 0

    @property
    def difference(self) -> int:
        """0, or the books are wrong."""
        gone = sum(self.going.values()) + sum(self.here.values())
        return sum(self.coming.values()) + self.unexplained - gone

    @property
    def holds(self) -> bool:
        """Whether every unit is accounted for."""
        return self.difference == 0 and self.unexplained == 0


def conserved(session: Session, contributions: Collection[str]) -> list[Conserved]:
    """The money of these contributions, by currency; three queries."""
    found: dict[str, Conserved] = {}
    for currency, kind, up, down in session.execute(_changes(contributions)):
        _add(found.setdefault(currency, Conserved(currency)), kind, int(up), int(down))
    for currency, signed in session.execute(_on_its_way(contributions)):
        # Asked of the processor and not confirmed yet: it has left the contribution, but has not arrived.
        going = found[currency].going
        going["on_its_way"] = natural("transfer_pending", int(signed))
        going["sent"] -= going["on_its_way"]
    for currency, kind, signed in session.execute(_balances(contributions)):
        if signed:
            found.setdefault(currency, Conserved(currency)).here[kind] = natural(kind, int(signed))
    return [found[currency] for currency in sorted(found)]


def _add(into: Conserved, kind: str, up: int, down: int) -> None:
    if kind in _TWO_WAYS:
        comes, goes = _TWO_WAYS[kind]
        into.coming[comes] += up
        into.going[goes] += down
    elif kind in _COMES:
        into.coming["captured"] += up - down
    elif kind in _GOES:
        into.going[_GOES[kind]] += down - up
    else:
        into.unexplained += up - down


def _changes(contributions: Collection[str]) -> Select[str, str, int, int]:
    """By kind of entry: how much it added to some of these contributions, and how much it took from others."""
    net = (-func.sum(Line.amount)).label("net")
    each = (
        select(Account.currency, Entry.kind, net)
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(_theirs(contributions))
        .group_by(Entry.id, Entry.kind, Account.contribution, Account.currency)
        .subquery()
    )
    up = func.sum(case((each.c.net > 0, each.c.net), else_=0))
    down = func.sum(case((each.c.net < 0, -each.c.net), else_=0))
    return select(each.c.currency, each.c.kind, up, down).group_by(each.c.currency, each.c.kind)


def _balances(contributions: Collection[str]) -> Select[str, str, int]:
    query = select(Account.currency, Account.kind, func.sum(Account.balance)).where(_theirs(contributions))
    return query.group_by(Account.currency, Account.kind)


def _on_its_way(contributions: Collection[str]) -> Select[str, int]:
    query = select(Account.currency, func.sum(Account.balance)).where(Account.id.in_(transfers_of(contributions)))
    return query.group_by(Account.currency)


def _theirs(contributions: Collection[str]) -> ColumnElement[bool]:
    """What the card's bank took for the time of a dispute is no money of ours."""
    return Account.contribution.in_(list(contributions)) & (Account.kind != "dispute_funds")
