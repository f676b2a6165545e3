"""The worked examples' opening entries and a few short forms, for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bountyhub.kit.database import transaction
from bountyhub.ledger import accounts, capture, queries, refund, release, rules, treasury
from bountyhub.ledger.models import Entry
from bountyhub.ledger.positions import Terms

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
EUR = "EUR"
ACTOR = "stripe"

A = Terms("c1", 5000, 275, EUR)
B = Terms("c2", 2500, 150, EUR)
C = Terms("c3", 1001, 75, EUR)
ALL = (A, B, C)
COSTS = {"c1": 100, "c2": 62, "c3": 40}


def capture_one(session: Session, terms: Terms, cost: int = 0) -> Entry:
    """One contribution paid, with the processor's cost of it."""
    name = terms.contribution
    entry = capture.captured(
        session, payment=f"p-{name}", contribution=name, amount=terms.amount, fee=terms.fee, vat=terms.vat,
        currency=terms.currency, outside_id=f"txn_{name}", effective_at=AT, actor=ACTOR,
    )  # fmt: skip
    if cost:
        capture.cost(
            session, amount=cost, currency=terms.currency, outside_id=f"txn_{name}", effective_at=AT, actor=ACTOR
        )
    return entry


def example_a() -> None:
    """5000, 2500 and 1001 captured with fees 275, 150 and 75, costs 100, 62 and 40."""
    with transaction() as session:
        for terms in ALL:
            capture_one(session, terms, COSTS[terms.contribution])


def release_all(
    payees: Mapping[str, int], *, holdback_percent: int = 0, into: Mapping[str, release.Into] | None = None
) -> list[rules.PlannedPiece]:
    """Everything of example A to these payees by weight; `into` says where other than payable a share goes."""
    plan = rules.plan_release({terms.contribution: terms.amount for terms in ALL}, payees, holdback_percent)
    places = into or {}
    with transaction() as session:
        release.released(
            session, key="released:claim", terms=ALL, effective_at=AT, actor=ACTOR,
            pieces=[
                release.Piece(
                    piece.payee, piece.contribution, piece.amount,
                    "holdback" if piece.held_back else places.get(piece.payee, "payable"),
                )
                for piece in plan
            ],
        )  # fmt: skip
    return plan


def ask_refund(
    session: Session,
    name: str,
    terms: Terms,
    from_escrow: int = 0,
    from_shares: Sequence[refund.SharePart] = (),
    kept: int = 0,
    goodwill: int = 0,
) -> int:
    """Ask for a refund and return its total."""
    refund.asked(
        session, refund=name, terms=terms, from_escrow=from_escrow, from_shares=from_shares, kept=kept,
        goodwill=goodwill, effective_at=AT, actor=ACTOR,
    )  # fmt: skip
    return held(session, accounts.refund_pending(name, terms.contribution))


def top_up(amount: int, currency: str = EUR, outside_id: str = "txn_topup") -> None:
    """The operator's float."""
    with transaction() as session:
        treasury.topped_up(
            session, amount=amount, currency=currency, outside_id=outside_id, effective_at=AT, actor=ACTOR
        )


def held(session: Session, place: accounts.Place | str) -> int:
    """What a EUR account holds."""
    return queries.balance(session, place, EUR)


def owed(session: Session) -> int:
    """Everything the books owe in EUR."""
    return next(total.owed for total in queries.totals(session) if total.currency == EUR)
