"""Booked entries come into the log once each, in id order, whatever happens meanwhile; postings never wait for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS, Run
from bountyhub.kit import clock
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.ledger.log import encoding, jobs, keys, merkle, sealing, signing, store
from bountyhub.ledger.log.entries import body_of, private
from bountyhub.ledger.log.models import CheckpointRow, Leaf, Node, Salt
from bountyhub.ledger.models import Entry
from bountyhub.wiring import register_jobs
from tests.ledger.books import example_a
from tests.ledger.log.books import book, put_in, seal, seal_all

T = TypeVar("T")
ROOT = Path(__file__).parents[3]
engines = pytest.mark.usefixtures("database")


def logged() -> list[int]:
    with reading() as session:
        rows = session.execute(select(Leaf.number, Leaf.entry_id).order_by(Leaf.number)).all()
    assert [number for number, _ in rows] == list(range(len(rows)))
    return [entry for _, entry in rows]


def roots_are_right(session: Session) -> None:
    """Every checkpoint's root is the one over its leaves, and its note says so."""
    hashes = list(session.scalars(select(Leaf.hash).order_by(Leaf.number)))
    for row in session.scalars(select(CheckpointRow)):
        known = merkle.root(row.size, lambda height, n: merkle.fold(hashes[n << height : (n + 1) << height]))
        note = signing.open_note(row.note, keys.believed())
        assert (row.root, note.root, note.size) == (known, known, row.size)


@engines
def test_an_entry_is_sealed_as_its_public_body_and_a_commitment() -> None:
    example_a()
    assert seal() == 6
    with reading() as session:
        leaf = session.get_one(Leaf, 0)
        first = body_of(session, leaf.entry_id)
        assert first is not None
        salt = session.get_one(Salt, first.id).salt
        assert leaf.details == encoding.commitment(salt, private(session.get_one(Entry, first.id))) == first.details
        assert leaf.hash == merkle.leaf_hash(encoding.encode(first))
        roots_are_right(session)


@engines
def test_batches_grow_one_log() -> None:
    ids = book(40)
    seal_all(batch=7)
    assert logged() == ids
    with reading() as session:
        assert [row.size for row in store.checkpoints(session, 0, 100)] == [7, 14, 21, 28, 35, 40]
        assert session.scalar(select(func.count()).select_from(Node)) == 2
        roots_are_right(session)


@engines
def test_nothing_new_makes_no_checkpoint() -> None:
    assert seal() == 0
    book(1)
    assert (seal(), seal()) == (1, 0)
    with reading() as session:
        assert len(store.checkpoints(session, 0, 100)) == 1


@engines
def test_two_sealers_at_once_never_fork_the_log() -> None:
    ids = book(30)
    barrier = threading.Barrier(4)

    def work(_: int) -> None:
        barrier.wait()
        for _ in range(6):
            seal(batch=3)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    seal_all()
    assert logged() == ids
    with reading() as session:
        roots_are_right(session)


@pytest.mark.usefixtures("postgresql")
def test_a_posting_does_not_wait_for_an_open_seal_nor_a_second_sealer() -> None:
    book(3)
    with Session(engine()) as sealer, ThreadPoolExecutor(1) as pool:
        assert sealing.seal(sealer) == 3
        assert pool.submit(book, 2, 3).result(timeout=10)
        assert pool.submit(seal).result(timeout=10) == 0
        sealer.commit()
    assert seal() == 2


@pytest.mark.usefixtures("owned")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_entry_that_commits_after_later_ones_were_sealed_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(engine()) as slow:
        slow.execute(text("SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id'))"))
        late = slow.scalar(text("SELECT currval(pg_get_serial_sequence('ledger_entry', 'id'))"))
    (first,) = book(1)
    assert late < first and seal() == 1
    with transaction() as session:  # what a posting does, with the id that it was given before
        session.execute(text("SELECT setval(pg_get_serial_sequence('ledger_entry', 'id'), :at, false)"), {"at": late})
        assert put_in(session, 5) == late
    monkeypatch.setattr(sealing, "LOOK_BACK", 0)
    assert seal() == 0
    assert seal(whole=True) == 1
    assert logged() == [first, late]


