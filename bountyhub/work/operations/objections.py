"""Objections: raising, withdrawing and settling them, and the window's quiet end."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit, outbox
from bountyhub.funding.models import Contribution, RefundReason
from bountyhub.funding.operations import ask_refund
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.operations import Owed
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.ports.forge import Permission
from bountyhub.projects.rules import is_decider
from bountyhub.tasks.models import Task
from bountyhub.work.errors import ClaimRefuses, MayNotObject, OnAuthorSide, ReasonMissing
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState, SetAside
from bountyhub.work.operations.claims import lock_claim, move, show_claim
from bountyhub.work.operations.deciding import on_author_side, require_decider
from bountyhub.work.operations.late import after_refusal
from bountyhub.work.operations.objection_rows import open_objections, set_aside, settle_rows
from bountyhub.work.operations.releases import finish_task, held, lives, release_claim
from bountyhub.work.rules import ClaimEvent, block_until, blocks_whole


def object_to_claim(session: Session, claim_id: int, actor: Actor, permission: Permission, reason: str) -> Objection:
    """Object while a window is open; repeating it finds the same objection.

    Raises ReasonMissing, ClaimRefuses, OnAuthorSide, MayNotObject.
    """
    task, claim = lock_claim(session, claim_id)
    if not reason.strip():
        raise ReasonMissing()
    if not _may_still_object(claim):
        raise ClaimRefuses("There is no open window to object in.")
    if on_author_side(session, claim, actor):
        raise OnAuthorSide()
    pieces = held(session, task)
    mine = [p for p in pieces if _is_mine(p.contribution, actor) and _before_merge(p.contribution, claim)]
    if not mine and not is_decider(permission):
        raise MayNotObject()
    earlier = [o for o in open_objections(session, claim) if _same(o, actor)]
    return earlier[0] if earlier else _object(session, claim, actor, is_decider(permission), reason, mine, pieces)


def _may_still_object(claim: Claim) -> bool:
    """A window is over at its moment, not when the sweep comes round."""
    if claim.state is ClaimState.WINDOW:
        return claim.until is not None and clock.now() < claim.until
    return claim.state is ClaimState.BLOCKED


def _is_mine(contribution: Contribution, actor: Actor) -> bool:
    return actor.person_id is not None and contribution.person_id == actor.person_id


def _before_merge(contribution: Contribution, claim: Claim) -> bool:
    assert contribution.captured_at is not None and claim.merged_at is not None
    return contribution.captured_at.replace(microsecond=0) <= claim.merged_at


def _same(objection: Objection, actor: Actor) -> bool:
    if actor.person_id is not None and objection.person_id == actor.person_id:
        return True
    return actor.identity_id is not None and objection.identity_id == actor.identity_id


def _object(
    session: Session, claim: Claim, actor: Actor, by_decider: bool, reason: str, mine: Sequence[Owed],
    pieces: Sequence[Owed],
) -> Objection:  # fmt: skip
    until = block_until(clock.now(), lives(pieces))
    objection = Objection(
        claim_id=claim.id, person_id=actor.person_id, identity_id=actor.identity_id, by_decider=by_decider,
        reason=reason.strip()[:1000], state=ObjectionState.OPEN, at=clock.now(), until=until,
    )  # fmt: skip
    session.add(objection)
    session.flush()
    session.add_all([SetAside(objection_id=objection.id, contribution_id=p.contribution.id) for p in mine])
    session.flush()
    audit.record(session, actor.name, "objected", "claim", claim.id, by_decider=by_decider)
    aside = set_aside(session, claim)
    objecting = sum(p.amount for p in pieces if p.contribution.id in aside)
    whole = blocks_whole(by_decider=by_decider, objecting=objecting, held_at_merge=claim.held_at_merge)
    if whole and claim.state is ClaimState.WINDOW:
        move(session, claim, ClaimEvent.BLOCKED, actor, until=until)
    show_claim(session, claim)
    outbox.add(session, "notify.objected", objection=objection.id)
    return objection


def withdraw_objection(session: Session, objection_id: int, actor: Actor) -> Claim:
    """The objector takes it back; raises NotFound for somebody else's."""
    claim_id = session.scalars(select(Objection.claim_id).where(Objection.id == objection_id)).first()
    if claim_id is None:
        raise NotFound("There is no such objection.")
    task, claim = lock_claim(session, claim_id)
    objection = session.get_one(Objection, objection_id, populate_existing=True)
    if not _same(objection, actor):
        raise NotFound("There is no such objection of yours.")
    if objection.state is ObjectionState.OPEN:
        settle_rows(session, [objection], ObjectionState.WITHDRAWN, actor, "")
        _after_withdrawal(session, task, claim, actor)
    return claim


