"""Faults of the second kind: a guard of the database is gone, so that what it keeps out can be committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import insert, text

from bountyhub.kit.database import engine
from bountyhub.ledger import posting
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.book import Book
from bountyhub.ledger.models import Entry, Line, Seal
from tests.soak_ledger.faults import FAULTS, fault

TABLE_OF = {"ledger_line_check": "ledger_line", "ledger_line_book": "ledger_line", "ledger_seal_check": "ledger_seal"}


def drop_guard(name: str) -> None:
    """Take a trigger away from the books in use; they are thrown away afterwards."""
    on_postgresql = engine().dialect.name == "postgresql"
    with engine().begin() as connection:
        connection.execute(text(f"DROP TRIGGER {name}" + (f" ON {TABLE_OF[name]}" if on_postgresql else "")))


@fault("a guard of the database is gone")
@contextmanager
def guard_gone() -> Iterator[None]:
    drop_guard("ledger_seal_check")
    yield


@fault("balances after a line are off by one, and their guard is gone")
@contextmanager
def balance_after_off() -> Iterator[None]:
    drop_guard("ledger_line_check")
    with patch.object(posting, "_write_lines", _writing(off=1)):
        yield


@fault("an entry's last line is not written, and its guard is gone")
@contextmanager
def unbalanced() -> Iterator[None]:
    drop_guard("ledger_seal_check")
    with patch.object(posting, "_write_lines", _writing(dropped=1)):
        yield


def _writing(off: int = 0, dropped: int = 0) -> Any:
    def write(session: Any, entry: Entry, amounts: Mapping[Place, int], locked: Book) -> None:
        lines = []
        for place, amount in amounts.items():
            account = locked[place.path]
            lines.append({
                "entry_id": entry.id, "account_id": account.id, "amount": amount,
                "balance_after": account.balance + amount + off, "version": account.version + 1,
            })  # fmt: skip
        lines = lines[: len(lines) - dropped]
        session.execute(insert(Line), lines)
        session.execute(insert(Seal).values(entry_id=entry.id, lines=len(lines)))

    return write


#: Both kinds: this is read last.
ALL = tuple(FAULTS)
