"""Claims that were not shown before their merge, cut links, and windows that end."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.kit import clock
from bountyhub.people.models import Identity
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.errors import ClaimRefuses, CommandRefused
from bountyhub.work.models import Claim, ClaimState, ObjectionState
from bountyhub.work.operations.claims import claims_of_task, lock_claim, move, supersede_others
from bountyhub.work.operations.deciding import require_decider
from bountyhub.work.operations.ends import end_for_standing_reasons
from bountyhub.work.operations.merges import open_window
from bountyhub.work.operations.objection_rows import open_objections, settle_rows
from bountyhub.work.rules import LATE, ClaimEvent


def confirm_claim(session: Session, claim_id: int, actor: Actor, permission: Permission) -> Claim:
    """A decider says that a late claim did deliver the task: its window begins."""
    task, claim = lock_claim(session, claim_id)
    require_decider(session, claim, actor, permission)
    if claim.state is ClaimState.WINDOW:
        return claim
    if claim.state is not ClaimState.LATE:
        raise ClaimRefuses("Only a claim that waits for confirmation can be confirmed.")
    if session.get_one(Identity, claim.author_id).is_bot:
        raise CommandRefused("A bot's pull request has nobody to pay.", advice="The money goes back by itself.")
    move_task(session, task, TaskEvent.CLAIM_MERGED, actor)
    open_window(session, task, claim, ClaimEvent.CONFIRMED, clock.now())
    supersede_others(session, task, claim)
    return claim


def lapse_claim(session: Session, claim_id: int) -> None:
    """Nobody confirmed a late claim in its 14 days: it is none."""
    task, claim = lock_claim(session, claim_id)
    if claim.state is ClaimState.LATE and claim.until is not None and claim.until <= clock.now():
        move(session, claim, ClaimEvent.LAPSED, CLOCK)
        after_refusal(session, task, CLOCK)
        outbox.add(session, "notify.claim_refused", claim=claim.id)


def unlink_claim(session: Session, claim_id: int, actor: Actor, permission: Permission) -> Claim:
    """A decider cuts a link before the merge, refuses a late claim, or ends a window; words don't bring it back."""
    task, claim = lock_claim(session, claim_id)
    require_decider(session, claim, actor, permission)
    if claim.cut_at is not None:
        return claim
    if claim.state not in (ClaimState.LINKED, ClaimState.LATE, ClaimState.WINDOW):
        raise ClaimRefuses(f"This claim is {claim.state}: its link can't be cut any more.")
    merged = claim.state is not ClaimState.LINKED
    move(session, claim, ClaimEvent.UNLINKED, actor)
    claim.cut_at = clock.now()
    if merged:
        settle_rows(session, open_objections(session, claim), ObjectionState.UPHELD, actor, "the link was cut")
        after_refusal(session, task, actor)
    outbox.add(session, "notify.claim_refused", claim=claim.id)
    return claim


def after_refusal(session: Session, task: Task, actor: Actor) -> None:
    """The task is open again, for those who lost to this claim too; if its issue is closed, its 14 days start now."""
    if task.state is TaskState.MERGED:
        move_task(session, task, TaskEvent.CLAIM_REFUSED, actor)
    if task.state is TaskState.OPEN:
        _revive_superseded(session, task)
    end_for_standing_reasons(session, task, actor)


def _revive_superseded(session: Session, task: Task) -> None:
    for claim in claims_of_task(session, task, ClaimState.SUPERSEDED):
        if claim.merged_at is not None:
            move(session, claim, ClaimEvent.WINNER_REFUSED, CLOCK, until=clock.now() + LATE)
            outbox.add(session, "notify.claim_late", claim=claim.id)
        elif claim.cut_at is None:
            repository = session.get_one(Repository, claim.repository_id)
            outbox.add(session, "forge.read_pull", repository=repository.forge_id, number=claim.pull_number)
