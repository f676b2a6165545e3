"""What was promised joins the release of the work it was promised for; jobs and webhooks call this."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, Payment
from bountyhub.funding.operations.promise_charges import record_charge
from bountyhub.people.operations import CLOCK
from bountyhub.ports.promises import CardCharge
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import lock_task
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.releases import finish_task, release_claim


def record_promise_charge(session: Session, payment_ref: str, charge: CardCharge) -> None:
    """Write down what a promise's charge is now; money that came in is released to the accepted claim with it.

    Raises NotFound for a payment that is no promise's. A repetition changes nothing.
    """
    contribution = record_charge(session, payment_ref, charge)
    task = _task_of(session, payment_ref)
    if contribution is not None:
        _release(session, task, contribution)
    finish_task(session, task, CLOCK)


def _release(session: Session, task: Task, contribution: Contribution) -> None:
    """To the claim whose acceptance had it charged; undone meanwhile, the money is held like any other."""
    session.flush()
    released = (Claim.state == ClaimState.RELEASED) & Claim.released_at.is_not(None)
    query = select(Claim).where(Claim.task_id == task.id, released).order_by(Claim.released_at.desc(), Claim.id.desc())
    claim = session.scalars(query.limit(1).with_for_update()).first()
    if claim is not None and task.state is TaskState.MERGED:
        release_claim(session, task, claim, CLOCK, only={contribution.id})


def _task_of(session: Session, payment_ref: str) -> Task:
    query = select(Contribution.task_id).join(Payment, Payment.contribution_id == Contribution.id)
    return lock_task(session, session.scalars(query.where(Payment.ref == payment_ref)).one())
