"""A claim's money becomes payable: one booking, a share with its transfers for each payee, and the task's end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.operations import note_built
from bountyhub.funding.operations.promise_charges import begin_charges, charges_open
from bountyhub.funding.operations.refunds import terms
from bountyhub.kit import clock, ids
from bountyhub.kit.money import unit
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import release as booking
from bountyhub.ledger.rules import plan_release
from bountyhub.payouts.models import Payee, Share
from bountyhub.payouts.operations import Owed, owe_share, plan_shares, ready_payee
from bountyhub.people.models import Identity
from bountyhub.people.operations import Actor
from bountyhub.projects.rules_policy import window_days
from bountyhub.tasks.models import Task, TaskState
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.models import Claim, ClaimState, Release
from bountyhub.work.rules_split import weights

#: Kinds of account that keep a merged task from being completed.
UNFINISHED = ("escrow", "holdback", "kept_for", "frozen")


def held(session: Session, task: Task, *, lock: bool = True) -> list[Owed]:
    """What is held for a task now, contribution by contribution in id order; rows locked for a change."""
    query = select(Contribution).where(
        Contribution.task_id == task.id, Contribution.state == ContributionState.HELD
    ).order_by(Contribution.id)  # fmt: skip
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    contributions = list(session.scalars(query))
    amounts = ledger.held_by_contribution(session, [c.ref for c in contributions])
    return [Owed(c, amounts[c.ref]) for c in contributions if amounts[c.ref]]


def lock_held(session: Session, task_ids: Collection[int]) -> None:
    """What is held for all of these tasks, locked before the first release takes the account of earned fees."""
    query = select(Contribution.id).where(
        Contribution.task_id.in_(task_ids), Contribution.state == ContributionState.HELD
    ).order_by(Contribution.id)  # fmt: skip
    session.execute(query.with_for_update())


def pot(session: Session, task: Task) -> int:
    """The sum held for a task, minor units."""
    return sum(piece.amount for piece in held(session, task, lock=False))


def lives(pieces: Sequence[Owed]) -> list[datetime]:
    """When the life of each piece's money ends."""
    return [piece.contribution.leave_by for piece in pieces if piece.contribution.leave_by is not None]


def window_of(pieces: Sequence[Owed]) -> timedelta:
    """How long people may object: as long as any of this money was promised when it came."""
    return timedelta(days=window_days(piece.contribution.window_days for piece in pieces))


def release_claim(
    session: Session, task: Task, claim: Claim, actor: Actor, *, without: Collection[int] = (),
    only: Collection[int] | None = None, payees: Mapping[int, int] | None = None,
) -> None:  # fmt: skip
    """Book what is held (less the contributions set aside) to the claim's payees; notices given lose to it.

    `payees`: forge identities by id with their weights; without them the claim's split, else all of it is the author's.
    Called with the task locked. A task with nothing held completes without money.
    """
    pieces = [
        piece
        for piece in held(session, task)
        if piece.contribution.id not in without and (only is None or piece.contribution.id in only)
    ]
    accepted = claim.released_at is None
    claim.released_at = claim.released_at or clock.now()
    if pieces:
        _book(session, task, claim, pieces, payees or weights(claim.split, claim.author_id), actor)
    if accepted:
        begin_charges(session, task)
    finish_task(session, task, actor)


def _book(
    session: Session, task: Task, claim: Claim, pieces: list[Owed], payees: Mapping[int, int], actor: Actor
) -> None:
    parts = parts_of_payees(pieces, payees, unit(task.currency))
    owed = [_owe(session, task, claim, payee, part) for payee, part in sorted(parts.items())]
    plan_shares(session, [(one.share, one.ready, one.part) for one in owed])
    total = sum(one.share.amount for one in owed)
    release = Release(ref=ids.new_ref(), claim_id=claim.id, at=clock.now(), amount=total, currency=task.currency)
    session.add(release)
    booking.released(
        session, key=f"released:{release.ref}", pieces=[piece for one in owed for piece in one.pieces()],
        terms=[terms(piece.contribution) for piece in pieces],
        effective_at=claim.merged_at or clock.now(), actor=actor.role, refs={"claim": claim.ref},
    )  # fmt: skip
    for piece in pieces:
        piece.contribution.notice_until = None
    audit.record(session, actor.name, "claim_released", "claim", claim.id, amount=total)
    for one in owed:
        note_built(session, one.share.ref, pull_number=claim.pull_number, pull_url=claim.url, merged_at=claim.merged_at)
        outbox.add(session, "notify.released", share=one.share.id)
    outbox.add(session, "forge.sync_check", key=f"check:{claim.id}", claim=claim.id)


def parts_of_payees(pieces: Sequence[Owed], payees: Mapping[int, int], unit: int = 1) -> dict[int, list[Owed]]:
    """Who gets what from whom, by the payee's id: contributions in id order poured into payees in id order."""
    rows = {_in_order(piece.contribution.id): piece for piece in pieces}
    columns = {_in_order(payee): weight for payee, weight in payees.items()}
    parts: dict[int, list[Owed]] = {}
    amounts = {name: piece.amount for name, piece in rows.items()}
    for each in plan_release(amounts, columns, unit=unit):
        parts.setdefault(int(each.payee), []).append(Owed(rows[each.contribution].contribution, each.amount))
    return parts


def _in_order(id: int) -> str:
    """A row's id as a name that sorts as the id does."""
    return f"{id:020}"


@dataclass(frozen=True)
class _Payee:
    """A payee's share of a release; `ready`: their account, None while they can't be paid."""

    share: Share
    ready: Payee | None
    part: list[Owed]

    def pieces(self) -> list[booking.Piece]:
        into: booking.Into = "payable" if self.ready else "kept_for"
        return [booking.Piece(self.share.ref, each.contribution.ref, each.amount, into) for each in self.part]


def _owe(session: Session, task: Task, claim: Claim, payee_id: int, part: list[Owed]) -> _Payee:
    payee = session.get_one(Identity, payee_id)
    ready = ready_payee(session, payee.person_id)
    share = owe_share(session, task=task, claim_id=claim.id, payee=payee, payable=ready is not None, pieces=part)
    return _Payee(share, ready, part)


def finish_task(session: Session, task: Task, actor: Actor) -> None:
    """A merged task with nothing left in escrow, held back or kept is completed.

    Once no claim can be refused, and no promise is being charged.
    """
    session.flush()
    if task.state is not TaskState.MERGED or _undecided(session, task) or charges_open(session, task):
        return
    refs = list(session.scalars(select(Contribution.ref).where(Contribution.task_id == task.id)))
    left = ledger.balances_by_contribution(session, refs)
    if not any(kinds.get(kind) for kinds in left.values() for kind in UNFINISHED):
        move_task(session, task, TaskEvent.SETTLED, actor)


def _undecided(session: Session, task: Task) -> bool:
    open_states = (ClaimState.WINDOW, ClaimState.BLOCKED)
    query = select(Claim.id).where(Claim.task_id == task.id, Claim.state.in_(open_states))
    return session.scalars(query.limit(1)).first() is not None
