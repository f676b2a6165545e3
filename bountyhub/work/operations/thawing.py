"""What was frozen comes back: to where it was, to the share it missed meanwhile, or to its backer. Used by disputes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, RefundReason
from bountyhub.funding.operations import ask_refund
from bountyhub.funding.operations.closing import close_if_empty
from bountyhub.funding.operations.freezing import wake_refunds
from bountyhub.funding.operations.refunds import escrow_of
from bountyhub.kit import clock
from bountyhub.payouts.operations.frozen import let_go
from bountyhub.people.operations import CLOCK
from bountyhub.tasks.models import OVER, Task
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.operations.claims import claims_of_task
from bountyhub.work.operations.money import tell
from bountyhub.work.operations.objection_rows import set_aside
from bountyhub.work.operations.releases import finish_task, release_claim


def thaw(session: Session, task: Task, contribution: Contribution) -> None:
    """Shares go on; what is held for the task again is released, returned or stays, by what became of the task."""
    session.flush()
    let_go(session, contribution)
    wake_refunds(session, contribution)
    if escrow_of(session, contribution):
        _place(session, task, contribution)
    close_if_empty(session, contribution)
    finish_task(session, task, CLOCK)
    tell(session, task)


def _place(session: Session, task: Task, contribution: Contribution) -> None:
    if task.state in OVER:
        ask_refund(session, contribution, RefundReason.DISPUTE_WON, CLOCK)
    elif contribution.leave_by is not None and contribution.leave_by <= clock.now():
        ask_refund(session, contribution, RefundReason.LIFE_OVER, CLOCK)
    elif (claim := _missed(session, task, contribution)) is not None:
        release_claim(session, task, claim, CLOCK, only={contribution.id})


def _missed(session: Session, task: Task, contribution: Contribution) -> Claim | None:
    """The claim whose release happened while this money was frozen."""
    for claim in claims_of_task(session, task, ClaimState.RELEASED):
        if contribution.id not in set_aside(session, claim):
            return claim
    return None
