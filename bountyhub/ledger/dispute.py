"""Charge-backs and fraud warnings: what is still here of a contribution is frozen until they are decided.

Called by funding. What the bank takes beyond what is still here is the operator's loss, on the day it is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bountyhub.ledger import accounts
from bountyhub.ledger.accounts import Place
from bountyhub.ledger.book import Book, lock
from bountyhub.ledger.models import Entry
from bountyhub.ledger.posting import Move, find, get, lines_of, post, replayed, reverse

#: What is frozen first.
_ORDER = ("escrow", "payable", "kept_for", "holdback", "fee_held", "vat_held")


def warned(
    session: Session, *, dispute: str, contribution: str, currency: str, effective_at: datetime, actor: str
) -> Entry:
    """Everything still here → frozen: the card's bank suspects fraud, no money is taken yet."""
    request = {"dispute": dispute, "contribution": contribution}
    key = f"dispute_warned:{dispute}"
    frozen = accounts.frozen(dispute, contribution)
    book = lock(session, [frozen], currency, [contribution])
    entry = replayed(session, "dispute_warned", key, request)
    if entry is not None:
        return entry
    return post(
        session, kind="dispute_warned", key=key, moves=_freezing(book, frozen, None), currency=currency,
        effective_at=effective_at, actor=actor, refs=_refs(dispute, contribution), request=request,
    )  # fmt: skip


def warning_over(session: Session, *, dispute: str, effective_at: datetime, actor: str) -> Entry:
    """frozen → where it came from: the warning came to nothing."""
    warning = get(session, f"dispute_warned:{dispute}")
    return reverse(
        session, warning, kind="dispute_warning_over", key=f"dispute_warning_over:{dispute}",
        effective_at=effective_at, actor=actor,
    )  # fmt: skip


def warning_refunded(
    session: Session,
    *,
    dispute: str,
    contribution: str,
    refund: str,
    amount: int,
    currency: str,
    effective_at: datetime,
    actor: str,
) -> Entry:
    """frozen → refund_pending: given back before the bank takes it."""
    frozen, pending = accounts.frozen(dispute, contribution), accounts.refund_pending(refund, contribution)
    return post(
        session, kind="dispute_warning_refunded", key=f"dispute_warning_refunded:{dispute}",
        moves=[Move(frozen, pending, amount)], currency=currency, effective_at=effective_at, actor=actor,
        refs=_refs(dispute, contribution) | {"refund": refund},
    )  # fmt: skip


def funds_withdrawn(
    session: Session,
    *,
    dispute: str,
    contribution: str,
    amount: int,
    fee: int,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    warning: str | None = None,
) -> Entry:
    """dispute_funds, cost/dispute → clearing; as much as is still here → frozen.

    `warning` names the one that froze this money before, if it is still open: it is over with this.
    """
    request = {
        "dispute": dispute, "contribution": contribution, "amount": amount, "fee": fee, "currency": currency,
        "outside_id": outside_id, "warning": warning,
    }  # fmt: skip
    key = f"dispute_withdrawn:{dispute}"
    funds, frozen = accounts.dispute_funds(dispute, contribution), accounts.frozen(dispute, contribution)
    clearing = accounts.clearing()
    places = [clearing, accounts.cost_dispute(), funds, frozen]
    book = lock(session, places, currency, [contribution])
    if warning is not None:
        warning_over(session, dispute=warning, effective_at=effective_at, actor=actor)
        book = lock(session, places, currency, [contribution])
    entry = replayed(session, "dispute_withdrawn", key, request)
    if entry is not None:
        return entry
    taken = [Move(funds, clearing, amount), Move(accounts.cost_dispute(), clearing, fee)]
    return post(
        session, kind="dispute_withdrawn", key=key, moves=[*taken, *_freezing(book, frozen, amount)],
        currency=currency, effective_at=effective_at, actor=actor, refs=_refs(dispute, contribution),
        outside_id=outside_id, request=request,
    )  # fmt: skip


