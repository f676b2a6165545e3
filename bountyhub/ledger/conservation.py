"""Nothing of a contribution is lost or wanders: checks of `verify` on each contribution's money and fee."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, TextClause, bindparam, text
from sqlalchemy.orm import Session

from bountyhub.ledger.checks import STREAM
from bountyhub.ledger.flows import FLOWS, TOUCHES
from bountyhub.ledger.positions import EARNING, RETURNING

_FEES = ("fee_held", "vat_held")
_UNDECIDED = ("escrow", "holdback", "kept_for", "frozen")
_ARRIVING = ("captured", "suspense_matched")

_UNKNOWN = text(
    "SELECT 'entry ' || min(id), 'is of the unknown kind ' || kind FROM ledger_entry WHERE kind NOT IN :known "
    "GROUP BY kind"
).bindparams(bindparam("known", expanding=True))

#: Credits are negative: what comes in must sum to less than 0.
_WANDERING = text(
    """
    SELECT 'entry ' || l.entry_id, 'changes the money of ' || a.contribution || ' by ' || -sum(l.amount)
    FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
    WHERE a.contribution IS NOT NULL AND a.kind <> 'dispute_funds' AND e.kind NOT IN :free
        AND NOT (e.kind IN :earning AND a.kind IN :fees)
    GROUP BY l.entry_id, a.contribution, e.kind
    HAVING e.kind IN :none OR (e.kind IN :in AND sum(l.amount) >= 0) OR (e.kind IN :out AND sum(l.amount) <= 0)
        OR ((e.kind IN :whole OR e.kind IN :earning) AND sum(l.amount) <> 0)
    """
)

#: One row for each pair of kinds and side; the first entry of each stands for the others.
_TOUCHING = text(
    """
    SELECT touch, count(*) AS lines, min(id) AS first FROM (
        SELECT e.id, e.kind || CASE WHEN l.amount > 0 THEN ' debit ' ELSE ' credit ' END || a.kind AS touch
        FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
        WHERE l.amount <> 0
    ) touches WHERE touch NOT IN :allowed GROUP BY touch ORDER BY min(id)
    """
).bindparams(bindparam("allowed", expanding=True))
_ALLOWED = [
    f"{kind} {side} {account}"
    for kind, touches in TOUCHES.items()
    for side, accounts in touches._asdict().items()
    for account in sorted(accounts)
]
#: What `_WANDERING` lets free: a move is between two contributions and loses nothing of any kind, a refund of one.
_ASTRAY = text(
    """
    SELECT 'entry ' || e.id, 'changes what is moved of ' || a.kind || ' by ' || -sum(l.amount)
    FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
    WHERE e.kind = 'moved' GROUP BY e.id, a.kind HAVING sum(l.amount) <> 0
    UNION ALL
    SELECT 'entry ' || e.id, 'is of ' || count(DISTINCT a.contribution) || ' contributions'
    FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id JOIN ledger_account a ON a.id = l.account_id
    WHERE e.kind IN ('moved', 'refund_asked') GROUP BY e.id, e.kind
    HAVING count(DISTINCT a.contribution) <> CASE e.kind WHEN 'moved' THEN 2 ELSE 1 END
    """
)

# ⌊fee × moved / amount⌋ = taken, or one less, without a division; where the product might not fit, Python looks.
_IN_PROPORTION = (
    "amount < 1000000000 AND (earned - 1) * amount <= fee * paid AND fee * paid < (earned + 1) * amount "
    "AND (fee_back - 1) * amount <= fee * returned AND fee * returned < (fee_back + 1) * amount "
    "AND (left_here <> 0 OR fee_here = 0)"
)
# Only contributions that may be wrong travel; `_wrong_fee` then decides exactly.
_FEE_TOTALS = text(
    f"""
    SELECT * FROM (SELECT a.contribution, a.currency,
        -sum(CASE WHEN a.kind = 'escrow' AND (e.kind IN :arriving OR (e.kind = 'moved' AND l.amount < 0))
            THEN l.amount ELSE 0 END) AS amount,
        -sum(CASE WHEN a.kind = 'fee_held' AND (e.kind IN :arriving OR (e.kind = 'moved' AND l.amount < 0))
            THEN l.amount ELSE 0 END) AS fee,
        -sum(CASE WHEN a.kind = 'payable' AND e.kind IN :earning THEN l.amount ELSE 0 END) AS paid,
        sum(CASE WHEN a.kind IN :undecided AND e.kind IN :returning THEN l.amount ELSE 0 END) AS returned,
        sum(CASE WHEN a.kind = 'fee_held' AND e.kind IN :earning THEN l.amount ELSE 0 END) AS earned,
        sum(CASE WHEN a.kind = 'fee_held' AND e.kind IN :returning THEN l.amount ELSE 0 END) AS fee_back,
        -sum(CASE WHEN a.kind IN :undecided THEN l.amount ELSE 0 END) AS left_here,
        -sum(CASE WHEN a.kind IN :fees THEN l.amount ELSE 0 END) AS fee_here,
        sum(CASE WHEN a.kind IN ('frozen', 'dispute_funds') THEN 1 ELSE 0 END) AS disputed,
        sum(CASE WHEN e.kind = 'moved' AND l.amount > 0 THEN 1 ELSE 0 END) AS moved_on
    FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_entry e ON e.id = l.entry_id
    WHERE a.contribution IS NOT NULL
    GROUP BY a.contribution, a.currency
    ) totals
    WHERE amount <> 0 AND disputed = 0 AND NOT ({_IN_PROPORTION})
    """  # noqa: S608  (our own words)
)


def unknown_kinds(session: Session) -> Iterator[tuple[str, str]]:
    """Entries of a kind that the event table doesn't have."""
    for row in session.execute(_UNKNOWN, {"known": list(FLOWS)}, execution_options=STREAM):
        yield str(row[0]), str(row[1])


