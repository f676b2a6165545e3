"""What pages and operations read from the books."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, queries, refund, statement, unclaimed
from bountyhub.ledger.queries import Totals
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, B, ask_refund, capture_one, example_a, held, release_all, top_up

pytestmark = pytest.mark.usefixtures("database")


def test_an_empty_book_holds_nothing() -> None:
    with reading() as session:
        assert queries.totals(session) == []
        assert queries.own_funds(session, EUR) == 0
        assert held(session, "escrow/c1") == 0
        assert queries.held_by_contribution(session, ["c1"]) == {"c1": 0}
        assert queries.balances_by_contribution(session, []) == {}
        assert queries.balances_by_owner(session, ["s1"], "payable") == {"s1": 0}
        assert not queries.still_held(session, "c1")


def test_the_totals_of_each_currency() -> None:
    example_a()
    top_up(700, "USD")
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with transaction() as session:
        ask_refund(session, "r1", A, from_shares=[refund.SharePart("s1", "holdback", 425)])
        refund.debited(
            session, refund="r1", contribution="c1", amount=448, currency=EUR, outside_id="txn_r", effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
    with reading() as session:
        euros, dollars = queries.totals(session)
    # 500 − 449 of the fee is still held; 23 of it went back with the 425.
    assert euros == Totals(
        EUR, held=425, owed=9001 - 449 - 448, released=7651, returned=448, own_funds=449 - 202, clearing=8799 - 448
    )
    assert dollars == Totals("USD", held=0, owed=0, released=0, returned=0, own_funds=700, clearing=700)


def test_a_contribution_is_held_until_the_last_of_it_has_left() -> None:
    with transaction() as session:
        capture_one(session, B)
        assert queries.still_held(session, "c2")
        ask_refund(session, "r1", B, from_escrow=2500)
        assert queries.still_held(session, "c2")
        refund.debited(
            session, refund="r1", contribution="c2", amount=2650, currency=EUR, outside_id="txn_r", effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert not queries.still_held(session, "c2")


def test_a_payment_after_the_task_closed_is_on_its_way_back_at_once() -> None:
    with transaction() as session:
        capture.captured_late(
            session, payment="p1", contribution="c1", refund="r1", amount=5275, currency=EUR, outside_id="txn_1",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        assert queries.balances_by_contribution(session, ["c1"]) == {"c1": {"refund_pending": 5275}}
    with reading() as session:
        assert verify(session).problems == []


def test_an_unclaimed_refund_is_owed_until_it_is_paid_another_way() -> None:
    with transaction() as session:
        capture_one(session, B)
        ask_refund(session, "r1", B, from_escrow=2500)
        refund.failed_before_debit(
            session, refund="r1", contribution="c2", amount=2650, currency=EUR, effective_at=AT, actor=ACTOR
        )
        unclaimed.asked_again(
            session, refund="r2", contribution="c2", amount=1000, currency=EUR, effective_at=AT, actor=ACTOR
        )
        assert held(session, accounts.refund_pending("r2", "c2")) == 1000
        own = queries.own_funds(session, EUR)
        unclaimed.set_apart(
            session, contribution="c2", amount=1650, currency=EUR, outside_id="po_1", effective_at=AT, actor=ACTOR
        )
        assert queries.own_funds(session, EUR) == own
        unclaimed.paid_otherwise(
            session, key="u1", contribution="c2", amount=1650, currency=EUR, note="by letter", effective_at=AT,
            actor="operator", set_apart=True,
        )  # fmt: skip
        assert queries.own_funds(session, EUR) == own
        assert held(session, accounts.unclaimed_refund("c2")) == 0
    with reading() as session:
        assert verify(session).problems == []


def test_how_each_currency_stands_is_what_the_totals_say() -> None:
    example_a()
    top_up(700, "USD")
    with reading() as session:
        standings, totals = queries.standings(session), queries.totals(session)
    assert [(s.currency, s.held, s.owed, s.own_funds, s.clearing) for s in standings] == [
        (t.currency, t.held, t.owed, t.own_funds, t.clearing) for t in totals
    ]
    assert len(standings) == 2


def test_the_lines_of_a_contribution_in_plain_words() -> None:
    with transaction() as session:
        capture_one(session, B, cost=62)
        ask_refund(session, "r1", B, from_escrow=1000)
        lines = statement.lines_for(session, ["c2"])
    assert [(line.text, line.amount) for line in lines] == [
        ("Paid in: held for the task", 2500),
        ("Paid in: fee, not yet earned", 150),
        ("Refund begun: held for the task", -1000),
        ("Refund begun: fee, not yet earned", -60),
        ("Refund begun: on its way back", 1060),
    ]
    assert {line.at for line in lines} == {AT}
    assert {line.contribution for line in lines} == {"c2"}
