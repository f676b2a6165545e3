"""`verify` names what somebody changed behind the guards' back, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from bountyhub.kit import clock
from bountyhub.kit.database import engine, reading, transaction
from bountyhub.ledger import accounts
from bountyhub.ledger.accounts import RULES
from bountyhub.ledger.flows import FLOWS, TOUCHES
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.statement import EVENTS, PLACES
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, B, ask_refund, example_a, release_all

pytestmark = pytest.mark.usefixtures("owned")


@contextmanager
def unguarded() -> Iterator[Connection]:
    """A connection for which no trigger, foreign key or check speaks up; the triggers are back afterwards."""
    with engine().connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
            yield connection
            connection.commit()
            connection.execute(text("SET session_replication_role = DEFAULT"))
            connection.commit()
        else:
            yield from _unguarded_sqlite(connection)
    engine().dispose()


def _unguarded_sqlite(connection: Connection) -> Iterator[Connection]:
    triggers = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    connection.rollback()
    connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield connection
    for _, sql in triggers:
        connection.exec_driver_sql(sql)
    connection.commit()


def found_after(*statements: str) -> list[str]:
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with unguarded() as connection:
        for statement in statements:
            connection.execute(text(statement))
    with reading() as session:
        return [str(problem) for problem in verify(session).problems]


def entry_id(key: str) -> str:
    return f"(SELECT id FROM ledger_entry WHERE key = '{key}')"


def account_id(path: str) -> str:
    return f"(SELECT id FROM ledger_account WHERE path = '{path}')"


def line_of(key: str, path: str) -> str:
    return f"ledger_line WHERE entry_id = {entry_id(key)} AND account_id = {account_id(path)}"


def test_sound_books_have_no_problem_and_tell_what_was_looked_at() -> None:
    example_a()
    said: list[str] = []
    with reading() as session:
        report = verify(session, said.append)
    assert report.sound
    assert (report.entries, report.accounts, report.lines) == (6, 8, 15)
    assert said == report.checks
    assert len(said) >= 15


def test_what_is_late_or_missing_is_a_warning_and_the_books_are_sound() -> None:
    example_a()
    with transaction() as session:
        ask_refund(session, "r1", B, from_escrow=1000)
    clock.set_offset(timedelta(days=4))
    try:
        with reading() as session:
            report = verify(session)
    finally:
        clock.set_offset(timedelta(0))
    assert report.sound
    own, late = report.warnings
    assert own == "own funds are -2.02 EUR: top up the processor's balance"
    assert late.startswith("refund_pending/r1 holds 10.60 EUR of contribution c2 since ")


def test_an_empty_book_is_sound() -> None:
    with reading() as session:
        assert verify(session).sound


def test_a_line_changed_behind_the_guards_is_named() -> None:
    problems = found_after(
        "UPDATE ledger_line SET amount = amount - 1 WHERE id = "
        f"(SELECT id FROM {line_of('captured:p-c1', 'escrow/c1')})"
    )
    assert any(problem.startswith("entry 1 has 3 lines that sum to -1, sealed with 3") for problem in problems)
    assert any(problem.startswith("account escrow/c1 line") for problem in problems)


def test_a_line_deleted_behind_the_guards_is_named() -> None:
    problems = found_after(f"DELETE FROM {line_of('captured:p-c1', 'fee_held/c1')}")
    assert any(problem.startswith("entry 1 has 2 lines that sum to 275, sealed with 3") for problem in problems)
    assert any(problem.startswith("account fee_held/c1 stands at -28 after 2 lines, but has 1") for problem in problems)


def test_a_balance_changed_behind_the_guards_is_named() -> None:
    problems = found_after("UPDATE ledger_account SET balance = balance - 100 WHERE path = 'payable/s1/c1'")
    assert any(problem.startswith("account payable/s1/c1 stands at") for problem in problems)
    assert any(problem.startswith("currency EUR is out of balance by -100") for problem in problems)


def test_an_entry_without_a_seal_and_a_seal_without_an_entry_are_named() -> None:
    problems = found_after("UPDATE ledger_seal SET entry_id = 99 WHERE entry_id = 2")
    assert any("entry 2 has 2 lines that sum to 0, no seal" in problem for problem in problems)
    assert any("seal 99 seals no entry" in problem for problem in problems)


def test_a_line_of_nothing_is_named() -> None:
    problems = found_after("UPDATE ledger_line SET entry_id = 99 WHERE id = 1")
    assert any(problem.startswith("line 1 belongs to no entry") for problem in problems)


def test_clearing_without_a_balance_transaction_is_named() -> None:
    problems = found_after("UPDATE ledger_entry SET outside_id = NULL WHERE id = 1")
    assert any("entry 1 touches clearing without an outside id" in problem for problem in problems)


def test_an_account_whose_rule_or_kind_was_changed_is_named() -> None:
    problems = found_after("UPDATE ledger_account SET path = 'fee_held/zz' WHERE path = 'escrow/c1'")
    assert any("account fee_held/zz belongs to nobody, contribution c1" in problem for problem in problems)


def test_another_currency_is_named() -> None:
    problems = found_after("UPDATE ledger_account SET currency = 'USD' WHERE path = 'escrow/c1'")
    assert any("in EUR has a line on escrow/c1 in USD" in problem for problem in problems)


def test_an_unknown_kind_of_entry_is_named() -> None:
    problems = found_after("UPDATE ledger_entry SET kind = 'gift' WHERE id = 1")
    assert any("entry 1 is of the unknown kind gift" in problem for problem in problems)


def test_a_reversal_that_is_not_the_opposite_is_named() -> None:
    problems = found_after("UPDATE ledger_entry SET reverses = 1 WHERE id = 3")
    assert any("entry 3 does not take back entry 1 on account escrow/c1" in problem for problem in problems)


def test_a_missing_trigger_is_named() -> None:
    example_a()
    with engine().connect() as connection:
        table = " ON ledger_line" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER ledger_line_check{table}"))
        connection.commit()
    with reading() as session:
        assert [problem.where for problem in verify(session).problems] == ["trigger ledger_line_check"]


def test_money_that_wanders_between_contributions_is_named() -> None:
    """Balanced, sealed and taken by every guard: only conservation sees that it is wrong."""
    example_a()
    with transaction() as session:
        moves = [Move(accounts.escrow("c1"), accounts.payable("s1", "c2"), 100)]
        post(session, kind="released", key="k", moves=moves, currency=EUR, effective_at=AT, actor=ACTOR)
    with reading() as session:
        problems = [str(problem) for problem in verify(session).problems]
    assert any(problem.startswith("entry 7 changes the money of c1 by -100") for problem in problems)
    assert any(problem.startswith("entry 7 changes the money of c2 by 100") for problem in problems)


def problems_after(kind: str, *moves: Move) -> list[str]:
    """What is said of an entry that every guard took."""
    example_a()
    with transaction() as session:
        post(session, kind=kind, key="k", moves=list(moves), currency=EUR, effective_at=AT, actor=ACTOR)
    with reading() as session:
        return [str(problem) for problem in verify(session).problems]


def test_a_move_to_an_account_that_is_not_a_contributions_is_named() -> None:
    problems = problems_after("moved", Move(accounts.escrow("c1"), accounts.income_withdrawal(), 100))
    assert {problem.partition(" (")[0] for problem in problems} == {
        "entry 7 of kind moved may not credit income/withdrawal",
        "entry 7 changes what is moved of income/withdrawal by 100",
        "entry 7 changes what is moved of escrow by -100", "entry 7 is of 1 contributions",
    }  # fmt: skip


def test_a_refund_to_the_bank_is_named() -> None:
    problems = problems_after("refund_asked", Move(accounts.escrow("c2"), accounts.bank(), 100))
    assert "entry 7 of kind refund_asked may not credit bank (broken: each event touches only its accounts)" in problems


def test_a_refund_of_two_contributions_is_named() -> None:
    problems = problems_after("refund_asked", Move(accounts.escrow("c2"), accounts.refund_pending("r1", "c1"), 100))
    assert any(problem.startswith("entry 7 is of 2 contributions") for problem in problems)


def test_a_move_that_turns_escrow_into_a_fee_is_named() -> None:
    problems = problems_after("moved", Move(accounts.escrow("c1"), accounts.fee_held("c2"), 100))
    assert any(problem.startswith("entry 7 changes what is moved of escrow by -100") for problem in problems)


def test_every_event_is_told_which_accounts_it_may_touch() -> None:
    assert TOUCHES.keys() == FLOWS.keys()
    assert {kind for touches in TOUCHES.values() for side in touches for kind in side} == RULES.keys()


def test_a_fee_taken_in_excess_is_named() -> None:
    example_a()
    with transaction() as session:
        moves = [
            Move(accounts.escrow("c1"), accounts.payable("s1", "c1"), 100),
            Move(accounts.fee_held("c1"), accounts.income_fee(), 275),
        ]
        post(session, kind="released", key="k", moves=moves, currency=EUR, effective_at=AT, actor=ACTOR)
    with reading() as session:
        problems = [str(problem) for problem in verify(session).problems]
    assert len(problems) == 1
    assert problems[0].startswith("contribution c1 earned 275 of its fee of 275 on 100 of 5000, 5 is right")


def test_every_event_and_every_place_has_its_words() -> None:
    touching = {kind for kind, flow in FLOWS.items() if flow != "none"}
    assert touching <= EVENTS.keys()
    assert PLACES.keys() <= RULES.keys()
