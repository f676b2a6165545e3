"""Transfers, payees who can't be paid, tax, kept sums and the operator's own money, event by event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, move, queries, refund, release, transfer, treasury
from bountyhub.ledger.errors import EntryNotFound
from bountyhub.ledger.positions import Terms
from bountyhub.ledger.release import Piece
from bountyhub.ledger.transfer import SharePiece
from bountyhub.ledger.verify import verify
from tests.ledger.books import (
    ACTOR,
    AT,
    COSTS,
    EUR,
    A,
    B,
    ask_refund,
    capture_one,
    example_a,
    held,
    release_all,
    top_up,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("database")


def test_a_transfer_that_came_back_is_payable_again() -> None:
    example_a()
    release_all({"s1": 1})
    with transaction() as session:
        pieces = [SharePiece("s1", name, part) for name, part in queries.pieces_of_share(session, "s1", "payable")]
        transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
        transfer.confirmed(
            session, transfer="t1", amount=8501, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR
        )
        transfer.reversed_later(
            session, transfer="t1", pieces=pieces[:1], currency=EUR, outside_id="txn_r", effective_at=AT, actor=ACTOR
        )
        assert queries.balances_by_owner(session, ["s1"], "payable") == {"s1": 5000}
        assert held(session, accounts.clearing()) == 9001 - 202 - 8501 + 5000
    with reading() as session:
        assert verify(session).problems == []


def test_a_payee_who_can_not_be_paid_unearns_the_fee_and_a_claim_earns_it_again() -> None:
    example_a()
    release_all({"s1": 1})
    with transaction() as session:
        assert held(session, accounts.income_fee()) == 500
        pieces = [Piece("s1", "c1", 2000), Piece("s1", "c2", 2500)]
        release.became_unsendable(session, key="u1", pieces=pieces, terms=[A, B], effective_at=AT, actor=ACTOR)
        assert held(session, accounts.fee_held("c1")) == 275 - 165
        assert held(session, accounts.income_fee()) == 500 - 110 - 150
        release.kept_claimed(session, key="k1", pieces=pieces, terms=[A, B], effective_at=AT, actor=ACTOR)
        assert held(session, accounts.income_fee()) == 500
    with reading() as session:
        assert verify(session).problems == []


def test_tax_on_a_fee_follows_it() -> None:
    taxed = replace(A, vat=52, country="DE")
    with transaction() as session:
        capture_one(session, taxed)
        assert held(session, accounts.vat_held("c1")) == 52
        release.released(
            session, key="r", pieces=[Piece("s1", "c1", 3000)], terms=[taxed], effective_at=AT, actor=ACTOR
        )
        assert held(session, accounts.vat_due("DE")) == 31
        refund.asked(session, refund="r1", terms=taxed, from_escrow=2000, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.refund_pending("r1", "c1")) == 2000 + 110 + 21
        treasury.vat_paid(
            session, key="v1", country="DE", amount=31, currency=EUR, note="March", effective_at=AT, actor="operator"
        )
        assert held(session, accounts.vat_due("DE")) == 0
    with reading() as session:
        assert verify(session).problems == []


def test_a_kept_sum_and_goodwill_at_a_withdrawal() -> None:
    example_a()
    with transaction() as session:
        before = queries.own_funds(session, EUR)
        refund.asked(session, refund="r1", terms=A, from_escrow=5000, kept=100, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.refund_pending("r1", "c1")) == 5175
        refund.asked(session, refund="r2", terms=B, from_escrow=2500, goodwill=62, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.refund_pending("r2", "c2")) == 2712
        assert queries.own_funds(session, EUR) == before + 100 - 62
    with reading() as session:
        assert verify(session).problems == []


def test_the_float_and_payouts_are_the_operators() -> None:
    example_a()
    top_up(50000)
    with transaction() as session:
        assert queries.own_funds(session, EUR) == 50000 - sum(COSTS.values())
        treasury.paid_out(session, amount=20000, currency=EUR, outside_id="po_1", effective_at=AT, actor=ACTOR)
        treasury.drawn(session, key="d1", amount=20000, currency=EUR, note="rent", effective_at=AT, actor="operator")
        assert queries.own_funds(session, EUR) == 30000 - sum(COSTS.values())
        assert held(session, accounts.bank()) == 0


def test_a_refused_transfer_makes_everything_payable_again_once() -> None:
    example_a()
    release_all({"s1": 1})
    with transaction() as session:
        pieces = [SharePiece("s1", name, part) for name, part in queries.pieces_of_share(session, "s1", "payable")]
        assert sum(piece.amount for piece in pieces) == 8501
        asked = transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
        back = transfer.refused(session, transfer="t1", effective_at=AT, actor=ACTOR)
        assert back.reverses == asked.id
        assert transfer.refused(session, transfer="t1", effective_at=AT, actor=ACTOR).id == back.id
        assert queries.balances_by_owner(session, ["s1"], "payable") == {"s1": 8501}
        transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR, attempt=2)
        assert held(session, accounts.transfer_pending("t1")) == 8501
        with pytest.raises(EntryNotFound):
            transfer.refused(session, transfer="t2", effective_at=AT, actor=ACTOR)
    with reading() as session:
        assert verify(session).problems == []


def test_what_moved_on_took_the_rest_of_the_fee_even_if_a_release_is_undone_later() -> None:
    seven = Terms("c7", 7, 5, EUR)
    one = [Piece("s1", "c7", 1)]
    with transaction() as session:
        capture_one(session, seven)
        release.released(session, key="r", pieces=one, terms=[seven], effective_at=AT, actor=ACTOR)
        assert ask_refund(session, "f1", seven, from_escrow=5) == 5 + 3
        move.moved(session, key="m", source="c7", target="c8", currency=EUR, effective_at=AT, actor=ACTOR)
        assert held(session, accounts.fee_held("c8")) == 2
        release.undone(session, key="u", pieces=one, terms=[seven], effective_at=AT, actor=ACTOR)
        assert ask_refund(session, "f2", seven, from_escrow=1) == 1
    with reading() as session:
        assert verify(session).problems == []
