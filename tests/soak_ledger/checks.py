"""Holds what the application booked against the model: after every step what it touched, now and then everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ledger import queries
from bountyhub.ledger.models import Account, Entry, Line
from bountyhub.ledger.verify import verify
from tests.soak_ledger.calls import Call
from tests.soak_ledger.model import Again, Booked, Model, Outcome


@dataclass
class Violation(Exception):
    """The application did something else than the model: which check saw it, and what it saw."""

    check: str
    what: str

    def __str__(self) -> str:
        return f"{self.check}: {self.what}"


def check_outcome(expected: Outcome, got: str | None) -> None:
    """Refused for a reason that the model knows, or not refused."""
    names = frozenset() if isinstance(expected, Booked | Again) else expected.names
    if got is None and names:
        raise Violation("refusals", f"was not refused, {' or '.join(sorted(names))} was right")
    if got is not None and got not in names:
        raise Violation("refusals", f"was refused as {got}, right was {' or '.join(sorted(names)) or 'to book it'}")


def check_entry(expected: Booked, call: Call, entry: Entry, since: datetime) -> None:
    """What the new entry says of itself."""
    said = (entry.kind, entry.key, entry.currency, entry.actor, entry.outside_id, entry.effective_at)
    kind = call.event
    if kind == "reversal":
        kind = entry.kind
    right = (kind, expected.key, expected.plan.currency, call.actor, expected.plan.outside, call.effective_at)
    if said != right:
        raise Violation("entries", f"{said} is booked, {right} is right")
    until = clock.now()
    if not since <= entry.recorded_at <= until:
        raise Violation("entries", f"is recorded at {entry.recorded_at}, it was {until}")


def check_lines(session: Session, model: Model, expected: Booked, entry: Entry) -> None:
    """An entry's lines, and the accounts they touched as they stand now; learns which accounts are older."""
    found = {}
    query = select(Account.path, Account.currency, Account.id, Account.balance, Line.amount, Line.balance_after)
    for row in session.execute(query.join(Line, Line.account_id == Account.id).where(Line.entry_id == entry.id)):
        found[row.path] = (row.amount, row.balance_after)
        model.ids[row.path, row.currency] = row.id
        stands = model.balances.get((row.path, row.currency), 0)
        if row.balance != stands:
            raise Violation("touched balances", f"{row.path} stands at {row.balance}, {stands} is right")
    if found != expected.lines:
        raise Violation("lines", f"{found} is booked, {expected.lines} is right")


def check_everything(model: Model) -> None:
    """All balances, how many entries, every contribution's money, own funds; and `verify` finds nothing."""
    with reading() as session:
        for check, found, right in _comparisons(session, model):
            if found != right:
                raise Violation(check, _difference(found, right))
        if problems := verify(session).problems:
            raise Violation("verify", f"{problems[0]}{' …' if len(problems) > 1 else ''}")


def _comparisons(session: Session, model: Model) -> Iterator[tuple[str, Mapping[Any, int], Mapping[Any, int]]]:
    rows = session.execute(select(Account.path, Account.currency, Account.balance).where(Account.balance != 0))
    right = {account: balance for account, balance in model.balances.items() if balance}
    yield "all balances", {(path, currency): balance for path, currency, balance in rows}, right
    count = session.scalar(select(func.count()).select_from(Entry)) or 0
    yield "number of entries", {"entries": count}, {"entries": len(model.booked)}
    money = (
        select(Account.contribution, func.sum(Account.balance))
        .where(Account.contribution.is_not(None), Account.kind != "dispute_funds")
        .group_by(Account.contribution)
    )
    here = {name: -int(total) for name, total in session.execute(money) if total}
    yield "conservation", here, {name: total for name, total in model.money.items() if total}
    own = {currency: queries.own_funds(session, currency) for currency in ("EUR", "JPY")}
    yield "own funds", own, {currency: model.own_funds(currency) for currency in own}


def _difference(found: Mapping[Any, int], right: Mapping[Any, int]) -> str:
    wrong = [key for key in {**found, **right} if found.get(key) != right.get(key)]
    shown = [f"{key}: {found.get(key, 0)}, {right.get(key, 0)} is right" for key in wrong[:3]]
    return "; ".join(shown) + (f" and {len(wrong) - 3} more" if len(wrong) > 3 else "")
