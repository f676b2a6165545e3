"""Walks GitHub's log of deliveries and asks for those that failed: GitHub never sends one again by itself.

Each page is recorded before the next one is asked for, so that a walk that was cut off goes on where it ended. The
inbox knows deliveries by GUID: one that comes twice is handled once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bountyhub.bot import lost, positions, rules_lost
from bountyhub.bot.models import ForgePosition, LostDelivery, LostState
from bountyhub.events import alarms, outbox
from bountyhub.events.registry import Run, job, recurring
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge_polling import Attempts

#: Pages of a hundred in one walk, and deliveries asked for after it, so far apart: below all limits.
PAGES, AT_ONCE, APART = 10, 200, timedelta(seconds=1)
#: A delivery stands in the log once it was tried, which may take a while.
OVERLAP = timedelta(minutes=10)


@recurring("forge.walk_deliveries", every=600)
def walk_deliveries(run: Run) -> None:
    """Look through what GitHub tried to tell us since the last walk; ask again for what failed."""
    taken: set[str] = set()
    for _ in range(PAGES):
        with reading() as session:
            since, cursor, _target = _place(session)
        page = _page(cursor)
        taken |= {one.guid for one in page.items if one.taken}
        if _record(page, taken, since):
            break
    with transaction() as session:
        lost.settle(session)
        alarms.settle(session, lost.ALARM, lost.alarms(session))
        at = clock.real_now()
        for guid in lost.due(session, AT_ONCE):
            outbox.add(session, "forge.send_again", key=f"send-again:{guid}", run_at=at, guid=guid)
            at += APART
        run.done(session)


def _place(session: Session) -> tuple[datetime, str, datetime | None]:
    """Everything tried before the first moment was looked at; where the walk goes on, and how far it will have got."""
    row = session.get(ForgePosition, lost.LOG)
    if row is None:
        return clock.real_now() - rules_lost.KEPT, "", None
    return row.since, row.cursor, row.target


def _page(cursor: str) -> Attempts:
    try:
        return forge().attempts(cursor)
    except (OutsideGone, OutsideRefused):
        if not cursor:
            raise
        return forge().attempts()  # the place it stood at has left the log


def _record(page: Attempts, taken: set[str], since: datetime) -> bool:
    """Note a page's failures and how far the walk got; whether it is complete."""
    failed = [one for one in page.items if not one.taken and one.guid not in taken]
    oldest = min((one.delivered_at for one in page.items), default=since)
    newest = max((one.delivered_at for one in page.items), default=since)
    over = not page.cursor or oldest < max(since - OVERLAP, clock.real_now() - rules_lost.KEPT)
    with transaction() as session:
        lost.note_failed(session, failed)
        _, cursor, target = _place(session)
        target = target if cursor and target is not None else newest
        positions.note(session, lost.LOG, max(since, target) if over else since, "")
        row = session.get_one(ForgePosition, lost.LOG)
        row.cursor, row.target = ("", None) if over else (page.cursor, target)
    return over


@job("forge.send_again", queue="sweep")
def send_again(run: Run, guid: str) -> None:
    """Ask GitHub for one delivery more, unless it came meanwhile; one that it has no longer is given up."""
    with reading() as session:
        came = guid in lost.in_inbox(session, [guid])
        row = session.get(LostDelivery, guid)
    state = LostState.CAME if came else None
    if row is not None and not came:
        try:
            forge().send_again(row.delivery_id)
        except OutsideGone:
            state = LostState.GIVEN_UP
        except OutsideRefused as refusal:
            if refusal.code in ("401", "403"):
                raise
            state = LostState.GIVEN_UP
    with transaction() as session:
        row = lost.waiting(session, guid)
        if row is not None and state is not None:
            lost.end(row, state)
        elif row is not None:
            lost.note_ask(row)
        run.done(session)
