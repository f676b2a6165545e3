"""Books with every kind of event in them, several currencies too: for whatever has to read all that can be booked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from bountyhub.kit.database import transaction
from bountyhub.ledger import (
    accounts,
    capture,
    dispute,
    move,
    queries,
    refund,
    release,
    suspense,
    transfer,
    treasury,
    unclaimed,
)
from bountyhub.ledger.positions import Terms
from tests.ledger.books import ACTOR, AT, capture_one

BY: dict[str, Any] = {"effective_at": AT, "actor": ACTOR}


def every_event() -> None:
    """One of each in euros, dollars and yen."""
    for currency in ("EUR", "USD", "JPY"):
        with transaction() as session:
            for story in STORIES:
                story(session, currency)


def _new(session: Session, name: str, currency: str, *, cost: int = 0) -> Terms:
    terms = Terms(f"{name}-{currency}", 5003, 275, currency, vat=52, country="DE")
    capture_one(session, terms, cost)
    return terms


def _released_and_sent(session: Session, currency: str) -> None:
    terms = _new(session, "sent", currency, cost=97)
    name, share = terms.contribution, f"s.{currency}"
    piece = release.Piece
    given: dict[str, Any] = {"terms": [terms], **BY}
    parts = [
        piece(share, name, 3000, "payable"),
        piece(share, name, 1000, "holdback"),
        piece(share, name, 1003, "kept_for"),
    ]
    release.released(session, key=f"r1{currency}", pieces=parts, **given)
    release.holdback_released(session, key=f"r2{currency}", pieces=[piece(share, name, 1000)], **given)
    release.kept_claimed(session, key=f"r3{currency}", pieces=[piece(share, name, 1003)], **given)
    release.became_unsendable(session, key=f"r4{currency}", pieces=[piece(share, name, 501)], **given)
    sent = [transfer.SharePiece(share, name, 2000)]
    to: dict[str, Any] = {"transfer": f"t{currency}", "currency": currency, **BY}
    transfer.asked(session, pieces=sent, **to)
    transfer.refused(session, transfer=f"t{currency}", **BY)
    transfer.asked(session, pieces=sent, attempt=2, **to)
    transfer.confirmed(session, amount=2000, outside_id=f"txn_t{currency}", **to)
    transfer.reversed_later(
        session, pieces=[transfer.SharePiece(share, name, 700)], outside_id=f"txn_b{currency}", **to
    )
    release.undone(session, key=f"r5{currency}", pieces=[piece(share, name, 700)], **given)


def _returned(session: Session, currency: str) -> None:
    terms = _new(session, "back", currency)
    about: dict[str, Any] = {"contribution": terms.contribution, "currency": currency, **BY}
    for number, outcome in enumerate(("debited", "failed before", "failed after")):
        ref = f"f{number}{currency}"
        refund.asked(session, refund=ref, terms=terms, from_escrow=1001, kept=3, goodwill=2, **BY)
        total = queries.balance(session, accounts.refund_pending(ref, terms.contribution), currency)
        if outcome == "failed before":
            refund.failed_before_debit(session, refund=ref, amount=total, **about)
            continue
        refund.debited(session, refund=ref, amount=total, outside_id=f"txn_{ref}", **about)
        if outcome == "failed after":
            refund.failed_after_debit(session, refund=ref, amount=total, outside_id=f"txn_x{ref}", **about)
    unclaimed.asked_again(session, refund=f"again{currency}", amount=400, **about)
    unclaimed.set_apart(session, amount=500, outside_id=f"po_1{currency}", **about)
    unclaimed.paid_otherwise(session, key=f"u1{currency}", amount=500, note="by letter", set_apart=True, **about)
    unclaimed.paid_otherwise(session, key=f"u2{currency}", amount=101, note="by bank", **about)


def _strange(session: Session, currency: str) -> None:
    books: list[Callable[..., object]] = [capture.captured_late, capture.captured_wrong, capture.captured_wrong]
    for number, paid in enumerate(books):
        more = {"refund": f"late{currency}"} if paid is capture.captured_late else {}
        paid(
            session, payment=f"w{number}{currency}", contribution=f"w{number}-{currency}", amount=900,
            currency=currency, outside_id=f"txn_w{number}{currency}", **more, **BY,
        )  # fmt: skip
    suspense.matched(
        session,
        payment=f"w1{currency}",
        contribution=f"w1-{currency}",
        amount=830,
        fee=60,
        vat=10,
        currency=currency,
        **BY,
    )
    suspense.returned(
        session, payment=f"w2{currency}", contribution=f"w2-{currency}", refund=f"w2{currency}", amount=900,
        currency=currency, **BY,
    )  # fmt: skip
    terms = _new(session, "from", currency)
    move.moved(session, key=f"m{currency}", source=terms.contribution, target=f"to-{currency}", currency=currency, **BY)


def _disputed(session: Session, currency: str) -> None:
    for name in ("over", "refunded", "lost", "won"):
        terms = _new(session, name, currency)
        about: dict[str, Any] = {
            "dispute": f"d_{name}{currency}", "contribution": terms.contribution, "currency": currency, **BY
        }  # fmt: skip
        if name in ("over", "refunded"):
            dispute.warned(session, **about)
        else:
            dispute.funds_withdrawn(session, amount=5330, fee=1500, outside_id=f"txn_d{name}{currency}", **about)
        if name == "over":
            dispute.warning_over(session, dispute=about["dispute"], **BY)
        elif name == "refunded":
            dispute.warning_refunded(session, refund=f"dr{currency}", amount=5330, **about)
        elif name == "lost":
            dispute.lost(session, **about)
        else:
            dispute.won(session, outside_id=f"txn_dw{currency}", **about)


def _the_operators(session: Session, currency: str) -> None:
    money: dict[str, Any] = {"currency": currency, **BY}
    treasury.topped_up(session, amount=50_000, outside_id=f"tu{currency}", **money)
    treasury.paid_out(session, amount=9_000, outside_id=f"po_2{currency}", **money)
    treasury.payout_returned(session, amount=1_000, outside_id=f"po_3{currency}", **money)
    treasury.drawn(session, key=f"dr{currency}", amount=1_000, note="rent", **money)
    treasury.vat_paid(session, key=f"vp{currency}", country="DE", amount=7, note="quarter", **money)


STORIES = (_released_and_sent, _returned, _strange, _disputed, _the_operators)
