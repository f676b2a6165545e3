"""A million entries for the benches of the books, right to the last unit, written past the triggers as they are many.

A contribution is paid and costs something; of ten, six are released and transferred, two refunded, two still held.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from bountyhub import settings
from bountyhub.kit import database
from bountyhub.kit.database import make_engine
from bountyhub.kit.types import UtcDateTime
from bountyhub.ledger import accounts
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.log import keys, tiles
from bountyhub.ledger.log.models import CheckpointRow, Leaf
from bountyhub.ledger.models import Account, Entry, Line, Seal
from tests.builders.settings import play_settings
from tests.ledger.log.books import seal_all

CURRENCIES = ("EUR", "EUR", "EUR", "USD", "JPY")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 20_000
#: A sealer that looks every ten seconds tells a checkpoint of whatever is new: of far less than a full batch.
ENTRIES_A_CHECKPOINT = 25
TABLES = (Entry, Seal, Line)
Amounts = dict[Place, int]


class Filling:
    """The books as they grow: balances in memory, rows handed on in batches."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._accounts: dict[tuple[str, str], list[Any]] = {}
        self._rows: dict[type[Any], list[tuple[Any, ...]]] = defaultdict(list)
        self._write = _writer(connection)
        self._moment = UtcDateTime().process_bind_param
        self._dialect = engine.dialect
        self.entries = self.lines = 0

    def entry(
        self, kind: str, key: str, currency: str, refs: dict[str, str], amounts: Amounts, outside: str | None
    ) -> None:
        """One entry with its lines and seal; amounts are signed, + debit."""
        self.entries += 1
        at = self._moment(BEGAN + timedelta(seconds=self.entries), self._dialect)
        digest = hashlib.sha256(key.encode()).hexdigest()
        row = (self.entries, kind, currency, key, digest, at, at, "stripe", json.dumps(refs), outside, None)
        self._rows[Entry].append(row)
        self._rows[Seal].append((self.entries, len(amounts)))
        for place, amount in amounts.items():
            self._line(self._account(place, currency), amount)
        if len(self._rows[Line]) >= BATCH:
            self.flush()

    def _line(self, account: list[Any], amount: int) -> None:
        self.lines += 1
        account[1] += amount
        account[2] += 1
        self._rows[Line].append((self.lines, self.entries, account[0], amount, account[1], account[2]))

    def _account(self, place: Place, currency: str) -> list[Any]:
        """[id, balance, version, place] of an account, made when it is new."""
        known = self._accounts.get((place.path, currency))
        if known is None:
            known = self._accounts[place.path, currency] = [len(self._accounts) + 1, 0, 0, place]
        return known

    def flush(self) -> None:
        """Write what has gathered."""
        for table in TABLES:
            self._write(table, self._rows.pop(table, []))

    def close(self) -> None:
        """Write the rest, and the accounts as they ended."""
        self.flush()
        self._write(Account, (
            (id, place.path, place.kind, currency, place.contribution, place.owner, place.rule.side,
             place.rule.never_negative, balance, version)
            for (_, currency), (id, balance, version, place) in self._accounts.items()
        ))  # fmt: skip


def fill(url: str, entries: int) -> None:
    """So many entries (a few more) in a migrated database without any."""
    engine = make_engine(url)
    with unguarded(engine) as connection:
        filling = Filling(engine, connection)
        number = 0
        while filling.entries < entries:
            number += 1
            _contribution(filling, number)
        filling.close()
    settings.use(play_settings(DATABASE_URL=url))
    database.configure(url)
    seal_all(BATCH)
    _tell_often(engine)
    engine.dispose()


