"""Each kind of account has one side and one rule: in the chart, in the database, and in what a posting may do."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, queries, suspense
from bountyhub.ledger.accounts import RULES, Place
from bountyhub.ledger.book import lock
from bountyhub.ledger.errors import Overdraft
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, example_a, held
from tests.ledger.guard_cases import Case, account, refusal, run

pytestmark = pytest.mark.usefixtures("database")

COUNTER = accounts.cost_refund()


def take(session: Session, place: Place, amount: int) -> None:
    """Out of an account: against its own side."""
    debit, credit = (place, COUNTER) if place.rule.side == "credit" else (COUNTER, place)
    post(
        session, kind="drawn", key=f"{place.path}:{amount}", moves=[Move(debit, credit, amount)], currency=EUR,
        effective_at=AT, actor=ACTOR, outside_id=f"txn_{place.path}",
    )  # fmt: skip


def test_the_database_knows_the_rule_of_every_kind() -> None:
    for kind, rule in RULES.items():
        other = "debit" if rule.side == "credit" else "credit"
        run([account(f"{kind}/x", kind, rule.side, rule.never_negative)])
        assert refusal(Case("", "", [account(f"{kind}/y", kind, other, rule.never_negative)])), kind
        assert refusal(Case("", "", [account(f"{kind}/z", kind, rule.side, not rule.never_negative)])), kind


def test_what_is_owed_or_set_apart_is_never_overdrawn_and_nothing_else_minds() -> None:
    with transaction() as session:
        for kind, rule in RULES.items():
            place = Place(kind, kind)
            if kind == COUNTER.kind:
                continue
            if rule.never_negative:
                with pytest.raises(Overdraft):
                    take(session, place, 1)
            else:
                take(session, place, 1)
                assert held(session, place) == -1


def test_accounts_are_locked_in_the_order_of_their_ids() -> None:
    example_a()
    names = ["c3", "c1", "c2"]
    with transaction() as session:
        places = [build(name) for name in names for build in (accounts.fee_held, accounts.escrow)]
        ids = [account.id for account in lock(session, [*places, accounts.clearing()], EUR).values()]
    assert len(ids) == 7
    assert ids == sorted(ids)


def test_money_in_another_currency_is_held_apart_and_goes_back_in_it() -> None:
    example_a()
    with transaction() as session:
        capture.captured_wrong(
            session, payment="p9", contribution="c9", amount=6000, currency="USD", outside_id="txn_9",
            effective_at=AT, actor=ACTOR,
        )  # fmt: skip
        suspense.returned(
            session, payment="p9", contribution="c9", refund="r9", amount=6000, currency="USD", effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip
        assert queries.balance(session, accounts.refund_pending("r9", "c9"), "USD") == 6000
        assert [(each.currency, each.owed) for each in queries.totals(session)] == [("EUR", 9001), ("USD", 6000)]
    with reading() as session:
        assert verify(session).problems == []
