"""Which live claims of one person count before their merge: three (a pull request for two tasks is two), and where a
policy file asks for attempts first, only on tasks of which they said that they are on it.

What doesn't count is shown in its own merge box and nowhere else: it keeps no money here and no task from its end.
Merging it pays all the same, because a maintainer's merge is the stronger word.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bountyhub.events import outbox
from bountyhub.people.models import Identity
from bountyhub.projects.rules_policy import needs_attempt
from bountyhub.tasks.operations import lock_tasks
from bountyhub.tasks.queries import policy_of
from bountyhub.work.attempts import count_standing
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.models_attempts import Attempt
from bountyhub.work.rules_attempts import Uncounted, why_uncounted


def why_one_more_is_uncounted(
    session: Session, author: Identity, task_id: int
) -> Uncounted | None:  # fmt: skip
    """Whether a pull request of theirs that is linked to a task now counts."""
    counted = select(func.count()).select_from(_linked(session, author).where(Claim.uncounted == "").subquery())
    return _why(session, author, task_id, session.scalar(counted) or 0)


def _why(session: Session, author: Identity, task_id: int, others: int) -> Uncounted | None:
    theirs = (Attempt.task_id == task_id) & _theirs(Attempt.identity_id, author)
    lacks_attempt = needs_attempt(policy_of(session, task_id)[1]) and not count_standing(session, theirs)
    return why_uncounted(others=others, lacks_attempt=lacks_attempt)


def _theirs(column: InstrumentedAttribute[int], author: Identity) -> ColumnElement[bool]:
    """Of somebody, under any of their forge accounts."""
    same = Identity.id == author.id
    if author.person_id is not None:
        same |= Identity.person_id == author.person_id
    return column.in_(select(Identity.id).where(same))


def _linked(session: Session, author: Identity) -> Select[int]:
    """Ids of the linked claims of somebody, the oldest link first."""
    query = select(Claim.id).where(Claim.state == ClaimState.LINKED, _theirs(Claim.author_id, author))
    return query.order_by(Claim.linked_at, Claim.id)


def one_fewer(session: Session, claim: Claim) -> None:
    """One of somebody's linked pull requests isn't any more: another one of theirs may count now."""
    was, claim.uncounted = claim.uncounted, ""
    author = session.get_one(Identity, claim.author_id)
    waiting = _linked(session, author).where(Claim.uncounted == Uncounted.TOO_MANY, Claim.id != claim.id)
    if not was and session.scalars(waiting.limit(1)).first() is not None:
        outbox.add(session, "work.count_claims", key=f"count:{author.id}", identity=author.id)


def count_anew(session: Session, identity_id: int) -> list[Claim]:
    """Let those count whose turn it is; those that count from now on, or don't for another reason."""
    author = session.get_one(Identity, identity_id, with_for_update={"key_share": True})
    ids = list(session.scalars(_linked(session, author)))
    lock_tasks(session, session.scalars(select(Claim.task_id).where(Claim.id.in_(ids))).all())
    claims = [session.get_one(Claim, id, with_for_update=True, populate_existing=True) for id in ids]
    linked = [claim for claim in claims if claim.state is ClaimState.LINKED]
    counting, changed = sum(not claim.uncounted for claim in linked), []
    for claim in [claim for claim in linked if claim.uncounted]:
        why = _why(session, author, claim.task_id, counting) or ""
        if claim.uncounted != why:
            claim.uncounted = why
            changed.append(claim)
        counting += not why
    return changed


def ask_to_count(session: Session, which: ColumnElement[bool]) -> None:
    """These claims may count from now on: looked at once the transaction is over."""
    query = select(Claim.author_id).where(Claim.state == ClaimState.LINKED, Claim.uncounted != "", which).distinct()
    for author_id in session.scalars(query.order_by(Claim.author_id)).all():
        outbox.add(session, "work.count_claims", key=f"count:{author_id}", identity=author_id)
