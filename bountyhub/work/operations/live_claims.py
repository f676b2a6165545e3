"""How many live claims of one person (a pull request for two tasks is two) count before their merge.

What doesn't count is shown in its own merge box and nowhere else: it keeps no money here and no task from its end.
Merging it pays all the same, because a maintainer's merge is the stronger word.
"""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bountyhub.events import outbox
from bountyhub.people.models import Identity
from bountyhub.tasks.operations import lock_tasks
from bountyhub.work.models import Claim, ClaimState
from bountyhub.work.rules_attempts import LIVE_CLAIMS, ClaimsPolicy, Uncounted, why_uncounted


def why_one_more_is_uncounted(
    session: Session, author: Identity, *, attempted: bool = True, policy: ClaimsPolicy = ClaimsPolicy.OPEN
) -> Uncounted | None:
    """Whether a pull request of theirs that is linked now counts; `attempted`: they said before that they are on it."""
    counted = select(func.count()).select_from(_linked(session, author).where(Claim.uncounted == "").subquery())
    return why_uncounted(others=session.scalar(counted) or 0, attempted=attempted, policy=policy)


def _linked(session: Session, author: Identity) -> Select[int]:
    """Ids of the linked claims of somebody, under any of their forge accounts, the oldest link first."""
    query = select(Claim.id).join(Identity, Identity.id == Claim.author_id).where(Claim.state == ClaimState.LINKED)
    same = Identity.id == author.id
    if author.person_id is not None:
        same |= Identity.person_id == author.person_id
    return query.where(same).order_by(Claim.linked_at, Claim.id)


def one_fewer(session: Session, claim: Claim) -> None:
    """One of somebody's linked pull requests isn't any more: another one of theirs may count now."""
    was, claim.uncounted = claim.uncounted, ""
    author = session.get_one(Identity, claim.author_id)
    waiting = _linked(session, author).where(Claim.uncounted == Uncounted.TOO_MANY, Claim.id != claim.id)
    if not was and session.scalars(waiting.limit(1)).first() is not None:
        outbox.add(session, "work.count_claims", key=f"count:{author.id}", identity=author.id)


def count_anew(session: Session, identity_id: int) -> list[Claim]:
    """Let those count whose turn it is; the claims that count from now on."""
    author = session.get_one(Identity, identity_id, with_for_update={"key_share": True})
    ids = list(session.scalars(_linked(session, author)))
    lock_tasks(session, session.scalars(select(Claim.task_id).where(Claim.id.in_(ids))).all())
    claims = [session.get_one(Claim, id, with_for_update=True, populate_existing=True) for id in ids]
    linked = [claim for claim in claims if claim.state is ClaimState.LINKED]
    room = LIVE_CLAIMS - sum(claim.uncounted == "" for claim in linked)
    turn = [claim for claim in linked if claim.uncounted == Uncounted.TOO_MANY][: max(0, room)]
    for claim in turn:
        claim.uncounted = ""
    return turn
