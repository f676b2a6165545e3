"""Opens accounts for a posting: creates the missing ones and locks all of them in id order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bountyhub.kit.money import EXPONENTS
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.errors import CurrencyMismatch
from bountyhub.ledger.models import Account


@dataclass(frozen=True)
class Held:
    """A locked account as it stands; the balance is signed (+ debit, − credit)."""

    id: int
    path: str
    kind: str
    contribution: str | None
    owner: str | None
    side: str
    never_negative: bool
    balance: int
    version: int

    @property
    def amount(self) -> int:
        """What is in it, positive on its own side."""
        return -self.balance if self.side == "credit" else self.balance

    @property
    def place(self) -> Place:
        """Where it stands in the chart."""
        return Place(self.path, self.kind, self.contribution, self.owner)


Book = dict[str, Held]
_Query = Select[int, str, str, str | None, str | None, str, bool, int, int]

_COLUMNS = (
    Account.id, Account.path, Account.kind, Account.contribution, Account.owner,
    Account.side, Account.never_negative, Account.balance, Account.version,
)  # fmt: skip


def lock(session: Session, places: Iterable[Place], currency: str, contributions: Collection[str] = ()) -> Book:
    """Lock these accounts, and all of these contributions, until the transaction ends; by path."""
    if currency not in EXPONENTS:
        raise CurrencyMismatch(f"{currency!r} is not a currency this site uses", currency=currency)
    wanted = {place.path: place for place in places}
    query = _locking(wanted, currency, contributions)
    found = _read(session, query)
    missing = [wanted[path] for path in sorted(wanted) if path not in found]
    if not missing:
        return found
    create(session, missing, currency)
    return _read(session, query)


def insert_new(session: Session, table: Any) -> Any:
    """An INSERT that yields to a row already there; PostgreSQL and SQLite each have their own class."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).on_conflict_do_nothing()


def _locking(wanted: Collection[str], currency: str, contributions: Collection[str]) -> _Query:
    chosen = or_(Account.path.in_(list(wanted)), Account.contribution.in_(list(contributions)))
    query = select(*_COLUMNS).where(chosen, Account.currency == currency).order_by(Account.id)
    # NO KEY: other sessions may still add lines' foreign keys to it, nobody changes its key.
    return query.with_for_update(key_share=True)


def _read(session: Session, query: _Query) -> Book:
    return {row.path: Held(*row) for row in session.execute(query)}


def create(session: Session, places: Sequence[Place], currency: str) -> None:
    """Make these accounts, unless another session is quicker; raises CurrencyMismatch."""
    _refuse_other_currency(session, places, currency)
    # Whoever waited here for another session's new account doesn't hold it yet. Going on with a second one would
    # have the two wait for each other, so what all share is created and locked one by one, before what is bound.
    for place in sorted(places):
        if not _is_bound(place):
            session.execute(insert_new(session, Account), [_row(place, currency)])
            _read(session, _locking([place.path], currency, ()))
    bound = [_row(place, currency) for place in sorted(places) if _is_bound(place)]
    if bound:
        session.execute(insert_new(session, Account), bound)


def _row(place: Place, currency: str) -> dict[str, Any]:
    return {
        "path": place.path, "kind": place.kind, "currency": currency, "contribution": place.contribution,
        "owner": place.owner, "side": place.rule.side, "never_negative": place.rule.never_negative,
    }  # fmt: skip


def _is_bound(place: Place) -> bool:
    """Whether it belongs to one contribution, refund, …: such an account exists in one currency only."""
    return place.contribution is not None or (place.owner is not None and place.kind != "vat_due")


def _refuse_other_currency(session: Session, places: Sequence[Place], currency: str) -> None:
    bound = [place.path for place in places if _is_bound(place)]
    if not bound:
        return
    query = select(Account.path, Account.currency).where(Account.path.in_(bound), Account.currency != currency)
    other = session.execute(query.limit(1)).first()
    if other is not None:
        raise CurrencyMismatch(f"{other.path} is in {other.currency}, not in {currency}", path=other.path)
