"""Where contributions' money went: what came in equals what went out and what is still here, whatever happened."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import dispute, move, transfer
from bountyhub.ledger.conserved import Conserved, conserved
from tests.ledger.books import ACTOR, AT, EUR, A, B, ask_refund, example_a, release_all

pytestmark = pytest.mark.usefixtures("database")


def look(*contributions: str) -> Conserved:
    with reading() as session:
        (found,) = conserved(session, contributions)
    return found


def told(amounts: dict[str, int]) -> dict[str, int]:
    return {name: amount for name, amount in amounts.items() if amount}


def test_what_was_released_is_still_here_but_for_its_fee() -> None:
    example_a()
    release_all({"s1": 1}, holdback_percent=10)
    found = look("c1", "c2", "c3")
    assert (told(found.coming), told(found.going)) == ({"captured": 9001}, {"fees": 449})
    assert found.here == {"payable": 7651, "holdback": 850, "fee_held": 51}
    assert found.holds


def test_what_moved_left_one_task_and_came_to_the_other() -> None:
    example_a()
    with transaction() as session:
        move.moved(session, key="m1", source="c1", target="c9", currency=EUR, effective_at=AT, actor=ACTOR)
    assert (told(look("c1").going), look("c1").here, look("c1").holds) == ({"moved_out": 5275}, {}, True)
    assert (told(look("c9").coming), look("c9").holds) == ({"moved_in": 5275}, True)


def test_what_was_asked_of_the_processor_is_on_its_way_until_it_confirms() -> None:
    example_a()
    release_all({"s1": 1})
    pieces = [transfer.SharePiece("s1", "c1", 5000)]
    with transaction() as session:
        transfer.asked(session, transfer="t1", pieces=pieces, currency=EUR, effective_at=AT, actor=ACTOR)
    found = look("c1")
    assert (found.going["on_its_way"], found.going["sent"], found.holds) == (5000, 0, True)
    assert look("c2").going["on_its_way"] == 0
    with transaction() as session:
        transfer.confirmed(
            session, transfer="t1", amount=5000, currency=EUR, outside_id="txn_t", effective_at=AT, actor=ACTOR
        )
    found = look("c1")
    assert (found.going["on_its_way"], found.going["sent"], found.holds) == (0, 5000, True)


def test_goodwill_comes_in_and_a_kept_sum_goes() -> None:
    example_a()
    with transaction() as session:
        ask_refund(session, "r1", A, 5000, goodwill=40)
        ask_refund(session, "r2", B, 2500, kept=100)
    found = look("c1", "c2")
    assert (found.coming["goodwill"], found.going["kept"], found.here) == (40, 100, {"refund_pending": 7865})
    assert found.holds


def test_what_a_charge_back_took_is_lost() -> None:
    example_a()
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution="c1", amount=5275, fee=1500, currency=EUR, outside_id="txn_d",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
    assert (look("c1").here, look("c1").holds) == ({"frozen": 5275}, True)
    with transaction() as session:
        dispute.lost(session, dispute="d1", contribution="c1", currency=EUR, effective_at=AT, actor=ACTOR)
    assert (told(look("c1").going), look("c1").here, look("c1").holds) == ({"lost": 5275}, {}, True)


def test_what_no_line_explains_is_a_difference() -> None:
    wrong = Conserved(EUR, here={"suspense": 3})
    assert (wrong.difference, wrong.holds) == (-3, False)
    strange = Conserved(EUR, here={"escrow": 3}, unexplained=3)
    assert (strange.difference, strange.holds) == (0, False)
