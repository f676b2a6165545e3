"""The one-statement way of posting on PostgreSQL: it is taken, and books exactly what the step-by-step way books."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from bountyhub.kit import database
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.ledger import accounts, quick
from bountyhub.ledger.errors import Overdraft
from bountyhub.ledger.posting import Move, post
from tests.conftest import MakeDatabase
from tests.ledger.books import ACTOR, AT, EUR, A, example_a, release_all

BOOKS = (
    """SELECT path, kind, account.currency, side, never_negative, balance, version, contribution, owner
        FROM ledger_account AS account ORDER BY path""",
    """SELECT kind, currency, key, digest, effective_at, actor, refs, outside_id, reverses,
        (SELECT lines FROM ledger_seal WHERE entry_id = entry.id) FROM ledger_entry AS entry ORDER BY key""",
    """SELECT key, path, amount, balance_after, line.version FROM ledger_line AS line
        JOIN ledger_entry AS entry ON entry.id = entry_id JOIN ledger_account AS account ON account.id = account_id
        ORDER BY key, path""",
)


def books_after_examples() -> list[object]:
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with reading() as session:
        return [tuple(row) for query in BOOKS for row in session.execute(text(query))]


def moved(amount: int, at: datetime = AT) -> int:
    with transaction() as session:
        move = Move(accounts.escrow("c1"), accounts.escrow("c2"), amount)
        return post(session, kind="moved", key="m", moves=[move], currency=EUR, effective_at=at, actor=ACTOR).id


def test_both_ways_book_the_same(
    postgresql: str, postgres_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    quickly = books_after_examples()
    database.configure(postgres_database())
    monkeypatch.setattr(quick, "may_write", lambda *_: False)
    assert books_after_examples() == quickly
    assert len(quickly) > 50


@pytest.mark.usefixtures("postgresql")
def test_an_ordinary_posting_goes_through_sqlalchemy_for_nothing() -> None:
    example_a()
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    moved(5)
    assert seen == []
    with pytest.raises(Overdraft):
        overdrawn()
    assert len(seen) == 2  # the accounts and the key, looked at step by step


def overdrawn() -> None:
    with transaction() as session:
        move = Move(accounts.escrow("c1"), accounts.escrow("c2"), A.amount)
        post(session, kind="moved", key="more", moves=[move], currency=EUR, effective_at=AT, actor=ACTOR)


@pytest.mark.usefixtures("database")
def test_a_moment_without_its_zone_is_refused_on_both_ways() -> None:
    example_a()
    with pytest.raises(Exception, match="naive moment"):
        moved(5, at=AT.replace(tzinfo=None))


@pytest.mark.usefixtures("postgresql")
def test_an_entry_of_more_lines_than_one_statement_takes_is_booked_all_the_same() -> None:
    moves = [Move(accounts.bank(), accounts.suspense(f"p{number}", None), 1) for number in range(120)]
    with transaction() as session:
        entry = post(session, kind="drawn", key="k", moves=moves, currency=EUR, effective_at=AT, actor=ACTOR)
        assert session.scalar(text("SELECT lines FROM ledger_seal WHERE entry_id = :id"), {"id": entry.id}) == 121
