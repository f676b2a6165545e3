"""`make bench`: how quickly entries are posted on PostgreSQL, beside the simplest transfer that is still safe.

The same server, the same clients, in turn: an entry of two lines through `posting.post` and `transaction()`, and
`raw_transfer`. The server is a throwaway one with PostgreSQL's own durability: every commit is on the disk. Each
client is a process with one connection. "Hot" is one account that every posting touches.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

from bountyhub.kit import database, migrate
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.verify import verify
from tests.bench import raw_transfer
from tests.servers import postgres, process

BAR = 0.6
CLIENTS = (1, 4, 8)
ROUNDS, SECONDS = 7, 1.0
AT = datetime(2026, 3, 1, tzinfo=UTC)
Once = Callable[[str], object]


@dataclass(frozen=True)
class Cell:
    """One row of the table: how many clients, and whether all of them want the same account."""

    clients: int
    hot: bool

    def __str__(self) -> str:
        return f"{self.clients} client{'s' if self.clients > 1 else ' '} {'hot   ' if self.hot else 'spread'}"


def main() -> int:
    """Measure, print; 1 when a ratio is below the bar or the books are unsound afterwards."""
    process.begin_run()
    folder = process.run_folder() / "bench"
    folder.mkdir()
    server = postgres.start(folder, settings=())
    try:
        url = _prepare(server.url)
        print(f"entries of 2 lines beside raw transfers; fsync on, synchronous_commit on; medians of {ROUNDS} rounds")
        print(f"one flush of 8 kB to this disk: {_flush_time() * 1e6:.0f} µs; clients are processes")
        print(_busy_with_other_things())
        ratios = [_show(cell, _measure(cell, url)) for hot in (False, True) for cell in _cells(hot)]
        return 0 if _sound(url) and min(ratios) >= BAR else 1
    finally:
        process.stop(server.pid)
        process.end_run()


def _cells(hot: bool) -> list[Cell]:
    return [Cell(clients, hot) for clients in CLIENTS]


def _prepare(url: str) -> str:
    migrate.upgrade(url)
    raw_transfer.create(_plain(url))
    database.configure(url)
    with transaction() as session:
        for number in range(1, raw_transfer.ACCOUNTS + 1):
            move = Move(accounts.clearing(), accounts.escrow(f"c{number}"), 10**12)
            post(session, kind="captured", key=f"begin:{number}", moves=[move], currency="EUR", effective_at=AT,
                 actor="bench", outside_id=f"begin:{number}")  # fmt: skip
    database.engine().dispose()
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return url


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


def _measure(cell: Cell, url: str) -> dict[str, list[float]]:
    """Things done a second in each round, by all clients together."""
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(cell.clients), fork.SimpleQueue()
    clients = [
        fork.Process(target=_client, args=(cell, url, number, barrier, answers)) for number in range(cell.clients)
    ]
    for client in clients:
        client.start()
    told = [answers.get() for _ in clients]
    for client in clients:
        client.join()
    sides = told[0].keys()
    return {side: [sum(each) for each in zip(*(one[side] for one in told), strict=True)][1:] for side in sides}


def _client(cell: Cell, url: str, number: int, barrier: Barrier, answers: Any) -> None:
    """Rounds in turn, together with the other clients; the first of each side is a warm-up."""
    database.configure(url)
    speeds: dict[str, list[float]] = {"post": [], "raw": []}
    chance = random.Random(number)
    with closing(psycopg.connect(_plain(url))) as connection:
        ways: dict[str, Once] = {
            "post": lambda key: _post_one(cell, key, chance),
            "raw": lambda key: _transfer_one(connection, cell, key, chance),
        }
        for turn in range(ROUNDS + 1):
            for side in ways if turn % 2 else reversed(ways):
                barrier.wait()
                speeds[side].append(_speed(ways[side], f"{cell}:{number}:{turn}"))
    database.engine().dispose()
    answers.put(speeds)


def _speed(once: Once, prefix: str) -> float:
    begin = time.perf_counter()
    for done in count(1):
        once(f"{prefix}:{done}")
        if (took := time.perf_counter() - begin) >= SECONDS:
            return done / took
    raise AssertionError


def _post_one(cell: Cell, key: str, chance: random.Random) -> None:
    source, target = _pair(cell, chance)
    debit = accounts.clearing() if cell.hot else accounts.escrow(f"c{source}")
    with transaction() as session:
        post(
            session, kind="bench", key=key, moves=[Move(debit, accounts.escrow(f"c{target}"), 1)], currency="EUR",
            effective_at=AT, actor="bench", outside_id=key,
        )  # fmt: skip


def _transfer_one(connection: psycopg.Connection, cell: Cell, key: str, chance: random.Random) -> None:
    source, target = _pair(cell, chance)
    raw_transfer.transfer(connection, key, source, target, 1)


def _pair(cell: Cell, chance: random.Random) -> tuple[int, int]:
    if cell.hot:
        return raw_transfer.HOT, chance.randint(2, raw_transfer.ACCOUNTS)
    source, target = chance.sample(range(1, raw_transfer.ACCOUNTS + 1), 2)
    return source, target


def _show(cell: Cell, speeds: dict[str, list[float]]) -> float:
    ratio = statistics.median(a / b for a, b in zip(speeds["post"], speeds["raw"], strict=True))
    post_speed, raw_speed = (statistics.median(speeds[side]) for side in ("post", "raw"))
    verdict = "ok" if ratio >= BAR else f"BELOW {BAR}"
    print(f"{cell}   {post_speed:5.0f}/s   raw {raw_speed:5.0f}/s   ratio {ratio:.2f}   {verdict}", flush=True)
    return ratio


def _busy_with_other_things() -> str:
    """Waiting for a processor hits whoever computes more between two waits: measure on a machine that is idle."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    return f"{processors} processors, load before the measurement {load:.1f}" + ": BUSY" * (load > processors / 2)


def _flush_time() -> float:
    with tempfile.TemporaryFile(dir=process.run_folder()) as file:
        return statistics.median(_flush(file) for _ in range(100))


def _flush(file: Any) -> float:
    file.write(b"x" * 8192)
    file.flush()
    begin = time.perf_counter()
    os.fdatasync(file.fileno())
    return time.perf_counter() - begin


def _sound(url: str) -> bool:
    database.configure(url)
    with reading() as session:
        problems = [str(problem) for problem in verify(session).problems if "unknown kind" not in str(problem)]
    database.engine().dispose()
    print("the books afterwards: sound" if not problems else f"the books afterwards: {problems[:3]}")
    return not problems


if __name__ == "__main__":
    sys.exit(main())
