"""Money goes back to its backer, with its part of the fee. Called by funding: intent, outcome, failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.book import lock
from bountyhub.ledger.models import Entry
from bountyhub.ledger.positions import Part, Terms, as_request, position, returned_part
from bountyhub.ledger.posting import Move, post, replayed
from bountyhub.ledger.rules import part_due


@dataclass(frozen=True)
class SharePart:
    """What comes back out of a share: a kept part that lapsed, or a held-back part that was used."""

    share: str
    place: Literal["kept_for", "holdback"]
    amount: int


def asked(
    session: Session,
    *,
    refund: str,
    terms: Terms,
    from_escrow: int = 0,
    from_shares: Sequence[SharePart] = (),
    kept: int = 0,
    kept_vat: int = 0,
    goodwill: int = 0,
    effective_at: datetime,
    actor: str,
    key: str | None = None,
) -> Entry:
    """escrow, kept_for, holdback and the fee's part → refund_pending: we are about to ask the processor.

    `kept` stays with the operator (named before paying) and is income, `kept_vat` is the tax on it; `goodwill` is
    added by the operator. What was booked in all is
    `queries.balance(session, accounts.refund_pending(refund, contribution), currency)`.
    """
    amount = from_escrow + sum(part.amount for part in from_shares)
    key = key or f"refund_asked:{refund}"
    request = _request(refund, terms, from_escrow, from_shares, kept, goodwill)
    request |= {"kept_vat": kept_vat} if kept_vat else {}
    pending = accounts.refund_pending(refund, terms.contribution)
    lock(session, [pending], terms.currency, [terms.contribution])
    entry = replayed(session, "refund_asked", key, request)
    if entry is not None:
        return entry
    part = returned_part(terms, position(session, terms), amount)
    return post(
        session,
        kind="refund_asked",
        key=key,
        moves=[
            *_returning(terms, from_escrow, from_shares, part, pending),
            Move(pending, accounts.income_withdrawal(), kept),
            *([Move(pending, accounts.vat_due(terms.country), kept_vat)] if kept_vat else []),
            Move(accounts.cost_refund(), pending, goodwill),
        ],
        currency=terms.currency,
        effective_at=effective_at,
        actor=actor,
        refs={"refund": refund, "contribution": terms.contribution},
        request=request,
    )


def fee_asked(
    session: Session, *, refund: str, terms: Terms, lost: int, effective_at: datetime, actor: str
) -> Entry | None:
    """fee_held, vat_held → refund_pending: the part of `lost`, which a charge-back took without it; None for nothing.

    All that is still held of it where nothing of the contribution is undecided any more: else it would stay for ever.
    """
    pending = accounts.refund_pending(refund, terms.contribution)
    lock(session, [pending], terms.currency, [terms.contribution])
    part = fee_of_lost(session, terms, lost)
    if not part.fee and not part.vat:
        return None
    return post(
        session, kind="refund_asked", key=f"refund_asked:{refund}", moves=_returning(terms, 0, (), part, pending),
        currency=terms.currency, effective_at=effective_at, actor=actor,
        refs={"refund": refund, "contribution": terms.contribution},
        request={"refund": refund, "terms": as_request(terms), "lost": lost},
    )  # fmt: skip


def fee_of_lost(session: Session, terms: Terms, lost: int) -> Part:
    """What of fee and tax goes back with `lost`, taken by a charge-back from what nobody had decided about."""
    now = position(session, terms)
    if now.undecided == 0:
        return Part(now.fee_held, now.vat_held)
    fee, vat = part_due(terms.fee, terms.amount, lost, 0), part_due(terms.vat, terms.amount, lost, 0)
    return Part(min(fee, now.fee_held), min(vat, now.vat_held))


def debited(
    session: Session,
    *,
    refund: str,
    contribution: str | None,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """refund_pending → clearing: the processor took it from the balance."""
    return post(
        session,
        kind="refund_debited",
        key=f"refund_debited:{refund}",
        moves=[Move(accounts.refund_pending(refund, contribution), accounts.clearing(), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs=_refs(refund, contribution),
        outside_id=outside_id,
    )


def failed_before_debit(
    session: Session,
    *,
    refund: str,
    contribution: str,
    amount: int,
    currency: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """refund_pending → unclaimed_refund: the card can't take it; nothing left the balance."""
    pending = accounts.refund_pending(refund, contribution)
    return post(
        session,
        kind="refund_failed",
        key=f"refund_failed:{refund}",
        moves=[Move(pending, accounts.unclaimed_refund(contribution), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs=_refs(refund, contribution),
    )


def failed_after_debit(
    session: Session,
    *,
    refund: str,
    contribution: str,
    amount: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """clearing → unclaimed_refund: it left the balance and came back."""
    return post(
        session,
        kind="refund_came_back",
        key=f"refund_failed:{refund}",
        moves=[Move(accounts.clearing(), accounts.unclaimed_refund(contribution), amount)],
        currency=currency,
        effective_at=effective_at,
        actor=actor,
        refs=_refs(refund, contribution),
        outside_id=outside_id,
    )


def _returning(
    terms: Terms, from_escrow: int, from_shares: Sequence[SharePart], part: Part, pending: Place
) -> list[Move]:
    contribution = terms.contribution
    moves = [Move(accounts.escrow(contribution), pending, from_escrow)]
    for share in from_shares:
        build = accounts.kept_for if share.place == "kept_for" else accounts.holdback
        moves.append(Move(build(share.share, contribution), pending, share.amount))
    moves.append(Move(accounts.fee_held(contribution), pending, part.fee))
    moves.append(Move(accounts.vat_held(contribution), pending, part.vat))
    return moves


def _request(
    refund: str, terms: Terms, from_escrow: int, from_shares: Sequence[SharePart], kept: int, goodwill: int
) -> dict[str, Any]:
    return {
        "refund": refund,
        "terms": as_request(terms),
        "from_escrow": from_escrow,
        "from_shares": sorted([part.share, part.place, part.amount] for part in from_shares),
        "kept": kept,
        "goodwill": goodwill,
    }


def _refs(refund: str, contribution: str | None) -> dict[str, str]:
    return {"refund": refund} | ({"contribution": contribution} if contribution else {})
