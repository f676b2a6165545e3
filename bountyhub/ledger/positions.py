"""Where each contribution stands, read from its lines, and what of its fee moves with a movement.

Called by `release`, `refund` and whoever shows the sums beforehand. Fees are computed on a contribution's
totals, never on pieces; the movement that empties a contribution takes the rest of the fee with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.money import unit
from bountyhub.ledger.accounts import Place, fee_held, income_fee, vat_due, vat_held
from bountyhub.ledger.errors import CurrencyMismatch
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.posting import Move
from bountyhub.ledger.rules import part_due

#: Entries in which money became payable (or stopped being it).
EARNING = (
    "released",
    "holdback_released",
    "kept_claimed",
    "became_unsendable",
    "release_undone",
)
#: Entries in which money went back to its backer.
RETURNING = ("refund_asked",)


@dataclass(frozen=True)
class Terms:
    """What was captured for a contribution, or moved into it; never reduced. VAT is due to `country`."""

    contribution: str
    amount: int
    fee: int
    currency: str
    vat: int = 0
    country: str = ""


@dataclass(frozen=True)
class Part:
    """The fee, and the tax on it, that go with a movement; negative when the movement is undone."""

    fee: int
    vat: int


@dataclass(frozen=True)
class Position:
    """A contribution's totals so far, in minor units."""

    undecided: int  # in escrow, held back, kept or frozen
    fee_held: int
    vat_held: int
    paid: int  # became payable
    returned: int
    fee_earned: int
    vat_earned: int
    fee_returned: int
    vat_returned: int


_Sums = dict[tuple[str, str], int]


def positions(session: Session, contributions: Collection[str], currency: str) -> dict[str, Position]:
    """Every contribution's totals; call it with their accounts locked when the result decides a posting."""
    query = (
        select(Account.contribution, Account.kind, Entry.kind, func.sum(Line.amount))
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Account.contribution.in_(list(contributions)), Account.currency == currency)
        .group_by(Account.contribution, Account.kind, Entry.kind)
    )
    sums: dict[str, _Sums] = {contribution: {} for contribution in contributions}
    for contribution, account_kind, entry_kind, amount in session.execute(query):
        sums[str(contribution)][account_kind, entry_kind] = int(amount)
    return {contribution: _position(found) for contribution, found in sums.items()}


def position(session: Session, terms: Terms) -> Position:
    """One contribution's totals."""
    return positions(session, [terms.contribution], terms.currency)[terms.contribution]


def earned_part(terms: Terms, so_far: Position, amount: int) -> Part:
    """What is earned when `amount` more becomes payable; negative for an amount that stops being payable."""
    if amount > 0 and amount >= so_far.undecided:
        return Part(so_far.fee_held, so_far.vat_held)
    moved = so_far.paid + amount
    fee = part_due(terms.fee, terms.amount, moved, so_far.fee_earned, unit(terms.currency))
    vat = part_due(terms.vat, terms.amount, moved, so_far.vat_earned, unit(terms.currency))
    if amount < 0:
        return Part(fee, vat)
    return Part(_within(fee, so_far.fee_held), _within(vat, so_far.vat_held))


def returned_part(terms: Terms, so_far: Position, amount: int) -> Part:
    """What goes back with `amount` more on its way to the backer."""
    if amount > 0 and amount >= so_far.undecided:
        return Part(so_far.fee_held, so_far.vat_held)
    moved = so_far.returned + amount
    fee = part_due(terms.fee, terms.amount, moved, so_far.fee_returned, unit(terms.currency))
    vat = part_due(terms.vat, terms.amount, moved, so_far.vat_returned, unit(terms.currency))
    return Part(_within(fee, so_far.fee_held), _within(vat, so_far.vat_held))


def fee_earned(session: Session, terms: Terms, amount: int) -> int:
    """The fee that releasing `amount` of this contribution would earn now."""
    return earned_part(terms, position(session, terms), amount).fee


def fee_returned(session: Session, terms: Terms, amount: int) -> int:
    """The fee, with the tax on it, that would go back with `amount` of this contribution now."""
    part = returned_part(terms, position(session, terms), amount)
    return part.fee + part.vat


def earning_moves(terms: Terms, part: Part) -> list[Move]:
    """fee_held → income/fee and vat_held → vat_due; the other way round for a negative part."""
    moves = [_either_way(fee_held(terms.contribution), income_fee(), part.fee)]
    if part.vat:
        moves.append(_either_way(vat_held(terms.contribution), vat_due(terms.country), part.vat))
    return moves


def one_currency(terms: Iterable[Terms]) -> str:
    """The currency of all of them; raises CurrencyMismatch."""
    currencies = {each.currency for each in terms}
    if len(currencies) != 1:
        raise CurrencyMismatch(f"one movement in {len(currencies)} currencies", currencies=sorted(currencies))
    return currencies.pop()


def as_request(terms: Terms) -> list[Any]:
    """Its content, for the digest of a request."""
    return [terms.contribution, terms.amount, terms.fee, terms.currency, terms.vat, terms.country]


def _within(due: int, held: int) -> int:
    """Never below 0: the movement that emptied a contribution may have taken one unit ahead, and been undone."""
    return max(0, min(due, held))


def _either_way(held: Place, earned: Place, amount: int) -> Move:
    return Move(held, earned, amount) if amount >= 0 else Move(earned, held, -amount)


def _position(sums: _Sums) -> Position:
    def of(kinds: Collection[str], entries: Collection[str] | None = None) -> int:
        return sum(
            amount
            for (account, entry), amount in sums.items()
            if account in kinds and (entries is None or entry in entries)
        )

    undecided = ("escrow", "holdback", "kept_for")
    return Position(
        undecided=-of((*undecided, "frozen")),
        fee_held=-of(("fee_held",)),
        vat_held=-of(("vat_held",)),
        paid=-of(("payable",), EARNING),
        returned=of(undecided, RETURNING),
        fee_earned=of(("fee_held",), EARNING),
        vat_earned=of(("vat_held",), EARNING),
        fee_returned=of(("fee_held",), RETURNING),
        vat_returned=of(("vat_held",), RETURNING),
    )