def _after_withdrawal(session: Session, task: Task, claim: Claim, actor: Actor) -> None:
    session.flush()
    if claim.state is ClaimState.BLOCKED and not still_blocked(session, task, claim):
        move(session, claim, ClaimEvent.UNBLOCKED, actor, until=claim.window_until)
    if claim.state is ClaimState.WINDOW:
        end_window(session, claim.id)
    elif claim.state is ClaimState.RELEASED:
        # The clock's: an objector may be an anonymous backer, and this entry names an amount.
        release_claim(session, task, claim, CLOCK, without=set_aside(session, claim))


def still_blocked(session: Session, task: Task, claim: Claim) -> bool:
    """Whether the open objections that are left block the whole."""
    rows, aside = open_objections(session, claim), set_aside(session, claim)
    objecting = sum(p.amount for p in held(session, task) if p.contribution.id in aside)
    by_decider = any(row.by_decider for row in rows)
    return blocks_whole(by_decider=by_decider, objecting=objecting, held_at_merge=claim.held_at_merge)


def settle_claim(
    session: Session, claim_id: int, actor: Actor, permission: Permission, *, accept: bool, reason: str
) -> Claim:
    """A decider not on the author side, or the operator, ends all open objections; public with its reason."""
    task, claim = lock_claim(session, claim_id)
    require_decider(session, claim, actor, permission)
    if not reason.strip():
        raise ReasonMissing()
    rows = open_objections(session, claim)
    if not rows:
        raise ClaimRefuses("There is no open objection to settle.")
    whole = claim.state is ClaimState.BLOCKED
    _settle(session, task, claim, rows, actor, accept=accept, whole=whole, reason=reason.strip())
    return claim


def settle_by_facts(session: Session, claim_id: int) -> None:
    """After its time the facts decide: reverted or issue open again → objectors' parts return, otherwise released.

    With a decider among the objectors the whole is refused, since all of it was objected to.
    """
    task, claim = lock_claim(session, claim_id)
    rows = _due(session, claim)
    if not rows:
        return
    whole = claim.state is ClaimState.BLOCKED and any(row.by_decider for row in rows)
    reverted = any(row.by_revert for row in rows)
    fact = "the change was reverted" if reverted else f"the issue is {'open' if task.issue_open else 'closed'}"
    accept = not (task.issue_open or reverted)
    _settle(session, task, claim, rows, CLOCK, accept=accept, whole=whole, reason=f"by the facts: {fact}")


def _due(session: Session, claim: Claim) -> list[Objection]:
    """A block ends for all objections at its own day, so that an older part doesn't end a newer block early."""
    rows, now = open_objections(session, claim), clock.now()
    if claim.state is ClaimState.BLOCKED:
        return rows if claim.until is not None and claim.until <= now else []
    return [row for row in rows if row.until <= now]


def _settle(
    session: Session, task: Task, claim: Claim, rows: Sequence[Objection], actor: Actor, *, accept: bool, whole: bool,
    reason: str,
) -> None:  # fmt: skip
    aside = set_aside(session, claim, rows)
    settle_rows(session, rows, ObjectionState.OVERRULED if accept else ObjectionState.UPHELD, actor, reason)
    session.flush()
    if not accept and whole:
        move(session, claim, ClaimEvent.REFUSED, actor, reason=reason)
        after_refusal(session, task, actor)
        return
    if not accept:
        return_parts(session, task, aside, actor)
    if claim.state is ClaimState.BLOCKED:
        move(session, claim, ClaimEvent.ACCEPTED, actor, reason=reason)
    if claim.state is ClaimState.RELEASED:
        release_claim(session, task, claim, actor, without=set_aside(session, claim))
    show_claim(session, claim)


def return_parts(session: Session, task: Task, contribution_ids: set[int], actor: Actor) -> None:
    """The objectors' parts go back to their cards."""
    for piece in held(session, task):
        if piece.contribution.id in contribution_ids:
            ask_refund(session, piece.contribution, RefundReason.OBJECTION, actor)
    finish_task(session, task, actor)


def end_window(session: Session, claim_id: int) -> None:
    """A window ended quietly: released, but for the parts that open objections set aside."""
    task, claim = lock_claim(session, claim_id)
    if claim.state is not ClaimState.WINDOW or claim.until is None or clock.now() < claim.until:
        return
    move(session, claim, ClaimEvent.WINDOW_ENDED, CLOCK)
    release_claim(session, task, claim, CLOCK, without=set_aside(session, claim))
