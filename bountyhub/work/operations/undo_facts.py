"""What a release that may be undone consists of, and who has a part in it. Verbs of undoing and their page use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.kit import clock
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.payouts.models import Reversal, ReversalState, Share, Transfer, TransferState
from bountyhub.payouts.operations.taking_back import PLACES
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import Actor
from bountyhub.tasks.models import Task
from bountyhub.work.errors import HasAStake, ReleaseStands
from bountyhub.work.models import Claim
from bountyhub.work.operations.claims import lock_claim
from bountyhub.work.operations.deciding import on_author_side
from bountyhub.work.rules import UndoRefused, why_not_undone

WHY = {
    UndoRefused.NOT_RELEASED: "This claim isn't released (any more): there is nothing to undo.",
    UndoRefused.NOTHING_LEFT: "No money of this release is here or with its payees: there is nothing to undo.",
    UndoRefused.TOO_LATE: "The first of its money has to leave by now: a release can't be undone after that.",
}


@dataclass(frozen=True)
class Parts:
    """What of a release is still here, and what its payees have (or will have in a moment), in its currency.

    `coming`: what is being taken back from them; `stays`: what could not be. `lives`: when each part must leave.
    """

    here: Money
    sent: Money
    coming: Money
    stays: Money
    lives: list[datetime]


def shares_of(session: Session, claim: Claim) -> list[Share]:
    """A claim's shares, oldest first."""
    return list(session.scalars(select(Share).where(Share.claim_id == claim.id).order_by(Share.id)))


def contributions_of(session: Session, shares: Sequence[Share], *, lock: bool = False) -> list[Contribution]:
    """Everything these shares ever drew on, in the order in which contributions are locked."""
    refs = ledger.contributions_of(session, [share.ref for share in shares], PLACES)
    query = select(Contribution).where(Contribution.ref.in_(refs)).order_by(Contribution.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def parts_of(session: Session, task: Task, shares: Sequence[Share]) -> Parts:
    """Where the money of a release is now."""
    lying = [piece for s in shares for place in PLACES for piece in ledger.pieces_of_share(session, s.ref, place)]
    contributions = contributions_of(session, shares)
    kinds = ledger.balances_by_contribution(session, [c.ref for c in contributions])
    refs = {ref for ref, _ in lying} | {ref for ref, of in kinds.items() if of.get("frozen")}
    touched, sent, coming, stays = {c.id for c in contributions if c.ref in refs}, 0, 0, 0
    for transfer, state in _sent(session, shares):
        left = transfer.amount - transfer.reversed
        sent, touched = sent + left, touched | ({transfer.contribution_id} if left else set())
        coming += left if state in (ReversalState.PLANNED, ReversalState.ASKED, ReversalState.WAITING) else 0
        stays += left if state is ReversalState.GIVEN_UP else 0
    lives = [c.leave_by for c in contributions if c.id in touched and c.leave_by is not None]
    sums = [Money(minor, task.currency) for minor in (sum(amount for _, amount in lying), sent, coming, stays)]
    return Parts(sums[0], sums[1], sums[2], sums[3], lives)


def _sent(session: Session, shares: Sequence[Share]) -> list[tuple[Transfer, ReversalState | None]]:
    left = Transfer.state.in_((TransferState.SENT, TransferState.CONFIRMED, TransferState.REVERSED))
    query = select(Transfer, Reversal.state).outerjoin(Reversal, Reversal.transfer_id == Transfer.id)
    found = session.execute(query.where(Transfer.share_id.in_([share.id for share in shares]), left))
    return [(row[0], row[1]) for row in found]


def why_it_stands(session: Session, task: Task, claim: Claim) -> str:
    """Why this release can't be undone now; empty where it can."""
    refused = why_not_undone(claim.state, parts_of(session, task, shares_of(session, claim)).lives, clock.now())
    return WHY[refused] if refused is not None else ""


def has_a_stake(session: Session, task: Task, claim: Claim, actor: Actor) -> bool:
    """Whether somebody paid for the task, is paid by the claim, or is on its author side; an address is theirs too."""
    person = session.get_one(Person, actor.person_id)
    mine = [Contribution.person_id == person.id]
    if person.email:
        mine.append(Contribution.email == person.email)
    gave = select(Contribution.id).where(
        Contribution.task_id == task.id, Contribution.captured_at.is_not(None), or_(*mine)
    )
    gets = (
        select(Share.id).join(Identity, Identity.id == Share.identity_id)
        .where(Share.claim_id == claim.id, Identity.person_id == person.id)
    )  # fmt: skip
    found = [session.scalars(query.limit(1)).first() for query in (gave, gets)]
    return any(id is not None for id in found) or on_author_side(session, claim, actor)


def lock_undoable(session: Session, claim_id: int, actor: Actor) -> tuple[Task, Claim]:
    """Task and claim, locked, of a release that this operator may (help to) undo now.

    Raises NotFound, HasAStake, ReleaseStands.
    """
    task, claim = lock_claim(session, claim_id)
    if has_a_stake(session, task, claim, actor):
        raise HasAStake()
    if why := why_it_stands(session, task, claim):
        raise ReleaseStands(why)
    return task, claim
