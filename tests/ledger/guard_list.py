"""`python -m tests.ledger.guard_list`: every guard of the books, what was tried in plain SQL, and the refusal.

Tries the cases of `test_guards` on fresh databases of both engines; 1 when one of them was let through.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bountyhub.kit import database, migrate
from tests.ledger.guard_cases import POSTGRESQL, SQLITE, Case, refusal
from tests.ledger.guard_cases_log import ALL_CASES, prepare
from tests.servers import postgres, process

WRONG = "NOT"
_WIDEST = 60


def main() -> int:
    """Try all, print the table, count what was let through."""
    process.begin_run()
    try:
        name = f"{postgres.prefix()}_guards"
        found = {POSTGRESQL: tried(POSTGRESQL, postgres.owner_of(postgres.create_database(name)))}
        file = process.run_folder() / "guards.sqlite"
        migrate.upgrade(f"sqlite:///{file}")
        found[SQLITE] = tried(SQLITE, f"sqlite:///{file}")
        postgres.drop_database(name)
        postgres.leave_named_server()
    finally:
        process.end_run()
    print("\n".join(table(found)))
    let_through = sum(said.startswith(WRONG) for refusals in found.values() for said in refusals.values())
    print(f"{len(ALL_CASES)} attempts: {len(found[POSTGRESQL])} on PostgreSQL, {len(found[SQLITE])} on SQLite;"
          f" {let_through} let through")  # fmt: skip
    return 1 if let_through else 0


def tried(kind: str, url: str) -> dict[str, str]:
    """What this engine says to each case that is meant for it."""
    with configured(url):
        prepare()
        return {case.tried: judged(case, kind) for case in ALL_CASES if kind in case.by}


def judged(case: Case, kind: str) -> str:
    """The refusal, if it is the guard's own."""
    said = refusal(case)
    if said is None:
        return f"{WRONG} REFUSED"
    return said if re.search(case.by[kind], said) else f"{WRONG} BY ITS GUARD: {said}"


@contextmanager
def configured(url: str) -> Iterator[None]:
    """This process speaks to that database meanwhile."""
    engine = database.configure(url)
    yield
    engine.dispose()


def table(found: dict[str, dict[str, str]]) -> list[str]:
    """guard, what was tried, refused on PostgreSQL by, on SQLite by."""
    rows = [("guard", "tried", "refused on PostgreSQL by", "refused on SQLite by")]
    for case in ALL_CASES:
        said = [short(found[kind].get(case.tried, "–")) for kind in (POSTGRESQL, SQLITE)]
        rows.append((case.guard, case.tried, said[0], said[1]))
    wide = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(part.ljust(width) for part, width in zip(row, wide, strict=True)).rstrip() for row in rows]


def short(said: str) -> str:
    """A refusal without what every one of them says."""
    said = re.sub(r'^(ledger guard: |new row for relation "\w+" |\w+ constraint failed: )', "", said)
    said = re.sub(r'^.*violates [\w -]+ constraint "(\w+)".*$', r"\1", said)
    said = re.sub(r"^ck_\w+?_(ck_)", r"\1", said)
    return said if len(said) <= _WIDEST else f"{said[: _WIDEST - 1]}…"


if __name__ == "__main__":
    sys.exit(main())
