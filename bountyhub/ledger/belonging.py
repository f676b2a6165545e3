"""Which entries tell the whole story of some contributions: also those in which no account carries their reference.

What the processor moved to a payee or charged stands on accounts of everybody; it is found by the transfer that the
money went into, and by the processor's own id of the movement it was charged for.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import CTE, Select, select, union

from bountyhub.ledger.models import Account, Entry, Line


def entries_of(contributions: Collection[str]) -> Select[int]:
    """The numbers of all their entries, of their transfers' and of what the processor charged for any of these."""
    touching = _touching(contributions)
    through = select(Line.entry_id).where(Line.account_id.in_(_transfers(touching)))
    charged_for = select(Entry.outside_id).where(Entry.id.in_(select(touching.c.entry_id)))
    costs = select(Entry.id).where(Entry.kind == "cost", Entry.outside_id.in_(charged_for))
    found = union(select(touching.c.entry_id), through, costs).subquery()
    return select(found.c.entry_id)


def transfers_of(contributions: Collection[str]) -> Select[int]:
    """The accounts of the transfers that their money went into."""
    return _transfers(_touching(contributions))


def _transfers(touching: CTE) -> Select[int]:
    return (
        select(Line.account_id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.kind == "transfer_pending", Line.entry_id.in_(select(touching.c.entry_id)))
    )


def _touching(contributions: Collection[str]) -> CTE:
    return (
        select(Line.entry_id)
        .join(Account, Account.id == Line.account_id)
        .where(Account.contribution.in_(list(contributions)))
        .distinct()
        .cte("touching")
    )
