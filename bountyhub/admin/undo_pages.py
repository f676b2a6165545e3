"""What the operator's pages of undone releases show: who asks for what, where the money is, and what stays away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.payouts.models import Reversal, ReversalState, Share, ShareState, Transfer
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import Actor
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim, ClaimState, Undo, UndoState
from bountyhub.work.operations.undo_facts import Parts, has_a_stake, parts_of, shares_of, why_it_stands

NEWEST = 50
_AWAY = (ReversalState.PLANNED, ReversalState.ASKED, ReversalState.WAITING, ReversalState.GIVEN_UP)


@dataclass(frozen=True)
class Row:
    """A claim in a list; `amount`: what its shares are of, without what is gone."""

    claim: Claim
    task: Task
    author: str
    amount: Money


@dataclass(frozen=True)
class Asked:
    """A proposal that stands, or was confirmed."""

    undo: Undo
    proposer: str
    confirmer: str
    mine: bool


@dataclass(frozen=True)
class Away:
    """A piece that isn't back: `left` of it is with its payee; `stays`: it is tried no more."""

    claim_id: int
    to: str
    left: Money
    why: str
    stays: bool
    next_try: datetime


@dataclass(frozen=True)
class Overview:
    """The list."""

    asked: list[tuple[Asked, Row]]
    away: list[Away]
    released: list[Row]


@dataclass(frozen=True)
class Detail:
    """One claim. `stands`: why its release can't be undone now; `stake`: the reader has a part in it."""

    row: Row
    parts: Parts
    shares: list[tuple[Share, str]]
    asked: Asked | None
    away: list[Away]
    stands: str
    stake: bool

    @property
    def until(self) -> datetime | None:
        """The day until which it can be undone."""
        return min(self.parts.lives, default=None)


def overview(session: Session, actor: Actor) -> Overview:
    """Proposals first, then what isn't back, then the newest releases."""
    asked = session.scalars(select(Undo).where(Undo.state == UndoState.PROPOSED).order_by(Undo.id)).all()
    released = (
        select(Claim.id).join(Share, Share.claim_id == Claim.id).distinct()
        .where(Claim.state.in_((ClaimState.RELEASED, ClaimState.WARRANTY)), Share.state != ShareState.RETURNED)
        .order_by(Claim.id.desc()).limit(NEWEST)
    )  # fmt: skip
    ids = session.scalars(released).all()
    rows = _rows(session, [*ids, *(undo.claim_id for undo in asked)])
    return Overview(
        [(one, rows[one.undo.claim_id]) for one in _asked(session, asked, actor)], _away(session),
        [rows[id] for id in ids],
    )  # fmt: skip


def detail(session: Session, claim_id: int, actor: Actor) -> Detail:
    """One claim's page; raises NotFound for one of which nothing was ever released."""
    claim = session.get(Claim, claim_id)
    if claim is None or claim.released_at is None:
        raise NotFound("There is no such release.")
    row, task = _rows(session, [claim_id])[claim_id], session.get_one(Task, claim.task_id)
    shares = shares_of(session, claim)
    logins = _logins(session, {share.identity_id for share in shares})
    undos = select(Undo).where(
        Undo.claim_id == claim_id, Undo.state.in_((UndoState.PROPOSED, UndoState.CONFIRMED))
    ).order_by(Undo.id.desc())  # fmt: skip
    found = _asked(session, session.scalars(undos.limit(1)).all(), actor)
    return Detail(
        row, parts_of(session, task, shares), [(share, logins[share.identity_id]) for share in shares],
        found[0] if found else None, _away(session, claim_id), why_it_stands(session, task, claim),
        has_a_stake(session, task, claim, actor),
    )  # fmt: skip


def _rows(session: Session, claim_ids: Sequence[int]) -> dict[int, Row]:
    query = (
        select(Claim, Task, Identity.login)
        .join(Task, Task.id == Claim.task_id)
        .join(Identity, Identity.id == Claim.author_id)
        .where(Claim.id.in_(claim_ids))
    )
    sums: dict[int, int] = defaultdict(int)
    of = select(Share.claim_id, func.sum(Share.amount)).where(Share.claim_id.in_(claim_ids))
    for id, amount in session.execute(of.where(Share.state != ShareState.RETURNED).group_by(Share.claim_id)):
        sums[id] = int(amount)
    return {
        claim.id: Row(claim, task, login, Money(sums[claim.id], task.currency))
        for claim, task, login in session.execute(query)
    }


def _logins(session: Session, ids: set[int]) -> dict[int, str]:
    query = select(Identity.id, Identity.login).where(Identity.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}


def _asked(session: Session, undos: Sequence[Undo], actor: Actor) -> list[Asked]:
    persons = {undo.proposed_by for undo in undos} | {undo.confirmed_by for undo in undos if undo.confirmed_by}
    found = session.scalars(select(Person).where(Person.id.in_(persons)))
    names = {person.id: person.name or "somebody who left" for person in found}
    return [
        Asked(undo, names[undo.proposed_by], names.get(undo.confirmed_by or 0, ""), undo.proposed_by == actor.person_id)
        for undo in undos
    ]


def _away(session: Session, claim_id: int | None = None) -> list[Away]:
    """Pieces that aren't back, those that are given up last."""
    query = (
        select(Reversal, Transfer, Share, Identity.login)
        .join(Transfer, Transfer.id == Reversal.transfer_id)
        .join(Share, Share.id == Transfer.share_id)
        .join(Identity, Identity.id == Share.identity_id)
        .where(Reversal.state.in_(_AWAY))
        .order_by(Reversal.state == ReversalState.GIVEN_UP, Reversal.id.desc())
        .limit(200)
    )
    if claim_id is not None:
        query = query.where(Share.claim_id == claim_id)
    return [
        Away(
            share.claim_id, login, Money(transfer.amount - transfer.reversed, transfer.currency), row.why,
            row.state is ReversalState.GIVEN_UP, row.try_at,
        )
        for row, transfer, share, login in session.execute(query)
    ]  # fmt: skip