@engines
def test_a_crash_while_sealing_only_delays() -> None:
    ids = book(5)
    with Session(engine()) as killed:
        sealing.seal(killed, batch=3)
        killed.rollback()
    assert logged() == []
    assert seal() == 5
    assert logged() == ids


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(("moment", "sealed"), [("before", 0), ("after", 4)])
def test_a_sealer_that_is_killed_leaves_all_of_a_batch_or_nothing(sqlite: str, moment: str, sealed: int) -> None:
    ids = book(4)
    code = (
        "from bountyhub.kit.database import configure\nfrom bountyhub.ledger.log import jobs\n"
        "from tests.ledger.log.books import use_settings\n"
        f"use_settings(); configure({sqlite!r}); jobs._seal_batch(whole=False)"
    )
    kill = {"BOUNTYHUB_FAULT_KILL": f"commit.{moment}:ledger.log.jobs._seal_batch:1"}
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | kill, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert logged() == ids[:sealed]
    seal()
    assert logged() == ids


@engines
def test_a_clock_that_goes_back_changes_nothing() -> None:
    ids = book(2)
    seal()
    clock.set_offset(timedelta(days=-400))
    try:
        ids += book(2, begin=2)
        seal()
    finally:
        clock.set_offset(timedelta(0))
    assert logged() == ids
    with reading() as session:
        roots_are_right(session)


@pytest.mark.usefixtures("sqlite")
def test_the_job_seals_what_waits_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    register_jobs()
    outbox.ensure_schedule()
    monkeypatch.setattr(sealing, "BATCH", 4)
    ids = book(10)
    JOBS["ledger.seal"].call(Run(recurring_row("ledger.seal"), 1))
    assert logged() == ids


def recurring_row(name: str) -> int:
    with reading() as session:
        return session.scalars(select(OutboxJob.id).where(OutboxJob.name == name)).one()


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize("whole", [False, True])
def test_the_job_looks_reads_and_hashes_while_somebody_else_writes(whole: bool) -> None:
    """On SQLite postings wait for whoever writes: so nothing is asked for when nothing waits, and little else."""
    book(1)
    seal()
    assert beside_a_writer(lambda: jobs._seal_batch(whole=whole)) is False
    (id,) = book(1, begin=1)
    assert [one.entry for one in beside_a_writer(lambda: prepared(whole))] == [id]


def beside_a_writer(work: Callable[[], T]) -> T:
    with ThreadPoolExecutor(1) as pool, transaction() as session:
        session.execute(text("SELECT 1"))  # a transaction begins with its first statement
        return pool.submit(work).result(timeout=5)


def prepared(whole: bool) -> list[sealing.Prepared]:
    with reading() as session:
        return sealing.prepare(session, whole=whole)


@pytest.mark.usefixtures("sqlite")
def test_what_another_sealer_took_meanwhile_is_not_taken_again() -> None:
    ids = book(3)
    waiting = prepared(whole=False)
    seal(batch=2)
    with transaction() as session:
        assert sealing.append(session, waiting) == 1
    assert logged() == ids


@pytest.mark.usefixtures("sqlite")
def test_a_proof_reads_a_few_hashes_however_long_the_log_is() -> None:
    ids = book(260)
    seal_all()
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    with reading() as session:
        event.listen(engine(), "before_cursor_execute", count)
        found = store.inclusion(session, ids[23])
        event.remove(engine(), "before_cursor_execute", count)
        root = found.checkpoint.root
        assert merkle.is_included(found.leaf, found.number, found.checkpoint.size, found.proof, root)
        assert len(store.kept(session, [found.number, found.checkpoint.size])) <= 100
    assert statements <= 5
