"""What the books say, in positive amounts on each account's own side. Called by every face and by operations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.ledger.accounts import OWED_KINDS, RULES, Place
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.positions import EARNING
from bountyhub.ledger.sums import Sums, sums

#: What of a contribution is still with us, in the words of its state `held`.
HELD_KINDS = (
    "escrow", "fee_held", "vat_held", "holdback", "kept_for", "payable", "refund_pending", "frozen",
    "unclaimed_refund", "suspense",
)  # fmt: skip
#: Where a share's money lies, and the entries by which it leaves for its payee (or doesn't).
SHARE_KINDS = ("payable", "holdback", "kept_for")
SENDING = ("transfer_asked", "transfer_refused", "transfer_reversed")


def balance(session: Session, place: Place | str, currency: str) -> int:
    """What an account holds, 0 for one that was never used."""
    path = place if isinstance(place, str) else place.path
    query = select(Account.kind, Account.balance).where(Account.path == path, Account.currency == currency)
    row = session.execute(query).first()
    return 0 if row is None else natural(row.kind, row.balance)


def is_used(session: Session, place: Place | str) -> bool:
    """Whether anything was ever booked on an account, in any currency."""
    path = place if isinstance(place, str) else place.path
    return session.scalar(select(Account.id).where(Account.path == path).limit(1)) is not None


def natural(kind: str, signed: int) -> int:
    """A signed sum as a positive amount on its account's own side."""
    return -signed if RULES[kind].side == "credit" else signed


def balances_by_contribution(session: Session, contributions: Collection[str]) -> dict[str, dict[str, int]]:
    """For each contribution the non-zero sums by kind of account; a contribution has one currency."""
    found: dict[str, dict[str, int]] = {contribution: {} for contribution in contributions}
    query = (
        select(Account.contribution, Account.kind, func.sum(Account.balance))
        .where(Account.contribution.in_(list(contributions)))
        .group_by(Account.contribution, Account.kind)
    )
    for contribution, kind, signed in session.execute(query):
        if signed:
            found[str(contribution)][kind] = natural(kind, int(signed))
    return found


def held_by_contribution(session: Session, contributions: Collection[str]) -> dict[str, int]:
    """What each contribution still holds for its task (escrow), 0 where nothing is."""
    sums = balances_by_contribution(session, contributions)
    return {contribution: kinds.get("escrow", 0) for contribution, kinds in sums.items()}


def still_held(session: Session, contribution: str) -> bool:
    """Whether anything of a contribution is still with us: its state is `held`, else `closed`."""
    kinds = balances_by_contribution(session, [contribution])[contribution]
    return any(kinds.get(kind, 0) for kind in HELD_KINDS)


def balances_by_owner(session: Session, owners: Collection[str], kind: str) -> dict[str, int]:
    """What each share, refund, transfer or dispute has in accounts of one kind."""
    found = dict.fromkeys(owners, 0)
    query = (
        select(Account.owner, func.sum(Account.balance))
        .where(Account.owner.in_(list(owners)), Account.kind == kind)
        .group_by(Account.owner)
    )
    for owner, signed in session.execute(query):
        found[str(owner)] = natural(kind, int(signed))
    return found


def owners_of(session: Session, contribution: str, kinds: Collection[str]) -> list[str]:
    """The shares (or refunds, disputes) that ever had something of a contribution in accounts of these kinds."""
    query = select(Account.owner).where(Account.contribution == contribution, Account.kind.in_(list(kinds)))
    return [str(owner) for owner in session.scalars(query.distinct().order_by(Account.owner))]


def contributions_of(session: Session, owners: Collection[str], kinds: Collection[str]) -> list[str]:
    """The contributions of which these shares ever had something in accounts of these kinds."""
    query = select(Account.contribution).where(Account.owner.in_(list(owners)), Account.kind.in_(list(kinds)))
    return [str(contribution) for contribution in session.scalars(query.distinct().order_by(Account.contribution))]


def versions(session: Session, owners: Collection[str], kinds: Collection[str]) -> dict[str, int]:
    """How often each account of these shares, in these kinds, has changed, by its path."""
    query = select(Account.path, Account.version)
    found = session.execute(query.where(Account.owner.in_(list(owners)), Account.kind.in_(list(kinds))))
    return {str(path): int(version) for path, version in found}


def pieces_of_share(session: Session, share: str, kind: str) -> list[tuple[str, int]]:
    """(contribution, amount) of what a share has in `payable`, `kept_for` or `holdback`, in account order."""
    query = (
        select(Account.contribution, Account.kind, Account.balance)
        .where(Account.owner == share, Account.kind == kind, Account.balance != 0)
        .order_by(Account.id)
    )
    return [(str(row.contribution), natural(row.kind, row.balance)) for row in session.execute(query)]


