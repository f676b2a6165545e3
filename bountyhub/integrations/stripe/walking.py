"""The walk through the processor's book since the last look: what agrees is passed, all else is written down."""

from __future__ import annotations

import time
from collections.abc import Collection

from bountyhub import ports
from bountyhub.funding.operations import reconciliation as kept
from bountyhub.integrations.stripe.reconciliation import Difference, batches, booked, difference_of, whole
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import zero
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.reconciliation import Movement

#: A walk ends before its lease does, and goes on where it ended.
SECONDS = 30.0


def walk() -> int:
    """Compare what is new since the cursor; how many movements that were. Without a cursor: the whole book."""
    with reading() as session:
        cursor = kept.cursor(session)
    if cursor is None or ports.gateway().read_movement(cursor) is None:  # never walked, or it was another account
        return walk_whole()
    began, many = time.monotonic(), 0
    for movements in batches(ports.gateway().movements(after=cursor)):
        _take(movements)
        many += len(movements)
        if time.monotonic() - began > SECONDS:
            break
    return many


def _take(movements: Collection[Movement]) -> None:
    """Book what is a cost, write down what differs, and remember how far we came; in one transaction."""
    ours = booked([movement.id for movement in movements])
    last = ""
    with transaction() as session:
        for movement in movements:
            last = movement.id
            if movement.kind in kept.COSTS and movement.id not in ours and movement.net.amount:
                kept.book_cost(session, movement.id, movement.net, movement.at)
                continue
            found = difference_of(movement, ours)
            kept.note(session, found.balance_transaction, found.kind, found.source, found.theirs, found.ours)
        kept.move_cursor(session, last, len(movements))


def walk_whole() -> int:
    """Compare all of both books; the cursor is then the newest movement there was at the beginning."""
    newest = next(ports.gateway().newest_movements(), None)
    found = list(whole())
    costs = [each for each in found if each.kind in kept.COSTS and not each.ours.amount]
    for each in costs:
        _book_cost(each)
    rest = [each for each in found if each not in costs]
    with transaction() as session:
        for each in rest:
            kept.note(session, each.balance_transaction, each.kind, each.source, each.theirs, each.ours)
        if newest is not None:
            kept.move_cursor(session, newest.id, 0)
    return len(found)


def _book_cost(each: Difference) -> None:
    movement = ports.gateway().read_movement(each.balance_transaction)
    if movement is not None:
        with transaction() as session:
            kept.book_cost(session, movement.id, movement.net, movement.at)


def look_again() -> None:
    """Read every movement that differed once more: what was mended (there or here) is over."""
    with reading() as session:
        open_ = kept.open_discrepancies(session)
    for row in open_:
        movement = _read(row.balance_transaction)
        ours = booked([row.balance_transaction]).get(row.balance_transaction, zero(row.currency))
        theirs = movement.net if movement is not None else zero(row.currency)
        kind = movement.kind if movement is not None else row.kind
        with transaction() as session:
            kept.note(session, row.balance_transaction, kind, row.source, theirs, ours)


def _read(id: str) -> Movement | None:
    try:
        return ports.gateway().read_movement(id)
    except (OutsideGone, OutsideRefused):
        return None
