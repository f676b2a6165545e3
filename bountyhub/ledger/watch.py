"""What the hourly self-check looks at: everything that is quick and can't wait a day. Reads only; `jobs` raises alarms.

An alarm names its object, so that whoever is woken by it knows where to look.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from bountyhub.events.alarms import Found
from bountyhub.kit.money import Money, plain
from bountyhub.ledger.checks import exact_sum
from bountyhub.ledger.clocks import LIMITS, Pending, pending_too_long
from bountyhub.ledger.log.late import ALARM, late
from bountyhub.ledger.models import Account, SelfCheck
from bountyhub.ledger.queries import standings, sums_by_kind

PENDING, SUMS, OWN_FUNDS, OVERDUE, BOOKS = "pending:", "sums:", "own_funds:", "self_check:", "books:"
SET_APART = "set_apart:"
#: The self-check of every rule, by its name.
DAILY = "daily"
#: After this the daily check must have ended once more.
LONGEST_SILENCE = timedelta(hours=50)


def clocks(session: Session, now: datetime) -> list[Found]:
    """In-between accounts and unclaimed refunds whose time is over."""
    return [_late(one) for one in pending_too_long(session, now)]


def _late(one: Pending) -> Found:
    place = f"{one.kind}/{one.owner}"
    of = f" of contribution {one.contribution}" if one.contribution else ""
    told = (
        f"{place} holds {plain(Money(one.amount, one.currency))}{of} since {one.since:%Y-%m-%d %H:%M} UTC, "
        f"longer than {LIMITS[one.kind].days} days"
    )
    return Found(f"{PENDING}{place}:{one.currency}", one.kind, place, told)


def sums(session: Session) -> list[Found]:
    """Currencies whose accounts don't sum to zero."""
    return [
        Found(f"{SUMS}{currency}", "sums", currency, f"all accounts in {currency} are out of balance by {total}")
        for currency, total in out_of_balance(session)
    ]


def out_of_balance(session: Session) -> list[tuple[str, int]]:
    """Currencies whose accounts don't sum to zero, and by how much."""
    total: ColumnElement[int] = literal_column(exact_sum("balance"))
    query = select(Account.currency, total).group_by(Account.currency).order_by(Account.currency)
    return [(currency, int(total)) for currency, total in session.execute(query) if total]


def own_funds(session: Session) -> list[Found]:
    """Currencies in which what is owed is more than what is there: their checkouts are closed."""
    return [
        Found(
            f"{OWN_FUNDS}{one.currency}", "own_funds", one.currency,
            f"own funds are {plain(Money(one.own_funds, one.currency))}: top up the processor's balance",
        )
        for one in standings(session)
        if one.own_funds < 0
    ]  # fmt: skip


def set_apart(session: Session) -> list[Found]:
    """Currencies in which more is set apart at the bank than refunds are unclaimed: own money counted as theirs."""
    found = []
    for currency, kinds in sorted(sums_by_kind(session).items()):
        apart, owed = kinds.get("bank/unclaimed", 0), kinds.get("unclaimed_refund", 0)
        if apart > owed:
            there, needed = plain(Money(apart, currency)), plain(Money(owed, currency))
            told = f"bank/unclaimed holds {there} for unclaimed refunds of {needed}"
            found.append(Found(f"{SET_APART}{currency}", "set_apart", currency, told))
    return found


def warnings(session: Session, now: datetime) -> list[Found]:
    """What keeps the books sound and still needs somebody; `verify` tells it, too."""
    return [*own_funds(session), *set_apart(session), *clocks(session, now)]


def unsealed(session: Session, now: datetime) -> list[Found]:
    """Entries that should be in the log by now; `now` is protocol time, since business time may have been moved."""
    found = late(session, now).subquery()
    count, first = session.execute(select(func.count(), func.min(found.c.id))).one()
    told = f"{count} entries, first entry {first}, were recorded more than an hour ago and are not in the log"
    return [Found(ALARM, "unsealed", f"entry {first}", told)] if count else []


def overdue(session: Session, now: datetime) -> list[Found]:
    """The daily check began long ago and never ended since; `now` is protocol time."""
    daily = session.get(SelfCheck, DAILY)
    if daily is None or now - (daily.ended_at or daily.began_at) < LONGEST_SILENCE:
        return []
    since = f"{daily.ended_at:%Y-%m-%d %H:%M} UTC" if daily.ended_at else "ever"
    return [
        Found(f"{OVERDUE}{DAILY}", "self_check", DAILY, f"the daily check of the books has not ended since {since}")
    ]
