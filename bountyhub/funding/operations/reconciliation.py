"""What comparing the processor's book with ours found: kept per movement, told as alarms, over when both agree."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import alarms, audit
from bountyhub.events.alarms import Found
from bountyhub.funding.models import Discrepancy, MovementCursor
from bountyhub.kit import clock
from bountyhub.kit.money import Money, plain
from bountyhub.ledger import capture

ACCOUNT = "platform"
MOVEMENTS, BALANCE = "reconciliation:movements:", "reconciliation:balance:"
#: A movement younger than this may be on its way into our books.
ON_ITS_WAY = timedelta(minutes=10)
#: What the processor takes for itself: a cost, whatever it is for.
COSTS = frozenset({"stripe_fee", "stripe_fx_fee", "tax_fee", "network_cost"})


def cursor(session: Session) -> str | None:
    """The last movement that was compared, None before the first."""
    row = session.get(MovementCursor, ACCOUNT)
    return row.last_id if row is not None else None


def move_cursor(session: Session, last_id: str, compared: int) -> None:
    """So far the processor's book was compared."""
    row = session.get(MovementCursor, ACCOUNT, with_for_update=True)
    if row is None:
        row = MovementCursor(account=ACCOUNT, last_id=last_id, compared=0, walked_at=clock.real_now())
        session.add(row)
    row.last_id, row.walked_at = last_id, clock.real_now()
    row.compared += compared


def book_cost(session: Session, id: str, net: Money, at: datetime) -> None:
    """Book what the processor took for itself (or gave back), known by its balance transaction."""
    capture.cost(
        session, amount=-net.amount, currency=net.currency, outside_id=id, effective_at=at, actor="stripe"
    )  # fmt: skip


def note(session: Session, id: str, kind: str, source: str, theirs: Money, ours: Money) -> None:
    """One movement as it stands in both books; what agrees and was never noted leaves no row."""
    row = session.scalars(select(Discrepancy).where(Discrepancy.balance_transaction == id).with_for_update()).first()
    now = clock.real_now()
    if row is None:
        if theirs == ours:
            return
        row = Discrepancy(
            balance_transaction=id, kind=kind, source=source, currency=theirs.currency, theirs=0, ours=0,
            first_seen=now, last_seen=now,
        )  # fmt: skip
        session.add(row)
    row.theirs, row.ours, row.last_seen = theirs.amount, ours.amount, now
    if theirs != ours and row.ended_at is not None:
        row.ended_at, row.first_seen = None, now
    elif theirs == ours and row.ended_at is None:
        row.ended_at = now
        session.flush()
        audit.record(session, "stripe", "movement_agrees", "discrepancy", row.id, amount=ours.amount)


def open_discrepancies(session: Session) -> list[Discrepancy]:
    """Those that hold, oldest first."""
    query = select(Discrepancy).where(Discrepancy.ended_at.is_(None))
    return list(session.scalars(query.order_by(Discrepancy.first_seen, Discrepancy.id)))


def ended_discrepancies(session: Session, limit: int = 50) -> list[Discrepancy]:
    """Those that are over, the newest end first."""
    query = select(Discrepancy).where(Discrepancy.ended_at.is_not(None))
    return list(session.scalars(query.order_by(Discrepancy.ended_at.desc(), Discrepancy.id.desc()).limit(limit)))


def stays(row: Discrepancy) -> bool:
    """Whether it is more than something on its way."""
    return clock.real_now() - row.first_seen >= ON_ITS_WAY


def tell(session: Session) -> None:
    """Make the alarms those of the movements that stay different."""
    staying = [row for row in open_discrepancies(session) if stays(row)]
    found = [_alarm(currency, staying) for currency in sorted({row.currency for row in staying})]
    alarms.settle(session, MOVEMENTS, found)


def tell_balance(session: Session, currency: str, by: Money) -> None:
    """Raise or end the alarm of one currency's balance; `by`: how much the processor has more than our books."""
    scope = f"{BALANCE}{currency}"
    told = f"the processor's balance less the books is {plain(by)}: run bountyhub reconcile"
    alarms.settle(session, scope, [Found(scope, "reconciliation", currency, told)] if by.amount else [])


def _alarm(currency: str, staying: Collection[Discrepancy]) -> Found:
    rows = [row for row in staying if row.currency == currency]
    total = Money(sum(row.difference.amount for row in rows), currency)
    first = f"{rows[0].balance_transaction} ({rows[0].kind})"
    told = f"{len(rows)} movements differ by {plain(total)} in all, first {first}: see /operator/reconciliation"
    return Found(f"{MOVEMENTS}{currency}", "reconciliation", currency, told)


def walked(session: Session) -> MovementCursor | None:
    """How far the processor's book was compared, None before the first time."""
    return session.get(MovementCursor, ACCOUNT)
