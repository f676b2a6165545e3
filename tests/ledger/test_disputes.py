"""Charge-backs: worked examples C and D, warnings, and what comes back; on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, dispute, queries, release, transfer
from bountyhub.ledger.errors import KeyReused
from bountyhub.ledger.transfer import SharePiece
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, ask_refund, capture_one, example_a, held

pytestmark = pytest.mark.usefixtures("database")


def withdraw(session: Session, amount: int = 5275, fee: int = 1500, outside_id: str = "txn_d") -> None:
    dispute.funds_withdrawn(
        session, dispute="d1", contribution="c1", amount=amount, fee=fee, currency=EUR, outside_id=outside_id,
        effective_at=AT, actor=ACTOR,
    )  # fmt: skip


def lose(session: Session) -> None:
    dispute.lost(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)


def win(session: Session, refund: str | None = None, outside_id: str = "txn_w") -> None:
    dispute.won(
        session, dispute="d1", contribution="c1", currency=EUR, outside_id=outside_id, effective_at=AT, actor=ACTOR,
        refund=refund,
    )  # fmt: skip


def pay(session: Session, released: int, transferred: int) -> None:
    release.released(
        session, key="r", pieces=[release.Piece("s1", "c1", released)], terms=[A], effective_at=AT, actor=ACTOR
    )
    pieces = [SharePiece("s1", "c1", transferred)]
    transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
    transfer.confirmed(
        session, transfer="t1", amount=transferred, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR
    )


def assert_over() -> None:
    with reading() as session:
        assert held(session, accounts.frozen("d1", "c1")) == 0
        assert held(session, accounts.dispute_funds("d1", "c1")) == 0
        assert verify(session).problems == []


@pytest.mark.parametrize("won", [True, False])
def test_c_a_dispute_before_the_release(won: bool) -> None:
    example_a()
    with transaction() as session:
        assert queries.own_funds(session, EUR) == -202
        withdraw(session)
        withdraw(session)
        assert queries.own_funds(session, EUR) == -1702
        assert held(session, accounts.frozen("d1", "c1")) == 5275
        if won:
            win(session)
        else:
            lose(session)
            lose(session)
        assert queries.own_funds(session, EUR) == -1702
        assert held(session, accounts.escrow("c1")) == (5000 if won else 0)
        assert held(session, accounts.fee_held("c1")) == (275 if won else 0)
    assert_over()


def test_d1_a_dispute_when_all_is_released_and_most_is_transferred() -> None:
    with transaction() as session:
        capture_one(session, A)
        pay(session, released=5000, transferred=3000)
        before = queries.own_funds(session, EUR)
        withdraw(session)
        assert held(session, accounts.frozen("d1", "c1")) == 2000
        assert queries.own_funds(session, EUR) == before - (5275 + 1500 - 2000)
        lose(session)
        assert held(session, accounts.cost_chargeback_loss()) == 3275
        assert queries.own_funds(session, EUR) == before - (5275 + 1500 - 2000)
    assert_over()


def test_d2_a_dispute_when_a_part_is_released_and_transferred() -> None:
    with transaction() as session:
        capture_one(session, A)
        pay(session, released=3000, transferred=3000)
        assert held(session, accounts.income_fee()) == 165
        before = queries.own_funds(session, EUR)
        withdraw(session)
        assert held(session, accounts.frozen("d1", "c1")) == 2110
        lose(session)
        assert held(session, accounts.cost_chargeback_loss()) == 3165
        assert queries.own_funds(session, EUR) == before - (5275 + 1500 - 2110)
    assert_over()


def test_a_dispute_about_a_part_leaves_the_rest_where_it_is() -> None:
    with transaction() as session:
        capture_one(session, A)
        withdraw(session, amount=3000)
        assert held(session, accounts.escrow("c1")) == 2000
        assert held(session, accounts.fee_held("c1")) == 275


def test_a_dispute_won_after_the_task_is_over_goes_back_to_the_backer() -> None:
    with transaction() as session:
        capture_one(session, A)
        withdraw(session)
        win(session, refund="r1")
        assert held(session, accounts.refund_pending("r1", "c1")) == 5275
    assert_over()


def test_a_dispute_of_money_that_is_on_its_way_back_is_the_operators_loss() -> None:
    with transaction() as session:
        capture_one(session, A)
        ask_refund(session, "r1", A, from_escrow=5000)
        withdraw(session)
        assert held(session, accounts.frozen("d1", "c1")) == 0
        lose(session)
        assert held(session, accounts.cost_chargeback_loss()) == 5275
    assert_over()


def test_a_warning_freezes_everything_and_ages_out() -> None:
    with transaction() as session:
        capture_one(session, A)
        dispute.warned(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
        dispute.warned(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.frozen("d1", "c1")) == 5275
        assert queries.own_funds(session, EUR) == 0
        dispute.warning_over(session, dispute="d1", effective_at=AT, actor=ACTOR)
        assert held(session, accounts.escrow("c1")) == 5000
    assert_over()


def test_a_warning_may_end_in_a_refund() -> None:
    with transaction() as session:
        capture_one(session, A)
        dispute.warned(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
        dispute.warning_refunded(
            session, dispute="d1", contribution="c1", refund="r1", amount=5275, currency=EUR, effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.refund_pending("r1", "c1")) == 5275
    assert_over()


def test_a_release_that_is_undone_holds_the_fee_again() -> None:
    with transaction() as session:
        capture_one(session, A)
        pieces = [release.Piece("s1", "c1", 3000)]
        release.released(session, key="r", pieces=pieces, terms=[A], effective_at=AT, actor=ACTOR)
        release.undone(session, key="u", pieces=pieces, terms=[A], effective_at=AT, actor="operator")
        assert queries.balances_by_contribution(session, ["c1"]) == {"c1": {"escrow": 5000, "fee_held": 275}}
    with reading() as session:
        assert verify(session).problems == []


def test_another_balance_transaction_is_not_the_same_event() -> None:
    example_a()
    with transaction() as session:
        withdraw(session)
    with pytest.raises(KeyReused), transaction() as session:
        withdraw(session, outside_id="txn_e")
    with transaction() as session:
        win(session)
    with pytest.raises(KeyReused), transaction() as session:
        win(session, outside_id="txn_x")
