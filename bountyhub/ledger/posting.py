"""The one way anything is booked. The files of movements (`capture`, `release`, …) call `post` and `reverse`.

An event is booked once per idempotency key. Touched accounts are created on demand and locked in id order;
then the key is looked up, so that whoever waited for the lock sees what the other one booked.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.money import EXPONENTS
from bountyhub.ledger import quick
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.book import Book, create, insert_new, lock
from bountyhub.ledger.errors import (
    AlreadyReversed,
    AmountTooLarge,
    EntryNotFound,
    KeyReused,
    NothingToMove,
    OutsideIdMissing,
    OutsideIdReused,
    Overdraft,
)
from bountyhub.ledger.models import Account, Entry, Line, Seal

_LARGEST = 2**63 - 1
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


@dataclass(frozen=True)
class Move:
    """An amount (minor units, 0 is dropped) that goes debit → credit."""

    debit: Place
    credit: Place
    amount: int


@dataclass(frozen=True)
class Event:
    """What an entry says beside its lines."""

    kind: str
    key: str
    currency: str
    effective_at: datetime
    actor: str
    refs: Mapping[str, str]
    outside_id: str | None = None
    reverses: int | None = None


def post(
    session: Session,
    *,
    kind: str,
    key: str,
    moves: Sequence[Move],
    currency: str,
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
    outside_id: str | None = None,
    reverses: int | None = None,
    request: Mapping[str, Any] | None = None,
) -> Entry:
    """Book one event and return its entry, or the entry that was booked under this key before.

    `request` is what was asked for, when the moves are computed from the state of the books: then it, not the
    moves, must be the same when the key comes again. Raises a LedgerRefusal.
    """
    event = Event(kind, key, currency, effective_at, actor, dict(refs or {}), outside_id, reverses)
    return book(session, event, net(moves), request)


def reverse(session: Session, entry: Entry, *, kind: str, key: str, effective_at: datetime, actor: str,
            outside_id: str | None = None) -> Entry:  # fmt: skip
    """Book the exact opposite of an entry, once; raises AlreadyReversed for a second time or a reversal."""
    if entry.reverses is not None:
        raise AlreadyReversed(f"entry {entry.id} is itself a reversal", entry=entry.id)
    opposite = {place: -amount for place, amount in lines_of(session, entry).items()}
    event = Event(kind, key, entry.currency, effective_at, actor, dict(entry.refs), outside_id, entry.id)
    return book(session, event, opposite, None)


def lines_of(session: Session, entry: Entry) -> dict[Place, int]:
    """The signed amounts of an entry's lines (+ debit, − credit), in account order."""
    query = select(Account, Line.amount).join(Line, Line.account_id == Account.id)
    return {
        Place(account.path, account.kind, account.contribution, account.owner): amount
        for account, amount in session.execute(query.where(Line.entry_id == entry.id).order_by(Account.id))
    }


def find(session: Session, key: str) -> Entry | None:
    """The entry booked under a key."""
    return session.scalar(select(Entry).where(Entry.key == key))


def get(session: Session, key: str) -> Entry:
    """The entry booked under a key; raises EntryNotFound."""
    entry = find(session, key)
    if entry is None:
        raise EntryNotFound(f"nothing was booked under {key}", key=key)
    return entry


def replayed(session: Session, kind: str, key: str, request: Mapping[str, Any]) -> Entry | None:
    """The entry that this very request booked before; call it with the accounts locked. Raises KeyReused."""
    entry = find(session, key)
    if entry is not None:
        _require_same(entry, kind, _digest({"kind": kind, **request}))
    return entry


def net(moves: Sequence[Move]) -> dict[Place, int]:
    """Each account once with its signed sum (+ debit, − credit), accounts that end at 0 left out."""
    places: dict[str, Place] = {}
    sums: dict[str, int] = {}
    for move in moves:
        if move.amount < 0:
            raise ValueError(f"a move of {move.amount}: amounts are positive, debit and credit say the direction")
        for place, amount in ((move.debit, move.amount), (move.credit, -move.amount)):
            places.setdefault(place.path, place)
            sums[place.path] = sums.get(place.path, 0) + amount
    return {places[path]: amount for path, amount in sums.items() if amount}


def book(session: Session, event: Event, amounts: Mapping[Place, int], request: Mapping[str, Any] | None) -> Entry:
    """Write entry, lines and seal, or return what the key booked before."""
    entry = _book(session, event, amounts, request)
    session.info.setdefault("booked", {})[entry.id] = entry.kind
    return entry


def booked_in(session: Session, kinds: Collection[str]) -> list[int]:
    """The entries of these kinds that this session booked (or found booked): what follows is done at its end."""
    return [entry for entry, kind in session.info.get("booked", {}).items() if kind in kinds]


