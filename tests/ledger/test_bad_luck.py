"""Amounts at the edge of 64 bits, keys used twice, and a clock that goes backwards; on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, clocks, dispute, move, queries, statement, suspense, treasury
from bountyhub.ledger.errors import AmountTooLarge, KeyReused
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, ask_refund, capture_one, held
from tests.ledger.log.books import seal_all, use_settings

pytestmark = pytest.mark.usefixtures("database")

MOST = 2**63 - 1


def cost(session: Session, amount: int, outside_id: str = "txn_1") -> Entry:
    """A negative amount is one that the processor gave back."""
    return capture.cost(session, amount=amount, currency=EUR, outside_id=outside_id, effective_at=AT, actor=ACTOR)


def top_up(session: Session, amount: int) -> Entry:
    return treasury.topped_up(session, amount=amount, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR)


def two_halves(session: Session, amount: int) -> Entry:
    """Too much for one account only when its two moves are summed."""
    half = Move(accounts.cost_processor(), accounts.bank(), amount // 2)
    return post(session, kind="drawn", key="k", moves=[half, half], currency=EUR, effective_at=AT, actor=ACTOR)


@pytest.fixture
def moved_clock() -> Iterator[Callable[[timedelta], None]]:
    """Sets business time so far off; right again afterwards."""
    before = clock.offset()
    yield clock.set_offset
    clock.set_offset(before)


@pytest.mark.parametrize("book", [cost, two_halves])
def test_an_amount_beyond_64_bits_is_refused(book: Callable[[Session, int], Entry]) -> None:
    with transaction() as session:
        for amount in (2**63, 2**63 + 2, 2**64, 10**30):
            with pytest.raises(AmountTooLarge):
                book(session, amount)
        for amount in (-(2**63), -(2**63) - 1):
            with pytest.raises(AmountTooLarge):
                cost(session, amount)
    with reading() as session:
        assert session.scalars(select(Entry)).all() == []


@pytest.mark.parametrize("sign", [1, -1])
def test_a_balance_beyond_64_bits_is_refused_on_either_side(sign: int) -> None:
    with transaction() as session:
        cost(session, sign * MOST)
        with pytest.raises(AmountTooLarge):
            cost(session, sign, "txn_2")
        assert held(session, accounts.clearing()) == -sign * MOST
        cost(session, -sign * MOST, "txn_3")
    with reading() as session:
        assert held(session, accounts.clearing()) == 0
        assert verify(session).problems == []


def test_the_largest_book_is_sound_and_counts_to_the_unit() -> None:
    with transaction() as session:
        top_up(session, MOST)
        assert queries.own_funds(session, EUR) == MOST
        (total,) = queries.totals(session)
        assert (total.clearing, total.owed) == (MOST, 0)
    with reading() as session:
        assert verify(session).problems == []


def test_a_clock_that_goes_backwards_leaves_the_books_in_order(
    moved_clock: Callable[[timedelta], None],
) -> None:
    with transaction() as session:
        first = capture_one(session, A)
    moved_clock(timedelta(days=-400))
    with transaction() as session:
        ask_refund(session, "r1", A, from_escrow=1000)
        later = list(session.scalars(select(Entry).order_by(Entry.id)))[-1]
        assert later.id > first.id
        assert later.recorded_at < first.recorded_at
        kinds = [line.kind for line in statement.lines_for(session, ["c1"])]
        assert kinds == ["captured"] * 2 + ["refund_asked"] * 3
        assert clocks.pending_too_long(session, clock.now()) == []
    use_settings()
    seal_all()
    with reading() as session:
        assert verify(session).problems == []


def test_what_was_effective_long_before_is_booked_after_what_came_first() -> None:
    """The processor's time and ours: a late report changes no balance that was told before."""
    with transaction() as session:
        capture.captured_wrong(
            session, payment="p1", contribution="c1", amount=5275, currency=EUR, outside_id="txn_1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        entry = suspense.matched(
            session, payment="p1", contribution="c1", amount=5000, fee=275, currency=EUR,
            effective_at=AT - timedelta(days=900), actor="operator",
        )  # fmt: skip
        assert entry.effective_at == AT - timedelta(days=900)
        assert abs(entry.recorded_at - clock.now()) < timedelta(minutes=1)
        assert next(line.kind for line in statement.lines_for(session, ["c1"])) == "captured_wrong"
    with reading() as session:
        assert verify(session).problems == []


def test_a_computed_event_told_again_with_other_content_is_refused() -> None:
    with transaction() as session:
        capture_one(session, A)
        _charged_back(session, 1000)
        assert _charged_back(session, 1000).kind == "dispute_withdrawn"
        with pytest.raises(KeyReused):
            _charged_back(session, 1001)
        _moved(session, "c8")
        assert _moved(session, "c8").kind == "moved"
        with pytest.raises(KeyReused):
            _moved(session, "c9")
    with reading() as session:
        assert verify(session).problems == []


def _charged_back(session: Session, amount: int) -> Entry:
    return dispute.funds_withdrawn(
        session, dispute="d1", contribution="c1", amount=amount, fee=1500, currency=EUR, outside_id="txn_d",
        effective_at=AT, actor=ACTOR,
    )  # fmt: skip


def _moved(session: Session, target: str) -> Entry:
    return move.moved(session, key="moved:c1", source="c1", target=target, currency=EUR, effective_at=AT, actor=ACTOR)
