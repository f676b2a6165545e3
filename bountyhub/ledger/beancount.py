"""The books in beancount's plain-text format, so that a program that isn't ours can add them up.

https://beancount.github.io/docs/beancount_language_syntax.html: signs are as in our lines, + debit and − credit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.money import Money, major
from bountyhub.ledger.accounts import OWED_KINDS
from bountyhub.ledger.checks import STREAM
from bountyhub.ledger.export import ExportLine, lines
from bountyhub.ledger.models import Account, Entry

_ODD = re.compile(r"[^A-Za-z0-9]")
_ROOTS = {"income": "Income", "cost": "Expenses", "own": "Equity"}


def as_beancount(session: Session) -> Iterator[str]:
    """Accounts, entries, and at the end each account's balance as we have it, to be agreed with to the unit."""
    first, last = session.execute(select(func.min(Entry.effective_at), func.max(Entry.effective_at))).one()
    yield 'option "title" "bountyhub"\n'
    if first is None:
        return
    yield from _opened(session, first.date())
    for _, of_entry in groupby(lines(session), key=lambda line: line.entry):
        yield _transaction(list(of_entry))
    yield from _balances(session, last.date() + timedelta(days=1))


def name_of(kind: str, path: str) -> str:
    """An account's name there: `escrow/c7k2` → `Liabilities:Escrow:R-c7k2`. Two paths never have the same name."""
    head, _, tail = kind.partition("/")
    root = "Liabilities" if kind in OWED_KINDS else _ROOTS.get(head, "Assets")
    parts = [part.replace("_", "-").capitalize() for part in (head, tail) if part]
    references = path.removeprefix(kind).strip("/")
    return ":".join([root, *parts, *(_reference(part) for part in references.split("/") if part)])


def _reference(text: str) -> str:
    """Letters, digits and dashes, beginning with a capital; whatever else there is as the number of its sign."""
    return "R-" + _ODD.sub(lambda odd: f"-{ord(odd[0]):x}-", text)


def _opened(session: Session, day: date) -> Iterator[str]:
    query = select(Account.path, Account.kind, Account.currency).order_by(Account.path, Account.currency)
    rows = session.execute(query, execution_options=STREAM)
    for (path, kind), same in groupby(rows, key=lambda row: (row.path, row.kind)):
        yield f"{day} open {name_of(kind, path)} {','.join(row.currency for row in same)}\n"


def _transaction(of_entry: list[ExportLine]) -> str:
    first = of_entry[0]
    said = [f'\n{first.effective_at.date()} * "{first.kind}"', f"  entry: {first.entry}"]
    said.append(f'  recorded: "{first.recorded_at.isoformat()}"')
    if first.outside_id is not None:
        said.append(f'  outside-id: "{_quoted(first.outside_id)}"')
    if first.reverses is not None:
        said.append(f"  reverses: {first.reverses}")
    said += [f"  {name_of(line.account_kind, line.account)}  {line.amount} {line.currency}" for line in of_entry]
    return "\n".join(said) + "\n"


def _balances(session: Session, day: date) -> Iterator[str]:
    """`~ 0`: without it beancount would let a cent pass."""
    query = select(Account.path, Account.kind, Account.currency, Account.balance).order_by(Account.path)
    yield "\n"
    for path, kind, currency, signed in session.execute(query, execution_options=STREAM):
        yield f"{day} balance {name_of(kind, path)}  {major(Money(signed, currency))} ~ 0 {currency}\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
