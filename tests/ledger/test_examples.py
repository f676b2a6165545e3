"""The worked examples of the ledger's design, replayed with their figures on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, move, queries, refund, release, suspense, transfer
from bountyhub.ledger.positions import Terms, fee_earned, fee_returned
from bountyhub.ledger.verify import verify
from tests.ledger.books import (
    ACTOR,
    ALL,
    AT,
    EUR,
    A,
    B,
    ask_refund,
    capture_one,
    example_a,
    held,
    owed,
    release_all,
)

pytestmark = pytest.mark.usefixtures("database")


def own_funds() -> int:
    with reading() as session:
        return queries.own_funds(session, EUR)


def assert_sound() -> None:
    with reading() as session:
        assert verify(session).problems == []


def test_a_three_contributions_are_captured() -> None:
    example_a()
    with reading() as session:
        assert sum(queries.held_by_contribution(session, ["c1", "c2", "c3"]).values()) == 8501
        assert held(session, accounts.clearing()) == 9001 - 202
        assert owed(session) == 9001
    assert own_funds() == -202
    assert_sound()


def test_b_a_release_to_three_with_a_tenth_held_back_then_used() -> None:
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with reading() as session:
        assert queries.balances_by_owner(session, ["s1", "s2", "s3"], "payable") == {"s1": 3826, "s2": 2295, "s3": 1530}
        assert queries.balances_by_owner(session, ["s1", "s2", "s3"], "holdback") == {"s1": 425, "s2": 255, "s3": 170}
        per_contribution = queries.balances_by_contribution(session, ["c1", "c2", "c3"])
        assert [kinds["holdback"] for kinds in per_contribution.values()] == [500, 250, 100]
        assert [each.fee - per_contribution[each.contribution]["fee_held"] for each in ALL] == [247, 135, 67]
        assert held(session, accounts.income_fee()) == 449
    refunds = _use_the_warranty()
    assert refunds == [528, 265, 108]
    _transfer({"s1": 3826, "s2": 2295, "s3": 1530})
    _debit({"r-c1": ("c1", 528), "r-c2": ("c2", 265), "r-c3": ("c3", 108)})
    with reading() as session:
        assert owed(session) == 0
    assert own_funds() == 247
    assert_sound()


def _use_the_warranty() -> list[int]:
    totals = []
    with transaction() as session:
        for terms in ALL:
            parts = [
                refund.SharePart(share, "holdback", amount)
                for share in ("s1", "s2", "s3")
                for contribution, amount in queries.pieces_of_share(session, share, "holdback")
                if contribution == terms.contribution
            ]
            totals.append(ask_refund(session, f"r-{terms.contribution}", terms, from_shares=parts))
    return totals


def _transfer(amounts: dict[str, int]) -> None:
    with transaction() as session:
        for share, amount in amounts.items():
            pieces = [
                transfer.SharePiece(share, contribution, part)
                for contribution, part in queries.pieces_of_share(session, share, "payable")
            ]
            transfer.asked(session, transfer=f"t-{share}", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
            transfer.confirmed(
                session, transfer=f"t-{share}", amount=amount, currency=EUR, outside_id=f"txn_t_{share}",
                effective_at=AT, actor=ACTOR,
            )  # fmt: skip


def _debit(amounts: dict[str, tuple[str, int]]) -> None:
    with transaction() as session:
        for name, (contribution, amount) in amounts.items():
            refund.debited(
                session, refund=name, contribution=contribution, amount=amount, currency=EUR,
                outside_id=f"txn_{name}", effective_at=AT, actor=ACTOR,
            )  # fmt: skip


def test_e_a_part_goes_back_and_the_rest_earns_its_part_of_the_fee() -> None:
    with transaction() as session:
        capture_one(session, B)
        assert fee_returned(session, B, 1000) == 60
        assert ask_refund(session, "r-c2", B, from_escrow=1000) == 1060
        assert fee_earned(session, B, 1500) == 90
        release.released(
            session, key="released:1", pieces=[release.Piece("s1", "c2", 1500)], terms=[B], effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.income_fee()) == 90
        assert held(session, accounts.fee_held("c2")) == 0
    assert_sound()


def test_e_a_refund_that_fails_before_its_debit_stays_owed_to_the_backer() -> None:
    with transaction() as session:
        capture_one(session, B)
        ask_refund(session, "r-c2", B, from_escrow=1000)
        refund.failed_before_debit(
            session, refund="r-c2", contribution="c2", amount=1060, currency=EUR, effective_at=AT, actor=ACTOR
        )
        assert held(session, accounts.refund_pending("r-c2", "c2")) == 0
        assert held(session, accounts.unclaimed_refund("c2")) == 1060
        assert held(session, accounts.escrow("c2")) == 1500
        assert held(session, accounts.clearing()) == 2650
    assert_sound()


def test_e_a_refund_that_fails_after_its_debit_stays_owed_to_the_backer() -> None:
    with transaction() as session:
        capture_one(session, B)
        ask_refund(session, "r-c2", B, from_escrow=1000)
    _debit({"r-c2": ("c2", 1060)})
    with transaction() as session:
        assert held(session, accounts.clearing()) == 1590
        refund.failed_after_debit(
            session, refund="r-c2", contribution="c2", amount=1060, currency=EUR, outside_id="txn_back",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.clearing()) == 2650
        assert held(session, accounts.unclaimed_refund("c2")) == 1060
    assert_sound()


def test_f_a_wrong_amount_waits_in_suspense_and_goes_back_whole() -> None:
    with transaction() as session:
        capture.captured_wrong(
            session, payment="p1", contribution="c1", amount=4000, currency=EUR, outside_id="txn_1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.suspense("p1", "c1")) == 4000
        assert queries.still_held(session, "c1")
        suspense.returned(
            session, payment="p1", contribution="c1", refund="r1", amount=4000, currency=EUR, effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.suspense("p1", "c1")) == 0
        refund.debited(
            session, refund="r1", contribution="c1", amount=4000, currency=EUR, outside_id="txn_2",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert not queries.still_held(session, "c1")
    assert own_funds() == 0
    assert_sound()


def test_f_a_wrong_amount_may_turn_out_to_be_a_contribution() -> None:
    with transaction() as session:
        capture.captured_wrong(
            session, payment="p1", contribution="c1", amount=5275, currency=EUR, outside_id="txn_1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        suspense.matched(
            session, payment="p1", contribution="c1", amount=5000, fee=275, currency=EUR, effective_at=AT,
            actor="operator",
        )  # fmt: skip
        assert queries.held_by_contribution(session, ["c1"]) == {"c1": 5000}
    assert_sound()


def test_g_the_same_events_five_times_and_out_of_order_are_one_entry_each() -> None:
    """Webhook, browser return and sweeper tell of a payment and its cost; whoever comes first books."""
    ids = set()
    for day in (3, 1, 4, 0, 2):
        with transaction() as session:
            if day % 2:
                ids.add(_charged(session, day))
            ids.add(capture_one(session, B).id)
            ids.add(_charged(session, day))
    with reading() as session:
        assert len(ids) == 2
        assert owed(session) == 2650
        assert held(session, accounts.clearing()) == 2588
    assert own_funds() == -62
    assert_sound()


def _charged(session: Session, day: int) -> int:
    return capture.cost(
        session, amount=62, currency=EUR, outside_id="txn_c2", effective_at=AT + timedelta(days=day), actor=f"{day}"
    ).id


def test_h_a_foreign_card_that_costs_more_than_its_fee_can_earn() -> None:
    terms = Terms("c1", 500, 50, EUR)
    with transaction() as session:
        capture_one(session, terms, cost=54)
        assert owed(session) == 550
        assert queries.own_funds(session, EUR) == -54
        release.released(
            session, key="released:1", pieces=[release.Piece("s1", "c1", 500)], terms=[terms], effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.income_fee()) == 50
        assert owed(session) == 500
    assert own_funds() == -4
    assert_sound()


def test_i_a_surplus_goes_back_then_the_rest_moves_and_its_life_ends_there() -> None:
    """5000 + 275: 2000 of surplus back with 110, 3000 + 165 move; 1000 of them released, the rest returned."""
    moved = Terms("c9", 3000, 165, EUR)
    with transaction() as session:
        capture_one(session, A)
        assert ask_refund(session, "r1", A, from_escrow=2000) == 2110
        move.moved(session, key="moved:c1", source="c1", target="c9", currency=EUR, effective_at=AT, actor=ACTOR)
        assert queries.balances_by_contribution(session, ["c1", "c9"]) == {
            "c1": {"refund_pending": 2110},
            "c9": {"escrow": 3000, "fee_held": 165},
        }
        release.released(
            session, key="released:1", pieces=[release.Piece("s1", "c9", 1000)], terms=[moved], effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert held(session, accounts.income_fee()) == 55
        assert ask_refund(session, "r2", moved, from_escrow=2000) == 2110
        assert queries.balances_by_contribution(session, ["c9"]) == {"c9": {"payable": 1000, "refund_pending": 2110}}
    _debit({"r1": ("c1", 2110), "r2": ("c9", 2110)})
    _transfer({"s1": 1000})
    with reading() as session:
        assert owed(session) == 0
    assert own_funds() == 55
    assert_sound()


def test_j_two_of_three_payees_never_come() -> None:
    """Their parts go back with 233 + 42 + 109 of the fees; 41 + 75 are earned on what the third got."""
    example_a()
    plan = release_all({"s1": 50, "s2": 30, "s3": 20}, into={"s1": "kept_for", "s2": "kept_for"})
    fees, back = [], {}
    with transaction() as session:
        assert held(session, accounts.income_fee()) == 41 + 75
        for piece in sorted(plan, key=lambda piece: (piece.payee, piece.contribution)):
            if piece.payee == "s3":
                continue
            name = f"r-{piece.payee}-{piece.contribution}"
            terms = next(each for each in ALL if each.contribution == piece.contribution)
            part = refund.SharePart(piece.payee, "kept_for", piece.amount)
            back[name] = piece.contribution, ask_refund(session, name, terms, from_shares=[part])
            fees.append(back[name][1] - piece.amount)
    assert fees == [233, 42, 109]
    _debit(back)
    _transfer({"s3": 1700})
    with reading() as session:
        assert owed(session) == 0
    assert own_funds() == 41 + 75 - 202
    assert_sound()
