"""Money becomes payable, is held back or kept for somebody; the fee is earned on what became payable only.

Called by `work` (releases) and `payouts` (kept shares claimed, payees who can't be paid any more).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.book import lock
from bountyhub.ledger.models import Entry
from bountyhub.ledger.positions import Terms, as_request, earned_part, earning_moves, one_currency, positions
from bountyhub.ledger.posting import Move, post, replayed

Into = Literal["payable", "kept_for", "holdback"]
_PLACES: dict[Into, Callable[[str, str], Place]] = {
    "payable": accounts.payable,
    "kept_for": accounts.kept_for,
    "holdback": accounts.holdback,
}


@dataclass(frozen=True)
class Piece:
    """A share's part of one contribution."""

    share: str
    contribution: str
    amount: int
    into: Into = "payable"


def released(
    session: Session,
    *,
    key: str,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
) -> Entry:
    """escrow → payable, kept_for, holdback, and the fee of what became payable → income.

    `terms` holds one entry for each contribution in `pieces`.
    """
    moves = [
        Move(
            accounts.escrow(piece.contribution),
            _PLACES[piece.into](piece.share, piece.contribution),
            piece.amount,
        )
        for piece in pieces
    ]
    paid = [piece for piece in pieces if piece.into == "payable"]
    return _booked(session, "released", key, pieces, moves, _sums(paid), terms, effective_at, actor, refs)


def holdback_released(
    session: Session,
    *,
    key: str,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
) -> Entry:
    """holdback → payable (or kept_for, by `into`): the warranty or the cut's days ended well."""
    moves = [
        Move(
            accounts.holdback(piece.share, piece.contribution),
            _PLACES[piece.into](piece.share, piece.contribution),
            piece.amount,
        )
        for piece in pieces
    ]
    paid = [piece for piece in pieces if piece.into == "payable"]
    return _booked(session, "holdback_released", key, pieces, moves, _sums(paid), terms, effective_at, actor, refs)


def kept_claimed(
    session: Session,
    *,
    key: str,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
) -> Entry:
    """kept_for → payable: the payee came and can be paid."""
    moves = [
        Move(
            accounts.kept_for(piece.share, piece.contribution),
            accounts.payable(piece.share, piece.contribution),
            piece.amount,
        )
        for piece in pieces
    ]
    return _booked(session, "kept_claimed", key, pieces, moves, _sums(pieces), terms, effective_at, actor, refs)


def became_unsendable(
    session: Session,
    *,
    key: str,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
) -> Entry:
    """payable → kept_for: the payee can't be paid any more; the fee's part is held again."""
    moves = [
        Move(
            accounts.payable(piece.share, piece.contribution),
            accounts.kept_for(piece.share, piece.contribution),
            piece.amount,
        )
        for piece in pieces
    ]
    unpaid = {contribution: -amount for contribution, amount in _sums(pieces).items()}
    return _booked(session, "became_unsendable", key, pieces, moves, unpaid, terms, effective_at, actor, refs)


def undone(
    session: Session,
    *,
    key: str,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None = None,
) -> Entry:
    """payable, holdback, kept_for → escrow: the release was a mistake; the fee of what was payable is held again.

    `into` of a piece says where it lies.
    """
    moves = [
        Move(
            _PLACES[piece.into](piece.share, piece.contribution),
            accounts.escrow(piece.contribution),
            piece.amount,
        )
        for piece in pieces
    ]
    payable = [piece for piece in pieces if piece.into == "payable"]
    unpaid = {contribution: -amount for contribution, amount in _sums(payable).items()}
    return _booked(session, "release_undone", key, pieces, moves, unpaid, terms, effective_at, actor, refs)


def _booked(
    session: Session,
    kind: str,
    key: str,
    pieces: Sequence[Piece],
    moves: list[Move],
    paid: Mapping[str, int],
    terms: Sequence[Terms],
    effective_at: datetime,
    actor: str,
    refs: Mapping[str, str] | None,
) -> Entry:
    currency = one_currency(terms)
    contributions = {piece.contribution for piece in pieces}
    if missing := contributions - {each.contribution for each in terms}:
        raise ValueError(f"no terms for {sorted(missing)}: their fee would be forgotten")
    request = _request(pieces, [each for each in terms if each.contribution in contributions])
    results = [accounts.income_fee(), *(accounts.vat_due(each.country) for each in terms if each.vat)]
    lock(session, [*results, *(move.credit for move in moves)], currency, contributions)
    entry = replayed(session, kind, key, request)
    if entry is not None:
        return entry
    so_far = positions(session, contributions, currency)
    for each in terms:
        amount = paid.get(each.contribution, 0)
        if amount:
            moves.extend(earning_moves(each, earned_part(each, so_far[each.contribution], amount)))
    return post(session, kind=kind, key=key, moves=moves, currency=currency, effective_at=effective_at,
                actor=actor, refs=refs, request=request)  # fmt: skip


def _sums(pieces: Sequence[Piece]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for piece in pieces:
        sums[piece.contribution] = sums.get(piece.contribution, 0) + piece.amount
    return sums


def _request(pieces: Sequence[Piece], terms: Sequence[Terms]) -> dict[str, Any]:
    return {
        "pieces": sorted([piece.share, piece.contribution, piece.into, piece.amount] for piece in pieces),
        "terms": sorted(as_request(each) for each in terms),
    }