def lost(
    session: Session,
    *,
    dispute: str,
    contribution: str,
    currency: str,
    effective_at: datetime,
    actor: str,
    overtaken: Mapping[str, int] | None = None,
) -> Entry:
    """frozen → dispute_funds, and cost/chargeback_loss for what was not here any more.

    `overtaken`: refunds that the processor refuses because of this dispute, and what of each the bank paid instead.
    """
    request: dict[str, Any] = {"dispute": dispute, "contribution": contribution}
    if overtaken:
        request["overtaken"] = sorted(overtaken.items())
    refunds = {accounts.refund_pending(ref, contribution): amount for ref, amount in (overtaken or {}).items()}
    key = f"dispute_ended:{dispute}"
    funds, frozen = accounts.dispute_funds(dispute, contribution), accounts.frozen(dispute, contribution)
    book = lock(session, [accounts.cost_chargeback_loss(), funds, frozen, *refunds], currency)
    entry = replayed(session, "dispute_lost", key, request)
    if entry is not None:
        return entry
    covered = book[frozen.path].amount
    loss = book[funds.path].amount - covered - sum(refunds.values())
    moves = [Move(frozen, funds, covered), Move(accounts.cost_chargeback_loss(), funds, loss)]
    moves += [Move(pending, funds, amount) for pending, amount in refunds.items()]
    return post(
        session, kind="dispute_lost", key=key, moves=moves, currency=currency, effective_at=effective_at,
        actor=actor, refs=_refs(dispute, contribution), request=request,
    )  # fmt: skip


def won(
    session: Session,
    *,
    dispute: str,
    contribution: str,
    currency: str,
    outside_id: str,
    effective_at: datetime,
    actor: str,
    refund: str | None = None,
) -> Entry:
    """clearing → dispute_funds; frozen → where it came from, or all of it → refund_pending.

    `refund` is for money of which nothing was a share's; else see `undo.dispute_won_and_returned`. What a release
    missed meanwhile is released from escrow by an entry of its own, in the same transaction.
    """
    request = {"dispute": dispute, "contribution": contribution, "refund": refund, "outside_id": outside_id}
    key = f"dispute_ended:{dispute}"
    funds, frozen = accounts.dispute_funds(dispute, contribution), accounts.frozen(dispute, contribution)
    book = lock(session, [accounts.clearing(), funds, frozen], currency, [contribution])
    entry = replayed(session, "dispute_won", key, request)
    if entry is not None:
        return entry
    back = [Move(accounts.clearing(), funds, book[funds.path].amount)]
    if refund is not None:
        back.append(Move(frozen, accounts.refund_pending(refund, contribution), book[frozen.path].amount))
    else:
        back.extend(_thawing(session, dispute, frozen))
    return post(
        session, kind="dispute_won", key=key, moves=back, currency=currency, effective_at=effective_at,
        actor=actor, refs=_refs(dispute, contribution), outside_id=outside_id, request=request,
    )  # fmt: skip


def _freezing(book: Book, frozen: Place, most: int | None) -> list[Move]:
    """What is still here → frozen, in order, up to `most`."""
    here = [held for kind in _ORDER for held in book.values() if held.kind == kind and held.amount]
    moves = []
    for held in here:
        part = held.amount if most is None else min(held.amount, most)
        most = None if most is None else most - part
        moves.append(Move(held.place, frozen, part))
    return moves


def _thawing(session: Session, dispute: str, frozen: Place) -> list[Move]:
    withdrawal = get(session, f"dispute_withdrawn:{dispute}")
    return [
        Move(frozen, place, amount) for place, amount in lines_of(session, withdrawal).items() if place.kind in _ORDER
    ]


def frozen_from(session: Session, dispute: str) -> dict[Place, int]:
    """Where a charge-back found its contribution's money, and how much in each place; nothing before it took any."""
    withdrawal = find(session, f"dispute_withdrawn:{dispute}") or find(session, f"dispute_warned:{dispute}")
    if withdrawal is None:
        return {}
    return {place: amount for place, amount in lines_of(session, withdrawal).items() if place.kind in _ORDER}


def _refs(dispute: str, contribution: str) -> dict[str, str]:
    return {"dispute": dispute, "contribution": contribution}