def _tell_often(engine: Engine) -> None:
    """The checkpoints between those of the batches, as a sealer that never had much to do would have told them."""
    signer, edge, moment = keys.signer(), tiles.Edge(), UtcDateTime().process_bind_param(BEGAN, engine.dialect)
    with unguarded(engine) as connection:
        known = set(connection.scalars(select(CheckpointRow.size)))
        rows = []
        for hash in connection.scalars(select(Leaf.hash).order_by(Leaf.number)):
            edge.append(hash)
            if edge.size % ENTRIES_A_CHECKPOINT == 0 and edge.size not in known:
                root = edge.root()
                rows.append((edge.size, root, signer.note(edge.size, root), moment))
        _writer(connection)(CheckpointRow, rows)


def _contribution(books: Filling, number: int) -> None:
    ref, currency, amount = f"c{number}", CURRENCIES[number % len(CURRENCIES)], 500 + number * 7919 % 20_000
    fee, cost = amount * 5 // 100 + 25, amount * 15 // 1000 + 25
    escrow, held, clearing = accounts.escrow(ref), accounts.fee_held(ref), accounts.clearing()
    refs, outside = {"payment": f"p{number}", "contribution": ref}, f"txn_{number}"
    paid = {clearing: amount + fee, escrow: -amount, held: -fee}
    books.entry("captured", f"captured:p{number}", currency, refs, paid, outside)
    costs = {accounts.cost_processor(): cost, clearing: -cost}
    books.entry("cost", f"cost:{outside}", currency, {}, costs, outside)
    if number % 10 < 6:
        _released(books, number, currency, amount, fee)
    elif number % 10 < 8:
        _refunded(books, number, currency, amount, fee)


def _released(books: Filling, number: int, currency: str, amount: int, fee: int) -> None:
    ref, transfer = f"c{number}", f"t{number}"
    payable, pending = accounts.payable(f"s{number}", ref), accounts.transfer_pending(transfer)
    freed = {accounts.escrow(ref): amount, payable: -amount, accounts.fee_held(ref): fee, accounts.income_fee(): -fee}
    books.entry("released", f"released:{number}", currency, {"claim": str(number)}, freed, None)
    refs = {"transfer": transfer}
    books.entry(
        "transfer_asked", f"transfer_asked:{transfer}:1", currency, refs, {payable: amount, pending: -amount}, None
    )
    sent = {pending: amount, accounts.clearing(): -amount}
    books.entry("transfer_confirmed", f"transfer_confirmed:{transfer}", currency, refs, sent, f"txn_{transfer}")


def _refunded(books: Filling, number: int, currency: str, amount: int, fee: int) -> None:
    ref, refund = f"c{number}", f"r{number}"
    pending = accounts.refund_pending(refund, ref)
    refs = {"refund": refund, "contribution": ref}
    asked = {accounts.escrow(ref): amount, accounts.fee_held(ref): fee, pending: -amount - fee}
    books.entry("refund_asked", f"refund_asked:{refund}", currency, refs, asked, None)
    sent = {pending: amount + fee, accounts.clearing(): -amount - fee}
    books.entry("refund_debited", f"refund_debited:{refund}", currency, refs, sent, f"txn_{refund}")


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """One transaction for which no trigger and no foreign key is on duty; all are back afterwards."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
            yield connection
            connection.execute(text("SET session_replication_role = DEFAULT"))
            connection.commit()
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
            return
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
        triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
        connection.commit()


def _writer(connection: Connection) -> Callable[[type[Any], Any], None]:
    def copy(table: type[Any], rows: Any) -> None:
        cursor = connection.connection.cursor()
        with closing(cursor), cursor.copy(f"COPY {table.__tablename__} ({_columns(table)}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)

    def insert(table: type[Any], rows: Any) -> None:
        marks = ", ".join("?" for _ in table.__table__.columns)
        connection.connection.cursor().executemany(
            f"INSERT INTO {table.__tablename__} ({_columns(table)}) VALUES ({marks})", rows
        )

    return copy if connection.dialect.name == "postgresql" else insert


def _columns(table: type[Any]) -> str:
    return ", ".join(column.name for column in table.__table__.columns)
