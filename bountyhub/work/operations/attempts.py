"""Attempts: saying "I am on it", taking it back, and its lapse. Comments, pages and the clock call these.

Locked in this order: the forge account, its person, the task; so two clicks at once are one after the other.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.payouts.errors import NeedsForgeAccount
from bountyhub.people import queries as people
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.projects.blocking import require_welcome
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import lock_task, show
from bountyhub.tasks.queries import policy_of
from bountyhub.work.attempts import count_standing, linked_pull, standing
from bountyhub.work.errors import AttemptRefused
from bountyhub.work.models import Claim
from bountyhub.work.models_attempts import Attempt, AttemptState
from bountyhub.work.operations.live_claims import ask_to_count
from bountyhub.work.rules_attempts import BY_PERSON, LAPSE, NoAttempt, has_lapsed, why_not_attempted


def begin_attempt(session: Session, actor: Actor, task_id: int) -> Attempt:
    """They are on it from now on; saying so again finds the same attempt.

    Raises NeedsForgeAccount, NotFound, BlockedHere, AttemptRefused.
    """
    identity_id = _lock_who(session, actor)
    task = lock_task(session, task_id)
    require_welcome(session, task.project_id, actor.person_id)
    found = _standing(session, task, identity_id)
    if found is not None and not _is_over(session, task, found):
        return found
    if found is not None:  # the clock's sweep was not here yet
        _end(session, task, found, AttemptState.LAPSED, CLOCK)
        session.flush()
    _require_room(session, task, actor, identity_id, at_once=policy_of(session, task.id)[1].attempts)
    now = clock.now()
    made = Attempt(
        task_id=task.id, identity_id=identity_id, state=AttemptState.STANDING, at=now, until=now + LAPSE
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, actor.name, "attempt_begun", "task", task.id)
    ask_to_count(session, Claim.task_id == task.id)
    show(session, task)
    return made


def _lock_who(session: Session, actor: Actor) -> int:
    if actor.identity_id is None:
        raise NeedsForgeAccount()
    session.get_one(Identity, actor.identity_id, with_for_update={"key_share": True})
    if actor.person_id is not None:
        session.get_one(Person, actor.person_id, with_for_update={"key_share": True})
    return actor.identity_id


def _standing(session: Session, task: Task, identity_id: int) -> Attempt | None:
    query = select(Attempt).where(Attempt.task_id == task.id, Attempt.identity_id == identity_id)
    return session.scalars(query.where(Attempt.state == AttemptState.STANDING)).first()


def _is_over(session: Session, task: Task, attempt: Attempt) -> bool:
    if task.state is not TaskState.OPEN:
        return True
    has_pull = session.scalar(select(linked_pull()).where(Attempt.id == attempt.id)) is not None
    return has_lapsed(until=attempt.until, now=clock.now(), has_pull=has_pull)


def _require_room(session: Session, task: Task, actor: Actor, identity_id: int, *, at_once: int) -> None:
    theirs = people.identity_ids(session, actor.person_id) if actor.person_id is not None else [identity_id]
    mine = standing(session, Attempt.identity_id.in_(theirs))
    on_task = count_standing(session, Attempt.task_id == task.id)
    refused = why_not_attempted(state=task.state, on_task=on_task, by_person=len(mine), at_once=at_once)
    if refused is NoAttempt.NOT_OPEN:
        raise AttemptRefused(f"This task is {task.state}.", advice="Only open tasks can be worked on.")
    if refused is NoAttempt.PERSON_FULL:
        named = ", ".join(f"“{one.task_title}”" for one in mine)
        raise AttemptRefused(
            f"You are on {BY_PERSON} tasks already: {named}.",
            advice="Take one of them back first: `/unattempt` there, or the button on its page.",
        )
    if refused is NoAttempt.TASK_FULL:
        raise AttemptRefused(
            f"{on_task} people are on it already.",
            advice="You need no place among them to open a pull request: the first merged one is paid.",
        )


def withdraw_attempt(session: Session, actor: Actor, task_id: int) -> Attempt | None:
    """They are not on it any more; None where nothing of theirs stands. Raises NeedsForgeAccount, NotFound."""
    identity_id = _lock_who(session, actor)
    task = lock_task(session, task_id)
    found = _standing(session, task, identity_id)
    if found is not None:
        _end(session, task, found, AttemptState.WITHDRAWN, actor)
    return found


def _end(session: Session, task: Task, attempt: Attempt, state: AttemptState, actor: Actor) -> None:
    attempt.state, attempt.ended_at = state, clock.now()
    if state is not AttemptState.OVER:  # what ended the task is told already
        audit.record(session, actor.name, f"attempt_{state}", "task", task.id)
        show(session, task)


def lapse_attempt(session: Session, attempt_id: int) -> None:
    """Its days are over without a linked pull request, or its task is not open any more."""
    task_id = session.scalars(select(Attempt.task_id).where(Attempt.id == attempt_id)).one()
    task = lock_task(session, task_id)
    attempt = session.get_one(Attempt, attempt_id, populate_existing=True)
    if attempt.state is AttemptState.STANDING and _is_over(session, task, attempt):
        lapsed = task.state is TaskState.OPEN
        _end(session, task, attempt, AttemptState.LAPSED if lapsed else AttemptState.OVER, CLOCK)


def count_anew(session: Session, claim: Claim) -> None:
    """A claim's pull request doesn't stand for its task any more: its author's days begin anew. The task is locked."""
    theirs = (Attempt.task_id == claim.task_id) & (Attempt.identity_id == claim.author_id)
    stands = Attempt.state == AttemptState.STANDING
    session.execute(update(Attempt).where(theirs, stands).values(until=clock.now() + LAPSE))


def forget_attempts(session: Session, identity_ids: Collection[int]) -> None:
    """Who is forgotten is on nothing any more; that somebody was stays."""
    query = select(Attempt).where(Attempt.identity_id.in_(identity_ids), Attempt.state == AttemptState.STANDING)
    for attempt in session.scalars(query.order_by(Attempt.task_id)):
        task = lock_task(session, attempt.task_id)
        _end(session, task, attempt, AttemptState.OVER, CLOCK)
        show(session, task)
