"""Halts of outgoing money: made, extended by a second operator, ended; what waited is tried again by itself.

Stops halt transfers, never books: releases are booked, refunds go back, nothing is lost by one.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.origin import payment_of
from bountyhub.kit import clock
from bountyhub.kit.database import find_or_make
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.errors import SecondOperatorNeeded, StopIsOver
from bountyhub.payouts.models import Share, Stop, StopScope, Transfer, TransferState, WaitReason
from bountyhub.payouts.operations.owners import payee_of
from bountyhub.payouts.rules import StopRefused, stop_for, why_not_extended
from bountyhub.people.models import Identity
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.tasks.models import Task

LONGEST_REASON = 1000


def make_stop(session: Session, scope: StopScope, target: str, reason: str, actor: Actor) -> Stop:
    """Halt outgoing money from now on; a stop of the same that is open already stays as it is (a double click)."""
    query = select(Stop).where(Stop.scope == scope, Stop.target == target, Stop.ended_at.is_(None))
    before = session.scalars(query.with_for_update()).first()
    if before is not None and before.until <= clock.now():
        _over(session, before, CLOCK)
    return find_or_make(
        session, lambda: session.scalars(query.with_for_update()).first(),
        lambda: _new(session, scope, target, reason, actor),
    )  # fmt: skip


def _new(session: Session, scope: StopScope, target: str, reason: str, actor: Actor) -> Stop:
    stop = Stop(
        scope=scope, target=target, reason=reason[:LONGEST_REASON], made_by=actor.person_id, made_at=clock.now(),
        until=clock.now() + stop_for(scope), ended_why="",
    )  # fmt: skip
    session.add(stop)
    session.flush()
    audit.record(session, actor.name, "stop_made", "stop", stop.id, scope=scope, until=stop.until.isoformat())
    _show(session, stop)
    return stop


def extend_stop(session: Session, stop_id: int, actor: Actor) -> Stop:
    """Let it last anew from now; raises NotFound, StopIsOver, SecondOperatorNeeded."""
    stop = _lock(session, stop_id)
    refused = why_not_extended(
        made_by=stop.made_by, extended_by=stop.extended_by, by=actor.person_id, over=stop.ended_at is not None
    )
    if refused is StopRefused.OVER:
        raise StopIsOver()
    if refused is StopRefused.SAME_OPERATOR:
        raise SecondOperatorNeeded()
    stop.until, stop.extended_by = clock.now() + stop_for(stop.scope), actor.person_id
    audit.record(session, actor.name, "stop_extended", "stop", stop.id, until=stop.until.isoformat())
    return stop


def end_stop(session: Session, stop_id: int, reason: str, actor: Actor) -> Stop:
    """End it before its time, with a reason; one that is over stays so. Raises NotFound."""
    stop = _lock(session, stop_id)
    if stop.ended_at is None:
        stop.ended_by, stop.ended_why = actor.person_id, reason[:LONGEST_REASON]
        _over(session, stop, actor)
    return stop


def end_due_stop(session: Session, stop_id: int) -> None:
    """Its time is over."""
    stop = _lock(session, stop_id)
    if stop.ended_at is None and stop.until <= clock.now():
        _over(session, stop, CLOCK)


def _over(session: Session, stop: Stop, actor: Actor) -> None:
    stop.ended_at = clock.now()
    audit.record(session, actor.name, "stop_ended", "stop", stop.id, scope=stop.scope)
    _show(session, stop)
    session.flush()
    waiting = select(Transfer.id).where(
        Transfer.state == TransferState.WAITING, Transfer.wait_reason == WaitReason.STOPPED
    )
    for id in session.scalars(waiting.order_by(Transfer.id)):  # those that another stop holds wait on by themselves
        outbox.add(session, "payouts.send_transfer", key=f"transfer:{id}", transfer=id)


def _show(session: Session, stop: Stop) -> None:
    """Where everybody may know of it, the merge boxes of what it holds say so."""
    if stop.scope.is_public:
        outbox.add(session, "work.stop_changed", key=f"stop:{stop.id}", stop=stop.id)


def _lock(session: Session, stop_id: int) -> Stop:
    stop = session.get(Stop, stop_id, with_for_update=True, populate_existing=True)
    if stop is None:
        raise NotFound("There is no such stop.")
    return stop


def open_stops(session: Session) -> list[Stop]:
    """Those that hold, oldest first."""
    return list(session.scalars(_open().order_by(Stop.id)))


def ended_lately(session: Session, limit: int = 20) -> list[Stop]:
    """Those that are over, the newest end first."""
    return list(
        session.scalars(select(Stop).where(Stop.ended_at.is_not(None)).order_by(Stop.ended_at.desc()).limit(limit))
    )


def _open() -> Select[Stop]:
    return select(Stop).where(Stop.ended_at.is_(None), Stop.until > clock.now())


def stop_of(session: Session, share: Share, contribution: Contribution) -> Stop | None:
    """The stop that holds a transfer of this share from this contribution, the one that lasts longest."""
    task = session.get_one(Task, share.task_id)
    earner, payee = session.get_one(Identity, share.identity_id).person_id, payee_of(session, share)
    card = payment_of(session, contribution).card
    persons = {str(id) for id in (earner, payee and payee.person_id, contribution.person_id) if id is not None}
    applies = or_(*_applying(task, persons, {card} if card else set()))
    return session.scalars(_open().where(applies).order_by(Stop.until.desc()).limit(1)).first()


def _applying(task: Task, persons: Collection[str], cards: Collection[str]) -> list[ColumnElement[bool]]:
    return [
        Stop.scope == StopScope.SITE,
        and_(Stop.scope == StopScope.PROJECT, Stop.target == str(task.project_id)),
        and_(Stop.scope == StopScope.TASK, Stop.target == str(task.id)),
        and_(Stop.scope == StopScope.PERSON, Stop.target.in_(persons)),
        and_(Stop.scope == StopScope.CARD, Stop.target.in_(cards)),
    ]


def public_stop_of_tasks(session: Session, tasks: Collection[Task]) -> dict[int, Stop]:
    """For each task the public stop that holds its outgoing money, the one that lasts longest; one query."""
    public = [scope for scope in StopScope if scope.is_public]
    stops = list(session.scalars(_open().where(Stop.scope.in_(public)).order_by(Stop.until)))
    found: dict[int, Stop] = {}
    for stop in stops:
        for task in tasks:
            theirs = {StopScope.SITE: "", StopScope.PROJECT: str(task.project_id), StopScope.TASK: str(task.id)}
            if theirs[stop.scope] == stop.target:
                found[task.id] = stop
    return found
