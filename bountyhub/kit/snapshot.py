"""Several read-only sessions that see one committed state, for long looks at the whole database from a few threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from bountyhub.kit.database import engine

#: Sorting and hashing of whole tables; given back at the end. The planner's machine code costs more than it saves here.
_ON_POSTGRESQL = ("SET LOCAL work_mem = '64MB'", "SET LOCAL jit = off")
#: Pages kept in this process, in KiB: what else would be read again and again.
_ON_SQLITE = "PRAGMA cache_size = -32768"
_KEEP = "PRAGMA cache_size = -2000"


@contextmanager
def snapshot(count: int) -> Iterator[list[Session]]:
    """So many sessions, one for each thread. On PostgreSQL all see the same moment, on SQLite each its own."""
    with ExitStack() as stack:
        opened = [stack.enter_context(Session(engine(), autoflush=False)) for _ in range(count)]
        if engine().dialect.name == "postgresql":
            _share(opened)
            yield opened
            return
        for session in opened:
            session.connection(execution_options={"reading": True})
            session.execute(text(_ON_SQLITE))
            session.execute(text("SELECT count(*) FROM sqlite_master"))
        try:
            yield opened
        finally:
            for session in opened:
                session.execute(text(_KEEP))


def _share(opened: list[Session]) -> None:
    name = None
    for session in opened:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
        if name is None:
            name = session.scalar(text("SELECT pg_export_snapshot()"))
        else:  # no parameters in this statement; the name is the server's own
            session.execute(text(f"SET TRANSACTION SNAPSHOT '{name}'"))
        for setting in _ON_POSTGRESQL:
            session.execute(text(setting))
