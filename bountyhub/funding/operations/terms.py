"""What a project's policy file says when money comes to a task is kept with it. Settling and moving call it, once."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.tasks.queries import policy_of


def keep_terms(session: Session, contribution: Contribution) -> None:
    """The version of the policy file in force for its task now, and the window it promises."""
    contribution.policy_id, policy = policy_of(session, contribution.task_id)
    contribution.window_days = policy.windows
