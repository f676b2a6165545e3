"""A whole contribution goes to another task of the same currency. Called by its backer's page.

Its card for refunds and the day it must have left stay; the terms are the new task's. It becomes a contribution of its
own there, so that each task's books stay whole.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.errors import CantMove
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.operations import close_if_empty
from bountyhub.funding.operations.origin import begin_moved
from bountyhub.funding.rules import MoveFacts, why_not_moved
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.ledger import move as booking
from bountyhub.ledger import queries as ledger
from bountyhub.people.models import Person
from bountyhub.people.operations import Actor
from bountyhub.projects.queries import is_blocked
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_tasks
from bountyhub.tasks.queries import takes_money_now
from bountyhub.work.operations.claims import has_late_claim, has_ready_pull
from bountyhub.work.operations.money import tell


def move(session: Session, contribution_id: int, target_id: int, actor: Actor) -> Contribution:
    """Move it and give the contribution it became; moving it there again gives the same. Raises NotFound, CantMove.

    The caller has checked that the actor is its backer.
    """
    contribution, source, target = _lock(session, contribution_id, target_id)
    earlier = session.scalars(select(Contribution).where(Contribution.moved_from_id == contribution.id)).first()
    if earlier is not None and earlier.task_id == target.id:
        return earlier
    why = why_not(session, contribution, source, target)
    if why:
        raise CantMove(why, advice="Nothing was moved.")
    moved = begin_moved(session, contribution, target.id)
    booking.moved(
        session, key=f"moved:{moved.ref}", source=contribution.ref, target=moved.ref, currency=contribution.currency,
        effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip
    for each, what in ((contribution, "contribution_moved"), (moved, "contribution_moved_in")):
        audit.record(session, actor.name, what, "contribution", each.id, source=source.id, target=target.id)
    close_if_empty(session, contribution)
    for task in (source, target):
        tell(session, task)
    outbox.add(session, "work.refresh_claims", key=f"claims:{target.id}", task=target.id)
    outbox.add(session, "notify.contribution_moved", contribution=moved.id)
    return moved


def why_not(session: Session, contribution: Contribution, source: Task, target: Task) -> str:
    """Why it can't be moved there now, in one sentence; empty when it can."""
    if source.project_id != target.project_id and is_blocked(session, target.project_id, contribution.person_id):
        return "The maintainers of that task’s project have blocked you."
    here = ledger.balances_by_contribution(session, [contribution.ref]).get(contribution.ref, {})
    escrow, fee = here.get("escrow", 0), here.get("fee_held", 0) + here.get("vat_held", 0)
    return why_not_moved(
        MoveFacts(
            escrow=escrow if contribution.state is ContributionState.HELD else 0, fee_held=fee,
            elsewhere=sum(here.values()) - escrow - fee, amount=contribution.amount,
            fee=contribution.fee + contribution.vat,
            lives=contribution.leave_by is not None and clock.now() < contribution.leave_by,
            same_task=source.id == target.id, same_currency=contribution.currency == target.currency,
            source_state=source.state, ready_pull=has_ready_pull(session, source),
            late_claim=has_late_claim(session, source), notice=contribution.notice_until is not None,
            address=_has_address(session, contribution),
            target_takes_money=takes_money_now(session, target),
        )
    )  # fmt: skip


def _has_address(session: Session, contribution: Contribution) -> bool:
    """Whether its backer has an address that is proven to be theirs."""
    person = session.get(Person, contribution.person_id) if contribution.person_id else None
    return person is not None and person.email is not None


def _lock(session: Session, contribution_id: int, target_id: int) -> tuple[Contribution, Task, Task]:
    source_id = session.scalars(select(Contribution.task_id).where(Contribution.id == contribution_id)).first()
    if source_id is None:
        raise NotFound("There is no such contribution.")
    lock_tasks(session, {source_id, target_id})
    contribution = session.get_one(Contribution, contribution_id, with_for_update=True, populate_existing=True)
    return contribution, session.get_one(Task, source_id), session.get_one(Task, target_id)
