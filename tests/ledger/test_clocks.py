"""In-between accounts that don't return to zero in their time are named, each kind after its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, dispute, queries, refund, transfer, unclaimed, watch
from bountyhub.ledger.clocks import LIMITS, Pending, pending_too_long
from bountyhub.ledger.transfer import SharePiece
from tests.ledger.books import ACTOR, AT, EUR, B, ask_refund, capture_one, example_a, release_all

DOCS = Path(__file__).parents[2] / "docs"
pytestmark = pytest.mark.usefixtures("database", "real_time")


@pytest.fixture
def real_time() -> Iterator[None]:
    yield
    clock.set_offset(timedelta(0))


def late(**after: float) -> list[Pending]:
    """What would be late so much later."""
    with reading() as session:
        return pending_too_long(session, clock.now() + timedelta(**after))


def ask_transfer(attempt: int = 1) -> None:
    with transaction() as session:
        pieces = [SharePiece("s1", name, part) for name, part in queries.pieces_of_share(session, "s1", "payable")]
        transfer.asked(
            session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR, attempt=attempt
        )


def test_every_in_between_account_has_a_clock() -> None:
    assert LIMITS.keys() == {
        "transfer_pending",
        "refund_pending",
        "suspense",
        "frozen",
        "dispute_funds",
        "unclaimed_refund",
    }


def test_the_docs_tell_the_clocks_and_what_to_do_about_each() -> None:
    told = (DOCS / "checking.md").read_text().partition("## Alarms")[2]
    operating = (DOCS / "operating.md").read_text()
    for kind, limit in LIMITS.items():
        (row,) = [line for line in told.splitlines() if line.startswith("|") and f"`{kind}`" in line]
        assert f" {limit.days} days" in row
        assert f"| `{kind}` |" in operating
    assert "| `set_apart` |" in operating


def test_a_transfer_without_an_outcome_is_named_after_three_days() -> None:
    example_a()
    release_all({"s1": 1})
    ask_transfer()
    assert late(days=2.9) == []
    (one,) = late(days=3.1)
    assert (one.kind, one.owner, one.contribution, one.amount, one.currency) == (
        "transfer_pending", "t1", None, 8501, EUR,
    )  # fmt: skip
    with transaction() as session:
        transfer.confirmed(
            session, transfer="t1", amount=8501, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR
        )
    assert late(days=1000) == []


def test_the_time_of_an_account_begins_when_it_last_left_zero() -> None:
    example_a()
    release_all({"s1": 1})
    ask_transfer()
    with transaction() as session:
        transfer.refused(session, transfer="t1", effective_at=AT, actor=ACTOR)
    clock.set_offset(timedelta(days=10))
    ask_transfer(attempt=2)
    assert late(days=2.9) == []
    assert late(days=3.1)[0].since > clock.now() - timedelta(minutes=5)


def receive_wrong(amount: int, outside_id: str) -> None:
    with transaction() as session:
        capture.captured_wrong(
            session, payment="p1", contribution="c1", amount=amount, currency=EUR, outside_id=outside_id,
            effective_at=AT, actor=ACTOR, key=outside_id,
        )  # fmt: skip


def test_a_second_part_does_not_begin_the_time_anew() -> None:
    receive_wrong(1000, "txn_1")
    clock.set_offset(timedelta(days=6))
    receive_wrong(500, "txn_2")
    assert [(one.kind, one.amount) for one in late(days=2.1)] == [("suspense", 1500)]


def test_a_refund_is_named_with_its_contribution() -> None:
    with transaction() as session:
        capture_one(session, B)
        ask_refund(session, "r1", B, from_escrow=1000)
    assert late(days=2.9) == []
    assert [(one.kind, one.owner, one.contribution) for one in late(days=3.1)] == [("refund_pending", "r1", "c2")]


def test_a_failed_refund_that_nobody_settles_is_named_after_a_month_and_stays_owed() -> None:
    with transaction() as session:
        capture_one(session, B)
        amount = ask_refund(session, "r1", B, from_escrow=1000)
        refund.failed_before_debit(
            session, refund="r1", contribution="c2", amount=amount, currency=EUR, effective_at=AT, actor=ACTOR
        )
    assert late(days=29.9) == []
    with reading() as session:
        (found,) = watch.clocks(session, clock.now() + timedelta(days=30.1))
        assert queries.balance(session, accounts.unclaimed_refund("c2"), EUR) == amount == 1060
    assert (found.kind, found.object) == ("unclaimed_refund", "unclaimed_refund/c2")
    assert found.text.startswith("unclaimed_refund/c2 holds 10.60 EUR of contribution c2 since ")


def test_more_set_apart_at_the_bank_than_is_unclaimed_is_named() -> None:
    with transaction() as session:
        capture_one(session, B)
        amount = ask_refund(session, "r1", B, from_escrow=1000)
        given: dict[str, Any] = {"contribution": "c2", "currency": EUR, "effective_at": AT, "actor": ACTOR}
        refund.failed_before_debit(session, refund="r1", amount=amount, **given)
        unclaimed.set_apart(session, amount=amount, outside_id="txn_po", **given)
        assert watch.set_apart(session) == []
        unclaimed.paid_otherwise(session, key="k", amount=60, note="by hand", **given)
        (found,) = watch.set_apart(session)
    assert (found.kind, found.object) == ("set_apart", "EUR")
    assert found.text == "bank/unclaimed holds 10.60 EUR for unclaimed refunds of 10.00 EUR"


def test_suspense_waits_a_day_longer_than_its_sweep() -> None:
    receive_wrong(900, "txn_1")
    assert late(days=7.9) == []
    assert [one.owner for one in late(days=8.1)] == ["p1"]


def test_a_warning_freezes_for_a_month_a_dispute_as_long_as_it_lasts() -> None:
    with transaction() as session:
        capture_one(session, B)
        dispute.warned(session, dispute="d1", contribution="c2", currency=EUR, effective_at=AT, actor=ACTOR)
    assert late(days=30) == []
    assert [one.kind for one in late(days=32)] == ["frozen"]
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution="c2", amount=2650, fee=1500, currency=EUR, outside_id="txn_d",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
    assert late(days=99) == []
    assert [one.kind for one in late(days=101)] == ["dispute_funds"]