def _book(session: Session, event: Event, amounts: Mapping[Place, int], request: Mapping[str, Any] | None) -> Entry:
    if ":" in event.actor:
        raise ValueError(
            f"the actor {event.actor!r}: entries stay when people go, so they name a role and nobody's number"
        )
    digest = _digest({"kind": event.kind, **(request if request is not None else _content(event, amounts))})
    if not amounts and find(session, event.key) is None:
        raise NothingToMove(f"{event.kind} moves no money", kind=event.kind)
    if (quickly := _book_quickly(session, event, amounts, digest)) is not None:
        return quickly
    locked = lock(session, amounts, event.currency)
    first = _booked_before(session, event, digest)
    if first is not None:
        return first
    _check(event, amounts, locked)
    written: Entry | None = session.scalar(insert_new(session, Entry).values(**_row(event, digest)).returning(Entry))
    if written is None:  # another session wrote the same key on other accounts in this very moment
        first = _booked_before(session, event, digest)
        assert first is not None
        return first
    _write_lines(session, written, amounts, locked)
    return written


def _book_quickly(session: Session, event: Event, amounts: Mapping[Place, int], digest: str) -> Entry | None:
    """The ordinary case in one statement, where the engine can; None leaves it to the careful way."""
    if not _ordinary(event, amounts) or not quick.may_write(session, amounts.values()):
        return None
    row = _row(event, digest)
    written, found = quick.write(session, row, amounts)
    if missing := [place for place in amounts if place.path not in found]:
        create(session, missing, event.currency)
        written, _ = quick.write(session, row, amounts)
    return None if written is None else _as_written(written, row)


def _as_written(number: int, row: Mapping[str, Any]) -> Entry:
    """The entry without reading it back; set all at once, as it is in no session that would look at the changes."""
    entry = Entry()
    vars(entry).update(row, id=number)
    return entry


def _ordinary(event: Event, amounts: Mapping[Place, int]) -> bool:
    """What can be seen without a look into the books."""
    named = bool(event.outside_id) or all(place.kind != "clearing" for place in amounts)
    return named and event.currency in EXPONENTS and event.effective_at.tzinfo is not None


def _content(event: Event, amounts: Mapping[Place, int]) -> dict[str, Any]:
    """What must be the same when a key comes again; who reported it, and when, may differ."""
    return {
        "currency": event.currency,
        "amounts": {place.path: amount for place, amount in amounts.items()},
        "refs": dict(event.refs),
        "outside_id": event.outside_id,
        "reverses": event.reverses,
    }


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def _booked_before(session: Session, event: Event, digest: str) -> Entry | None:
    """The entry of this key, if any; raises when key, outside id or reversal were used for something else."""
    same = [Entry.key == event.key]
    if event.outside_id is not None:
        same.append((Entry.kind == event.kind) & (Entry.outside_id == event.outside_id))
    if event.reverses is not None:
        same.append(Entry.reverses == event.reverses)
    found = list(session.scalars(select(Entry).where(or_(*same))))
    for entry in found:
        if entry.key == event.key:
            _require_same(entry, event.kind, digest)
            return entry
    for entry in found:
        if event.reverses is not None and entry.reverses == event.reverses:
            raise AlreadyReversed(f"entry {event.reverses} was reversed by entry {entry.id}", entry=entry.id)
        raise OutsideIdReused(
            f"{event.outside_id} was booked as {event.kind} by entry {entry.id}",
            entry=entry.id,
            key=entry.key,
        )
    return None


def _require_same(entry: Entry, kind: str, digest: str) -> None:
    if entry.digest != digest or entry.kind != kind:
        raise KeyReused(f"{entry.key} was booked before with other content", key=entry.key, entry=entry.id)


def _check(event: Event, amounts: Mapping[Place, int], locked: Book) -> None:
    for place, amount in amounts.items():
        account = locked[place.path]
        after = account.balance + amount
        if abs(after) > _LARGEST or abs(amount) > _LARGEST:
            raise AmountTooLarge(f"{place.path} can't hold {after}", path=place.path)
        if account.never_negative and (after > 0 if account.side == "credit" else after < 0):
            raise Overdraft(
                f"{place.path} holds {abs(account.balance)} and {abs(amount)} should leave it",
                path=place.path, holds=abs(account.balance), asked=abs(amount),
            )  # fmt: skip
        if place.kind == "clearing" and not event.outside_id:
            raise OutsideIdMissing(f"{event.kind} moves the processor's balance without its transaction's id")


def _row(event: Event, digest: str) -> dict[str, Any]:
    return {
        "kind": event.kind, "currency": event.currency, "key": event.key, "digest": digest,
        "effective_at": event.effective_at, "recorded_at": clock.now(), "actor": event.actor,
        "refs": dict(event.refs), "outside_id": event.outside_id, "reverses": event.reverses,
    }  # fmt: skip


def _write_lines(session: Session, entry: Entry, amounts: Mapping[Place, int], locked: Book) -> None:
    """Lines in account order; the database's own trigger carries each into its account's balance."""
    lines = []
    for place, amount in amounts.items():
        account = locked[place.path]
        lines.append({
            "entry_id": entry.id, "account_id": account.id, "amount": amount,
            "balance_after": account.balance + amount, "version": account.version + 1,
        })  # fmt: skip
    lines.sort(key=lambda line: line["account_id"])
    session.execute(insert(Line), lines)
    session.execute(insert(Seal).values(entry_id=entry.id, lines=len(lines)))