def wandering(session: Session) -> Iterator[tuple[str, str]]:
    """Entries that change a contribution's money otherwise than their kind may."""
    flows = ("free", "earning", "none", "in", "out", "whole")
    parameters = {flow: [kind for kind, each in FLOWS.items() if each == flow] for flow in flows}
    query = _expanding(_WANDERING, "fees", *flows)
    for row in session.execute(query, parameters | {"fees": [*_FEES]}, execution_options=STREAM):
        yield str(row[0]), str(row[1])


def touching(session: Session) -> Iterator[tuple[str, str]]:
    """Events that touched an account which the event table doesn't give them, by their first entry."""
    for touch, lines, first in session.execute(_TOUCHING, {"allowed": _ALLOWED}, execution_options=STREAM):
        kind, _, what = str(touch).partition(" ")
        if kind in TOUCHES:  # an unknown one is told by `unknown_kinds`
            more = f", and {lines - 1} more do" if lines > 1 else ""
            yield f"entry {first}", f"of kind {kind} may not {what}{more}"


def astray(session: Session) -> Iterator[tuple[str, str]]:
    """Moves and refunds that lose a part on the way, or concern other contributions than theirs."""
    for row in session.execute(_ASTRAY, execution_options=STREAM):
        yield str(row[0]), str(row[1])


def wrong_fees(session: Session) -> Iterator[tuple[str, str]]:
    """Contributions whose fee was not earned and returned in proportion, to the unit."""
    query = _expanding(_FEE_TOTALS, "arriving", "earning", "returning", "undecided", "fees")
    parameters = {
        "arriving": _ARRIVING, "earning": EARNING, "returning": RETURNING, "undecided": _UNDECIDED, "fees": _FEES,
    }  # fmt: skip
    for row in session.execute(query, parameters, execution_options=STREAM):
        if wrong := _wrong_fee(row):
            yield f"contribution {row.contribution}", wrong


def _expanding(statement: TextClause, *names: str) -> TextClause:
    return statement.bindparams(*(bindparam(name, expanding=True) for name in names))


def _wrong_fee(row: Row[Any]) -> str | None:
    """The last movement takes the rest, so either side may be one unit above its floor, never below it.

    What moved on took the rest too: where a release is undone afterwards, a unit may be missing here.
    """
    if row.disputed or not row.amount:
        return None
    if not row.left_here and row.fee_here:
        return f"is over and still holds {row.fee_here} of fee and tax"
    for name, moved, taken in (("earned", row.paid, row.earned), ("returned", row.returned, row.fee_back)):
        due = int(row.fee) * int(moved) // int(row.amount)
        if not (-1 if row.moved_on else 0) <= int(taken) - due <= 1:
            return f"{name} {taken} of its fee of {row.fee} on {moved} of {row.amount}, {due} is right"
    return None
