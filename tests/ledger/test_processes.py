"""Worked example G with processes of their own: the same events from two sides, at once and out of order."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import func, select

from bountyhub.kit.database import reading
from bountyhub.ledger import queries
from bountyhub.ledger.models import Entry
from bountyhub.ledger.verify import verify
from tests.ledger.books import EUR

Teller = subprocess.Popen[str]


@contextmanager
def teller(url: str, seed: str) -> Iterator[Teller]:
    command = [sys.executable, "-m", "tests.ledger.teller", url, seed]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def say(process: Teller, line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def hear(process: Teller) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_g_two_processes_at_once_book_each_event_once(postgresql: str) -> None:
    with ExitStack() as stack:
        tellers = [stack.enter_context(teller(postgresql, seed)) for seed in ("one", "two")]
        assert [hear(each) for each in tellers] == ["ready", "ready"]
        for each in tellers:
            say(each, "go")
        heard = [hear(each) for each in tellers]
    captured = select(Entry.id).where(Entry.kind == "captured").order_by(Entry.id)
    with reading() as session:
        ids = " ".join(str(each) for each in session.scalars(captured))
        assert heard == [ids, ids]
        assert session.scalar(select(func.count()).select_from(Entry)) == 6
        assert queries.own_funds(session, EUR) == -202
        assert verify(session).problems == []
