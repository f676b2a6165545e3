"""Sums by kind: carried forward by a job, the newest lines added by the reader; and the proof made with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import dispute, jobs, refund
from bountyhub.ledger import sums as carried
from bountyhub.ledger.models import CarriedSum, Entry
from bountyhub.ledger.overview import Overview, overview
from bountyhub.ledger.sums import Sums, carry, sums
from bountyhub.ledger.verify import finders, verify
from tests.ledger.books import ACTOR, AT, EUR, A, ask_refund, example_a, release_all

pytestmark = pytest.mark.usefixtures("database")


def read() -> Sums:
    with reading() as session:
        return sums(session)


def carry_on() -> int:
    with transaction() as session:
        return carry(session)


def look() -> Overview:
    with reading() as session:
        (found,) = overview(session)
    return found


def tamper(kind: str = "escrow") -> None:
    with transaction() as session:
        session.execute(text("UPDATE ledger_sum SET amount = amount + 1 WHERE account_kind = :kind"), {"kind": kind})


@pytest.fixture(autouse=True)
def _time() -> Iterator[None]:
    clock.set_offset(timedelta(0))
    yield
    clock.set_offset(timedelta(0))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was booked was booked long ago."""
    monkeypatch.setattr(carried, "SETTLED", timedelta(days=-1))


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two entries are carried at a time."""
    monkeypatch.setattr(carried, "BATCH", 2)


def run_jobs() -> list[str]:
    """Run what is due; the names of the jobs."""
    names = []
    while taken := outbox.claim(1):
        with reading() as session:
            names.append(session.get_one(OutboxJob, taken[0].row).name)
        outbox.run(taken[0])
    return names


def ask(name: str, **args: Any) -> None:
    with transaction() as session:
        outbox.add(session, name, **args)


def test_the_newest_entries_are_not_carried_yet_but_counted() -> None:
    example_a()
    assert carry_on() == 0
    clock.set_offset(timedelta(days=1))
    assert carry_on() == 0  # business time jumped, nobody's commit is older for that
    assert read()[EUR, "escrow", "captured"] == -8501


@pytest.mark.usefixtures("settled")
def test_carrying_changes_no_sum_whenever_it_happens() -> None:
    example_a()
    before = read()
    assert carry_on() == 6 and carry_on() == 6
    assert read() == before
    release_all({"s1": 1})
    assert read()[EUR, "payable", "released"] == -8501
    assert carry_on() == 7
    with reading() as session:
        assert {row.upto for row in session.scalars(select(CarriedSum))} == {7}
        assert verify(session).sound


@pytest.mark.usefixtures("settled")
def test_a_sum_that_was_tampered_with_is_found_and_breaks_the_proof() -> None:
    example_a()
    carry_on()
    assert look().balanced
    tamper()
    assert not look().balanced
    with reading() as session:
        problems = [str(problem) for problem in verify(session).problems]
    assert problems == [
        "sum of captured on escrow in EUR is carried as -8500, its lines up to entry 6 sum to -8501 "
        "(broken: the sums carried forward are those of their lines)"
    ]


@pytest.mark.usefixtures("settled")
def test_a_sum_that_was_removed_is_found() -> None:
    example_a()
    carry_on()
    with transaction() as session:
        session.execute(text("DELETE FROM ledger_sum WHERE account_kind = 'escrow'"))
    with reading() as session:
        (problem,) = verify(session).problems
    assert str(problem).startswith("sum of captured on escrow in EUR is not carried at all, its lines sum to -8501 ")


@pytest.mark.usefixtures("settled", "few")
def test_some_entries_are_carried_at_a_time_until_none_is_left() -> None:
    example_a()
    before = read()
    assert carry_on() == 2
    ask("ledger.carry_sums")
    assert run_jobs() == ["ledger.carry_sums", "ledger.carry_more"]
    assert (carry_on(), read(), look().balanced) == (6, before, True)


@pytest.mark.usefixtures("settled", "few")
def test_what_disagrees_with_the_balances_is_computed_anew_within_the_hour() -> None:
    example_a()
    before = read()
    assert [carry_on() for _ in range(3)] == [2, 4, 6]
    tamper()
    ask("ledger.carry_sums")
    run_jobs()
    assert (read(), look().balanced) == (before, True)
    assert not carried.recompute()


@pytest.mark.usefixtures("settled")
def test_an_entry_that_committed_after_the_mark_had_passed_it_is_not_lost() -> None:
    example_a()
    before = read()
    carry_on()
    with transaction() as session:  # as if entries of its kind had not been there to be carried
        kind = select(Entry.kind).where(Entry.id == 1).scalar_subquery()
        session.execute(delete(CarriedSum).where(CarriedSum.entry_kind == kind))
    assert not look().balanced
    ask("ledger.carry_sums")
    run_jobs()
    assert (read(), look().balanced) == (before, True)


@pytest.mark.usefixtures("settled")
def test_what_only_the_daily_check_can_find_is_computed_anew_too(monkeypatch: pytest.MonkeyPatch) -> None:
    example_a()
    before = read()
    carry_on()
    with transaction() as session:  # escrow's sum is right, but under another kind of entry
        session.execute(text("UPDATE ledger_sum SET entry_kind = 'topped_up' WHERE account_kind = 'escrow'"))
    assert look().lines_agree
    rule = (carried.RULE, dict(finders())[carried.RULE])
    monkeypatch.setattr(jobs, "finders", lambda: [rule])
    ask("ledger.check_rule", number=0)
    assert run_jobs() == ["ledger.check_rule", "ledger.recompute_sums"]
    assert {key: amount for key, amount in read().items() if amount} == before


def test_what_there_is_equals_what_is_owed_and_own() -> None:
    example_a()
    found = look()
    assert (found.clearing, found.owed, found.own_funds, found.captured) == (8799, 9001, -202, 9001)
    assert found.balanced and found.have == found.owed + found.own_funds
    release_all({"s1": 1}, holdback_percent=10)
    found = look()
    assert (found.released, found.fees_earned, found.held, found.costs) == (7651, 449, 850, 202)
    assert found.balanced


def test_money_that_came_back_is_counted_when_it_left() -> None:
    example_a()
    with transaction() as session:
        total = ask_refund(session, "r1", A, 5000)
    assert (look().returned, look().balanced) == (0, True)
    with transaction() as session:
        refund.debited(
            session, refund="r1", contribution="c1", amount=total, currency=EUR, outside_id="txn_r", effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
    assert (look().returned, look().balanced) == (5275, True)


def test_a_charge_back_costs_own_funds_once_and_the_proof_holds_all_the_time() -> None:
    example_a()
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution="c1", amount=6000, fee=1500, currency=EUR, outside_id="txn_d",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
    taken = look()
    assert (taken.covered, taken.charged_back, taken.losses, taken.balanced) == (5275, 6000, 0, True)
    with transaction() as session:
        dispute.lost(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
    lost = look()
    assert (lost.covered, lost.losses, lost.balanced) == (0, 725, True)
    assert lost.own_funds == taken.own_funds == -202 - 1500 - 725
