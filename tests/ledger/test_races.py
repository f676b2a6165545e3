"""Two sessions at once: one entry per event, no overdraft, no lost line; on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.database import configure, reading, transaction
from bountyhub.ledger import accounts, capture, refund, release, transfer
from bountyhub.ledger.errors import KeyReused, LedgerRefusal, Overdraft
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.transfer import SharePiece
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, capture_one, example_a, held, release_all

pytestmark = pytest.mark.usefixtures("database")


def at_once(count: int, work: Callable[[Session, int], object]) -> list[object]:
    """Run `work` in so many transactions that begin together; results, or the ledger's refusals, in order."""
    barrier = threading.Barrier(count)

    def one(number: int) -> object:
        barrier.wait()
        try:
            with transaction() as session:
                return work(session, number)
        except LedgerRefusal as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def assert_sound() -> None:
    with reading() as session:
        assert verify(session).problems == []


def test_the_same_event_by_two_processes_is_one_entry() -> None:
    """The very first entries of a fresh book: its accounts are created by both at once too."""
    ids = at_once(4, lambda session, _: capture_one(session, A).id)
    assert len(set(ids)) == 1
    with reading() as session:
        assert held(session, accounts.escrow("c1")) == 5000
        assert session.scalar(select(func.count()).select_from(Account)) == 3
    assert_sound()


def test_the_same_key_on_other_accounts_is_refused_to_the_second() -> None:
    def work(session: Session, number: int) -> object:
        moves = [Move(accounts.bank(), accounts.suspense(f"p{number}", None), 5)]
        return post(session, kind="drawn", key="k", moves=moves, currency=EUR, effective_at=AT, actor=ACTOR).id

    results = at_once(4, work)
    assert sum(isinstance(result, int) for result in results) == 1
    assert sum(isinstance(result, KeyReused) for result in results) == 3


def test_two_refunds_of_the_same_money_book_one() -> None:
    example_a()
    results = at_once(
        2,
        lambda session, number: (
            refund.asked(session, refund=f"r{number}", terms=A, from_escrow=3000, effective_at=AT, actor=ACTOR).id
        ),
    )
    assert sum(isinstance(result, Overdraft) for result in results) == 1
    with reading() as session:
        assert held(session, accounts.escrow("c1")) == 2000
        assert held(session, accounts.fee_held("c1")) == 110
    assert_sound()


def test_a_computed_fee_is_computed_once_when_a_release_and_a_refund_race() -> None:
    example_a()

    def work(session: Session, number: int) -> object:
        if number:
            return refund.asked(session, refund="r", terms=A, from_escrow=1999, effective_at=AT, actor=ACTOR).id
        piece = release.Piece("s1", "c1", 3001)
        return release.released(session, key="r", pieces=[piece], terms=[A], effective_at=AT, actor=ACTOR).id

    at_once(2, work)
    with reading() as session:
        assert held(session, accounts.fee_held("c1")) == 0
        assert held(session, accounts.income_fee()) in (165, 166)
    assert_sound()


def test_a_payees_money_is_asked_of_the_processor_once() -> None:
    example_a()
    release_all({"s1": 1})
    piece = SharePiece("s1", "c1", 5000)
    results = at_once(
        3,
        lambda session, number: (
            transfer.asked(
                session, transfer=f"t{number}", pieces=[piece], currency=EUR, effective_at=AT, actor=ACTOR
            ).id
        ),
    )
    assert sum(isinstance(result, Overdraft) for result in results) == 2
    assert_sound()


def test_64_postings_at_once_on_one_hot_account(database: str) -> None:
    """64 sessions, each with a connection of its own where the engine has connections to give."""
    configure(database, pool_size=64)

    def work(session: Session, number: int) -> object:
        return capture.cost(
            session, amount=number + 1, currency=EUR, outside_id=f"txn_{number}", effective_at=AT, actor=ACTOR
        ).id

    ids = at_once(64, work)
    lines = select(Line).join(Account, Account.id == Line.account_id).where(Account.path == "clearing")
    with reading() as session:
        booked = list(session.scalars(lines.order_by(Line.version)))
        assert held(session, accounts.clearing()) == -sum(range(1, 65)) == booked[-1].balance_after
    assert {line.entry_id for line in booked} == set(ids)
    assert [line.version for line in booked] == list(range(1, 65))
    assert [line.balance_after for line in booked] == list(accumulate(line.amount for line in booked))
    assert_sound()


def test_postings_that_touch_the_same_accounts_in_other_order_do_not_lock_each_other_out() -> None:
    example_a()

    def work(session: Session, number: int) -> object:
        ways = [accounts.escrow("c1"), accounts.escrow("c2"), accounts.escrow("c3")]
        first, second = ways[number % 3], ways[(number + 1) % 3]
        return post(
            session, kind="moved", key=f"m{number}", moves=[Move(first, second, 1)], currency=EUR, effective_at=AT,
            actor=ACTOR,
        ).id  # fmt: skip

    results = at_once(6, work)
    assert all(isinstance(result, int) for result in results)
    assert_sound()


def test_what_a_session_rolls_back_was_never_there() -> None:
    def work(session: Session, _: int) -> object:
        capture_one(session, A)
        raise Overdraft("never mind")

    at_once(1, work)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 0
