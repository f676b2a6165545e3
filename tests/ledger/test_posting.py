"""Postings: idempotency, refusals, account creation, reversals; on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.ledger import accounts, capture, posting, refund, release, transfer, treasury
from bountyhub.ledger.errors import (
    AlreadyReversed,
    BadReference,
    CurrencyMismatch,
    KeyReused,
    LedgerRefusal,
    NothingToMove,
    OutsideIdMissing,
    OutsideIdReused,
    Overdraft,
)
from bountyhub.ledger.models import Account, Entry
from bountyhub.ledger.posting import Move, post
from bountyhub.ledger.release import Piece
from bountyhub.ledger.transfer import SharePiece
from bountyhub.ledger.verify import verify
from tests.ledger.books import ACTOR, AT, EUR, A, B, capture_one, example_a, held, release_all

pytestmark = pytest.mark.usefixtures("database")


def cost(session: Session, amount: int, key: str = "k", outside_id: str | None = "txn_9", currency: str = EUR) -> Entry:
    return post(
        session, kind="cost", key=key, moves=[Move(accounts.cost_processor(), accounts.clearing(), amount)],
        currency=currency, effective_at=AT, actor=ACTOR, outside_id=outside_id,
    )  # fmt: skip


def entries(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Entry)) or 0


def test_an_event_that_comes_five_times_is_booked_once() -> None:
    first = set()
    for day in range(5):
        with transaction() as session:
            entry = capture.captured(
                session, payment="p1", contribution="c1", amount=5000, fee=275, currency=EUR, outside_id="txn_1",
                effective_at=AT + timedelta(days=day), actor=f"webhook {day}",
            )  # fmt: skip
            first.add(entry.id)
    with reading() as session:
        assert entries(session) == len(first) == 1
        assert held(session, accounts.escrow("c1")) == 5000


def test_a_computed_release_that_comes_again_is_booked_once() -> None:
    example_a()
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    release_all({"s1": 50, "s2": 30, "s3": 20}, holdback_percent=10)
    with transaction() as session:
        assert held(session, accounts.income_fee()) == 449
    with pytest.raises(KeyReused):
        release_all({"s1": 51, "s2": 29, "s3": 20}, holdback_percent=10)


def test_a_refund_that_is_asked_again_is_booked_once() -> None:
    example_a()
    with transaction() as session:
        refund.asked(session, refund="r1", terms=B, from_escrow=1000, effective_at=AT, actor=ACTOR)
        again = refund.asked(session, refund="r1", terms=B, from_escrow=1000, effective_at=AT, actor="sweeper")
        assert again.actor == ACTOR
        assert held(session, accounts.refund_pending("r1", "c2")) == 1060
    with pytest.raises(KeyReused), transaction() as session:
        refund.asked(session, refund="r1", terms=B, from_escrow=900, effective_at=AT, actor=ACTOR)


def test_a_key_with_other_content_is_refused() -> None:
    with transaction() as session:
        cost(session, 5)
        with pytest.raises(KeyReused):
            cost(session, 6)
        with pytest.raises(KeyReused):
            cost(session, 5, outside_id="txn_10")
        assert held(session, accounts.cost_processor()) == 5


def test_an_outside_id_is_booked_once_per_kind() -> None:
    with transaction() as session:
        cost(session, 5)
        with pytest.raises(OutsideIdReused):
            cost(session, 5, key="other")
        treasury.topped_up(session, amount=9, currency=EUR, outside_id="txn_9", effective_at=AT, actor=ACTOR)
        assert entries(session) == 2


def test_the_processors_balance_moves_only_with_its_transaction() -> None:
    with transaction() as session, pytest.raises(OutsideIdMissing):
        cost(session, 5, outside_id=None)


def test_what_is_not_there_can_not_leave() -> None:
    example_a()
    with transaction() as session:
        with pytest.raises(Overdraft) as refusal:
            refund.asked(session, refund="r1", terms=A, from_escrow=5001, effective_at=AT, actor=ACTOR)
        assert refusal.value.facts == {"path": "escrow/c1", "holds": 5000, "asked": 5001}
        assert held(session, accounts.escrow("c1")) == 5000


def test_a_refused_posting_leaves_nothing_behind_in_a_transaction_that_goes_on() -> None:
    with transaction() as session:
        with pytest.raises(Overdraft):
            transfer.asked(
                session, transfer="t1", pieces=[SharePiece("s1", "c1", 5)], currency=EUR, effective_at=AT, actor=ACTOR
            )
        top_up_entry = treasury.topped_up(
            session, amount=9, currency=EUR, outside_id="txn_1", effective_at=AT, actor=ACTOR
        )
    with reading() as session:
        assert list(session.scalars(select(Entry.id))) == [top_up_entry.id]
        assert verify(session).sound


def test_a_movement_of_nothing_is_refused() -> None:
    with transaction() as session:
        with pytest.raises(NothingToMove):
            cost(session, 0)
        with pytest.raises(ValueError, match="positive"):
            cost_of_less_than_nothing(session)


def cost_of_less_than_nothing(session: Session) -> None:
    cost(session, -5)


def test_moves_are_netted_and_zeros_dropped() -> None:
    moves = [
        Move(accounts.clearing(), accounts.escrow("c1"), 5),
        Move(accounts.escrow("c1"), accounts.bank(), 3),
        Move(accounts.bank(), accounts.clearing(), 3),
        Move(accounts.clearing(), accounts.fee_held("c1"), 0),
    ]
    assert posting.net(moves) == {accounts.clearing(): 2, accounts.escrow("c1"): -2}


@pytest.mark.parametrize("currency", ["XXX", "eur", ""])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with transaction() as session, pytest.raises(CurrencyMismatch):
        cost(session, 5, currency=currency)


def test_a_contribution_has_one_currency() -> None:
    example_a()
    with transaction() as session, pytest.raises(CurrencyMismatch):
        capture_one(session, replace(A, currency="USD"))


def test_a_release_in_two_currencies_is_refused() -> None:
    example_a()
    with transaction() as session, pytest.raises(CurrencyMismatch):
        release.released(
            session, key="r", pieces=[Piece("s1", "c1", 5)], terms=[A, replace(B, currency="USD")], effective_at=AT,
            actor=ACTOR,
        )  # fmt: skip


def test_a_release_without_terms_would_forget_a_fee() -> None:
    example_a()
    with transaction() as session, pytest.raises(ValueError, match="terms"):
        release.released(session, key="r", pieces=[Piece("s1", "c1", 5)], terms=[B], effective_at=AT, actor=ACTOR)


@pytest.mark.parametrize("reference", ["", "a/b", "a b", "ä", "x" * 81])
def test_a_reference_that_can_not_be_in_a_path_is_refused(reference: str) -> None:
    with pytest.raises(BadReference):
        accounts.escrow(reference)


def test_an_entry_is_reversed_once_and_a_reversal_never() -> None:
    with transaction() as session:
        first = cost(session, 5)
        back = posting.reverse(
            session, first, kind="cost", key="back", effective_at=AT, actor=ACTOR, outside_id="txn_10"
        )
        with pytest.raises(AlreadyReversed):
            posting.reverse(session, first, kind="cost", key="more", effective_at=AT, actor=ACTOR, outside_id="txn_11")
        with pytest.raises(AlreadyReversed):
            posting.reverse(session, back, kind="cost", key="more", effective_at=AT, actor=ACTOR, outside_id="txn_11")
        assert held(session, accounts.cost_processor()) == 0


def test_a_refusal_is_a_domain_error_with_its_facts() -> None:
    refusal = Overdraft("too little", path="escrow/c1")
    assert isinstance(refusal, LedgerRefusal)
    assert (refusal.status, refusal.code, refusal.facts) == (409, "overdraft", {"path": "escrow/c1"})


def test_accounts_know_whose_money_they_hold() -> None:
    example_a()
    release_all({"s1": 1})
    with reading() as session:
        account = session.scalars(select(Account).where(Account.path == "payable/s1/c1")).one()
        assert (account.contribution, account.owner, account.kind) == ("c1", "s1", "payable")
        assert account.never_negative


def test_an_actor_is_a_role_and_nobodys_number() -> None:
    with pytest.raises(ValueError, match="nobody's number"), transaction() as session:
        treasury.topped_up(session, amount=1, currency=EUR, outside_id="t", effective_at=AT, actor="person:12")