def drawn_by_shares(session: Session, shares: Collection[str]) -> dict[tuple[str, str], int]:
    """What each share got, or still has, of each contribution: (share, contribution) → minor units; one query.

    Less what was undone, returned or frozen; what was transferred stays counted.
    """
    query = (
        select(Account.owner, Account.contribution, -func.sum(Line.amount))
        .join(Line, Line.account_id == Account.id)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Account.owner.in_(list(shares)), Account.kind.in_(SHARE_KINDS), Entry.kind.not_in(SENDING))
        .group_by(Account.owner, Account.contribution)
    )
    rows = session.execute(query)
    return {(str(share), str(contribution)): int(amount) for share, contribution, amount in rows if amount}


@dataclass(frozen=True)
class Standing:
    """One currency's accounts as they stand, for the operator."""

    currency: str
    held: int  # for tasks: escrow, held back, kept, frozen
    owed: int  # everything we owe anybody
    own_funds: int
    clearing: int


@dataclass(frozen=True)
class Totals(Standing):
    """How a currency stands and what ever flowed, for the home page."""

    released: int  # became payable, ever
    returned: int  # went back to backers, ever


def standings(session: Session) -> list[Standing]:
    """How every currency stands, by currency."""
    covered = covered_by_disputes(session)
    return [
        Standing(
            currency,
            held=held_of(kinds),
            owed=owed_of(kinds),
            own_funds=own_funds_of(kinds, covered.get(currency, 0)),
            clearing=kinds.get("clearing", 0),
        )
        for currency, kinds in sorted(sums_by_kind(session).items())
    ]


def own_funds(session: Session, currency: str) -> int:
    """clearing + Σ min(dispute_funds, frozen) + bank/unclaimed − everything owed."""
    return own_funds_of(sums_by_kind(session).get(currency, {}), covered_by_disputes(session).get(currency, 0))


def totals(session: Session) -> list[Totals]:
    """Every currency's totals, by currency."""
    moved = sums(session)
    released, returned = flow(moved, RELEASED), flow(moved, RETURNED)
    return [
        Totals(**vars(one), released=-released.get(one.currency, 0), returned=returned.get(one.currency, 0))
        for one in standings(session)
    ]


def own_funds_of(kinds: Mapping[str, int], covered: int) -> int:
    """The formula, on one currency's balances by kind."""
    return kinds.get("clearing", 0) + covered + kinds.get("bank/unclaimed", 0) - owed_of(kinds)


def held_of(kinds: Mapping[str, int]) -> int:
    """What is held for tasks, of balances by kind: not yet anybody's, or a developer's to come."""
    return sum(kinds.get(kind, 0) for kind in ("escrow", "holdback", "kept_for", "frozen"))


def owed_of(kinds: Mapping[str, int]) -> int:
    """Everything we owe anybody, of balances by kind."""
    return sum(kinds.get(kind, 0) for kind in OWED_KINDS)


def sums_by_kind(session: Session) -> dict[str, dict[str, int]]:
    """Per currency the balances by kind of account, each on its own side."""
    query = select(Account.currency, Account.kind, func.sum(Account.balance)).group_by(Account.currency, Account.kind)
    found: dict[str, dict[str, int]] = {}
    for currency, kind, signed in session.execute(query):
        found.setdefault(currency, {})[kind] = natural(kind, int(signed))
    return found


def covered_by_disputes(session: Session) -> dict[str, int]:
    """Σ min(dispute_funds, frozen) of each currency: what a charge-back took and we don't owe meanwhile."""
    query = select(Account.currency, Account.owner, Account.kind, Account.balance)
    sides: dict[tuple[str, str], dict[str, int]] = {}
    disputed = Account.kind.in_(("dispute_funds", "frozen")) & (Account.balance != 0)
    for currency, owner, kind, signed in session.execute(query.where(disputed)):
        sides.setdefault((currency, str(owner)), {})[kind] = natural(kind, signed)
    covered: dict[str, int] = {}
    for (currency, _), both in sides.items():
        part = min(both.get("dispute_funds", 0), both.get("frozen", 0))
        covered[currency] = covered.get(currency, 0) + part
    return covered


#: (kind of account, kinds of entries): where lines tell what was released, and what really went back.
RELEASED = [("payable", EARNING)]
RETURNED = [("refund_pending", ("refund_debited",)), ("unclaimed_refund", ("refund_came_back", "unclaimed_paid"))]


def flow(moved: Sums, places: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, int]:
    """Per currency the signed sum of what these entries moved on these accounts."""
    wanted = {(account, entry) for account, entries in places for entry in entries}
    found: dict[str, int] = {}
    for (currency, account, entry), amount in moved.items():
        if (account, entry) in wanted:
            found[currency] = found.get(currency, 0) + amount
    return found
