"""What was decided and turns out otherwise: releases undone, charge-backs won late, warnings that come true."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, dispute, queries, release, transfer, undo
from bountyhub.ledger.errors import Overdraft
from bountyhub.ledger.release import Into, Piece
from bountyhub.ledger.transfer import SharePiece
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, capture_one, held

pytestmark = pytest.mark.usefixtures("database")


def free(session: Session, *pieces: tuple[str, int, Into], key: str = "r") -> None:
    """Release parts of the first contribution."""
    release.released(
        session, key=key, pieces=[Piece(share, "c1", amount, into) for share, amount, into in pieces], terms=[A],
        effective_at=AT, actor=ACTOR,
    )  # fmt: skip


def withdraw(session: Session, amount: int = 5275, warning: str | None = None) -> None:
    dispute.funds_withdrawn(
        session, dispute="d1", contribution="c1", amount=amount, fee=1500, currency=EUR, outside_id="txn_d",
        effective_at=AT, actor=ACTOR, warning=warning,
    )  # fmt: skip


def win(session: Session) -> None:
    dispute.won(
        session, dispute="d1", contribution="c1", currency=EUR, outside_id="txn_w", effective_at=AT, actor=ACTOR
    )


def warn(session: Session) -> None:
    dispute.warned(session, dispute="w1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)


def here(session: Session) -> dict[str, int]:
    """What the first contribution has, by kind of account."""
    return queries.balances_by_contribution(session, ["c1"])["c1"]


def assert_sound() -> None:
    with reading() as session:
        assert verify(session).problems == []


def give_back(session: Session, amount: int) -> None:
    undo.release_returned(
        session, key="u", refund_ref="r1", terms=A, pieces=[SharePiece("s1", "c1", amount)], effective_at=AT,
        actor="operator",
    )  # fmt: skip


def test_a_release_undone_after_its_task_ended_goes_back_with_its_fee() -> None:
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 3000, "payable"), ("s2", 2000, "payable"))
        give_back(session, 3000)
        give_back(session, 3000)
        assert here(session) == {"payable": 2000, "refund_pending": 3165}
        assert held(session, accounts.income_fee()) == 110
    assert_sound()


def test_what_was_held_back_or_kept_is_undone_without_a_fee() -> None:
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 2000, "payable"), ("s2", 1000, "kept_for"), ("s3", 2000, "holdback"))
        places: list[tuple[str, int, Into]] = [
            ("s1", 2000, "payable"),
            ("s2", 1000, "kept_for"),
            ("s3", 2000, "holdback"),
        ]
        pieces = [Piece(share, "c1", amount, into) for share, amount, into in places]
        for _ in range(2):
            release.undone(session, key="u", pieces=pieces, terms=[A], effective_at=AT, actor=ACTOR)
        assert here(session) == {"escrow": 5000, "fee_held": 275}
        assert held(session, accounts.income_fee()) == 0
    assert_sound()


def test_what_was_transferred_comes_back_before_it_is_undone() -> None:
    pieces = [SharePiece("s1", "c1", 5000)]
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 5000, "payable"))
        transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
        with pytest.raises(Overdraft):
            give_back(session, 5000)
        transfer.confirmed(
            session, transfer="t1", amount=5000, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR
        )
        transfer.reversed_later(
            session, transfer="t1", pieces=pieces, currency=EUR, outside_id="txn_r", effective_at=AT, actor=ACTOR
        )
        give_back(session, 5000)
        assert here(session) == {"refund_pending": 5275}
        assert held(session, accounts.income_fee()) == 0
    assert_sound()


def test_a_charge_back_freezes_what_is_still_here_in_its_order() -> None:
    """1000 escrow, 1500 payable, 500 kept, 2000 held back, 193 of the fee: whoever comes last keeps most."""
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 1500, "payable"), ("s2", 500, "kept_for"), ("s3", 2000, "holdback"))
        assert here(session) == {"escrow": 1000, "payable": 1500, "kept_for": 500, "holdback": 2000, "fee_held": 193}
        before = here(session)
        withdraw(session, 2700)
        assert here(session) == {
            "dispute_funds": 2700, "frozen": 2700, "kept_for": 300, "holdback": 2000, "fee_held": 193,
        }  # fmt: skip
        win(session)
        assert here(session) == before
    assert_sound()


def test_a_charge_back_won_after_the_task_ended_returns_the_backers_part_only() -> None:
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 3000, "payable"), ("s2", 1000, "kept_for"))
        withdraw(session)
        for _ in range(2):
            undo.dispute_won_and_returned(
                session, dispute_ref="d1", refund_ref="r1", terms=A, outside_id="txn_w", effective_at=AT, actor=ACTOR
            )
        assert here(session) == {"payable": 3000, "kept_for": 1000, "fee_held": 55, "refund_pending": 1055}
    assert_sound()


def test_a_charge_back_won_reaches_the_payable_it_missed() -> None:
    with transaction() as session:
        capture_one(session, A)
        withdraw(session)
        win(session)
        free(session, ("s1", 5000, "payable"))
        assert here(session) == {"payable": 5000}
        assert held(session, accounts.income_fee()) == 275
    assert_sound()


def test_a_warning_that_comes_true_hands_its_money_to_the_charge_back() -> None:
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 2000, "payable"))
        before = here(session)
        warn(session)
        withdraw(session, warning="w1")
        withdraw(session, warning="w1")
        assert held(session, accounts.frozen("w1", "c1")) == 0
        assert held(session, accounts.frozen("d1", "c1")) == 2000 + 3000 + 165
        win(session)
        assert here(session) == before
    assert_sound()


def test_a_release_undone_that_is_warned_of_goes_back_whole() -> None:
    """Released and not transferred: the warning over, the release undone, all of it returned with the whole fee."""
    with transaction() as session:
        capture_one(session, A)
        free(session, ("s1", 5000, "payable"))
        warn(session)
        dispute.warning_over(session, dispute="w1", effective_at=AT, actor=ACTOR)
        give_back(session, 5000)
        assert here(session) == {"refund_pending": 5275}
    assert_sound()
