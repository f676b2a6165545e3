"""The check of large books: the same checks, two at a time, on one committed state."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bountyhub.kit.database import engine, reading
from bountyhub.kit.snapshot import snapshot
from bountyhub.ledger.verify import finders, verify
from bountyhub.ledger.whole import verify_whole
from tests.ledger.books import example_a, release_all, top_up
from tests.ledger.test_verify import unguarded

pytestmark = pytest.mark.usefixtures("owned")


def test_it_finds_what_the_checks_one_by_one_find() -> None:
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with unguarded() as connection:
        connection.execute(text("UPDATE ledger_line SET amount = amount + 1 WHERE entry_id = 1"))
    whole = verify_whole()
    with reading() as session:
        one_by_one = verify(session)
    assert not whole.sound
    assert whole == one_by_one


def test_it_tells_each_check_once_when_it_is_done() -> None:
    example_a()
    said: list[str] = []
    report = verify_whole(said.append)
    assert report.sound
    assert sorted(said) == sorted(report.checks)


def test_what_is_booked_meanwhile_is_not_seen() -> None:
    with snapshot(2) as sessions:
        top_up(100)
        counts = [session.scalar(text("SELECT count(*) FROM ledger_entry")) for session in sessions]
    # SQLite gives each connection a moment of its own, but both began before the entry.
    assert counts == [0, 0]


def test_a_check_that_breaks_is_a_problem_and_the_others_go_on() -> None:
    example_a()
    table = "ledger_seal"
    with engine().connect() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO away"))
        connection.commit()
    report = verify_whole()
    broken = [problem for problem in report.problems if problem.where == "this rule"]
    assert [problem.check for problem in broken] == [
        "every entry is sealed, balanced and has two lines or more", "no row is an orphan",
    ]  # fmt: skip
    assert all("could not be looked at: " in problem.what and table in problem.what for problem in broken)
    assert all("\n" not in problem.what for problem in broken)
    assert len(report.checks) == len(finders())
    with reading() as session:
        assert verify(session) == report
