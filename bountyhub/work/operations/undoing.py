"""A release undone by two operators: one proposes it with a public reason, another confirms it, and the money follows.

Confirming is one transaction: what lies here is held for the task again, what isn't sent is called off, what was sent
is taken back by jobs of payouts; what they bring home is placed by `bring_back`.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import alarms, audit, outbox
from bountyhub.events.alarms import Found
from bountyhub.funding.models import Contribution, RefundReason
from bountyhub.funding.operations import ask_refund
from bountyhub.funding.operations.freezing import bank_has_more
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.payouts.errors import SecondOperatorNeeded
from bountyhub.payouts.operations.taking_back import bring_home
from bountyhub.payouts.operations.undoing import call_off, shares_of_claim
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.tasks.models import OVER, Task, TaskState
from bountyhub.tasks.operations import move as move_task
from bountyhub.tasks.queries import tasks_of_issue
from bountyhub.tasks.rules import TaskEvent
from bountyhub.work.errors import ReasonMissing, ReleaseStands
from bountyhub.work.models import Claim, ClaimState, ObjectionState, Undo, UndoState
from bountyhub.work.operations.claims import claims_of_task, lock_claim, move
from bountyhub.work.operations.late import after_refusal
from bountyhub.work.operations.money import tell
from bountyhub.work.operations.objection_rows import open_objections, settle_rows
from bountyhub.work.operations.releases import finish_task
from bountyhub.work.operations.undo_facts import contributions_of, lock_undoable, shares_of
from bountyhub.work.rules import UNDO, ClaimEvent

ALARM = "undo:"


def propose_undo(session: Session, claim_id: int, actor: Actor, reason: str) -> Undo:
    """One operator proposes to undo a release; doing it again finds the same proposal.

    Raises NotFound, ReasonMissing, HasAStake, ReleaseStands.
    """
    if not reason.strip():
        raise ReasonMissing()
    _, claim = lock_undoable(session, claim_id, actor)
    standing = _standing(session, claim)
    if standing is not None and standing.until <= clock.now():
        _end(session, standing, UndoState.LAPSED, CLOCK)
        standing = None
    if standing is not None and standing.proposed_by != actor.person_id:
        raise ReleaseStands("Another operator proposed this already.", advice="Confirm it instead.")
    return standing or _propose(session, claim, actor, reason.strip())


def _propose(session: Session, claim: Claim, actor: Actor, reason: str) -> Undo:
    assert actor.person_id is not None
    undo = Undo(
        claim_id=claim.id, state=UndoState.PROPOSED, reason=reason[:1000], proposed_by=actor.person_id,
        proposed_at=clock.now(), until=clock.now() + UNDO,
    )  # fmt: skip
    session.add(undo)
    session.flush()
    audit.record(session, actor.name, "undo_proposed", "claim", claim.id, undo=undo.id, reason=undo.reason)
    _alarm(session)
    return undo


def _standing(session: Session, claim: Claim) -> Undo | None:
    query = select(Undo).where(Undo.claim_id == claim.id, Undo.state == UndoState.PROPOSED).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def confirm_undo(session: Session, undo_id: int, actor: Actor) -> Claim:
    """Another operator confirms: the release is undone, all at once; doing it again finds it done.

    Raises NotFound, SecondOperatorNeeded, HasAStake, ReleaseStands.
    """
    claim_id = session.scalars(select(Undo.claim_id).where(Undo.id == undo_id)).first()
    if claim_id is None:
        raise NotFound("There is no such proposal.")
    _, claim = lock_claim(session, claim_id)
    undo = session.get_one(Undo, undo_id, with_for_update=True, populate_existing=True)
    if undo.state is UndoState.CONFIRMED and undo.confirmed_by == actor.person_id:
        return claim
    if undo.state is not UndoState.PROPOSED or undo.until <= clock.now():
        raise ReleaseStands("This proposal is over.", advice="Propose it anew, if it is still needed.")
    if undo.proposed_by == actor.person_id:
        raise SecondOperatorNeeded()
    task, claim = lock_undoable(session, claim_id, actor)
    undo.confirmed_by = actor.person_id
    _end(session, undo, UndoState.CONFIRMED, actor)
    _undo(session, task, claim, undo, actor)
    return claim


def _undo(session: Session, task: Task, claim: Claim, undo: Undo, actor: Actor) -> None:
    contributions_of(session, shares_of(session, claim), lock=True)
    move(session, claim, ClaimEvent.UNDONE, actor, reason=undo.reason, proposed_by=f"person:{undo.proposed_by}")
    settle_rows(session, open_objections(session, claim), ObjectionState.UPHELD, actor, "the release was undone")
    call_off(session, shares_of_claim(session, claim.id))
    if _can_open_again(session, task):
        move_task(session, task, TaskEvent.CLAIM_UNDONE, actor)
    _bring_back(session, task, claim, actor)
    session.flush()
    after_refusal(session, task, actor)
    outbox.add(session, "notify.release_undone", claim=claim.id)
    tell(session, task)


def _can_open_again(session: Session, task: Task) -> bool:
    """A completed task is open again, unless the next round of its issue lives: then that one takes money."""
    if task.state is TaskState.MERGED:
        return True
    rounds = session.scalars(tasks_of_issue(task.repository_id, task.issue_number)).all()
    return task.state is TaskState.COMPLETED and all(one.state in OVER for one in rounds)


def withdraw_undo(session: Session, undo_id: int, actor: Actor) -> Undo:
    """Who proposed it takes it back; one that is over stays as it is. Raises NotFound, also for another's."""
    undo = session.get(Undo, undo_id, with_for_update=True, populate_existing=True)
    if undo is None or undo.proposed_by != actor.person_id:
        raise NotFound("There is no such proposal of yours.")
    if undo.state is UndoState.PROPOSED:
        _end(session, undo, UndoState.WITHDRAWN, actor)
    return undo


def lapse_undo(session: Session, undo_id: int) -> None:
    """Nobody confirmed it in its seven days."""
    undo = session.get_one(Undo, undo_id, with_for_update=True, populate_existing=True)
    if undo.state is UndoState.PROPOSED and undo.until <= clock.now():
        _end(session, undo, UndoState.LAPSED, CLOCK)


def _end(session: Session, undo: Undo, state: UndoState, actor: Actor) -> None:
    undo.state, undo.ended_at = state, clock.now()
    audit.record(session, actor.name, f"undo_{state}", "claim", undo.claim_id, undo=undo.id)
    session.flush()
    _alarm(session)


def _alarm(session: Session) -> None:
    """The other operators see on their desk that one of them asks."""
    standing = session.scalars(select(Undo).where(Undo.state == UndoState.PROPOSED).order_by(Undo.id))
    found = [
        Found(f"{ALARM}{undo.id}", "undo", f"claim {undo.claim_id}",
              f"An operator proposes to undo the release of claim {undo.claim_id}: another one confirms it, or not.")
        for undo in standing
    ]  # fmt: skip
    alarms.settle(session, ALARM, found)


def bring_back(session: Session, claim_id: int) -> None:
    """What came back of an undone release is held for its task again, or goes to its backers where that is over."""
    task, claim = lock_claim(session, claim_id)
    if claim.state is not ClaimState.UNDONE:
        return
    contributions_of(session, shares_of(session, claim), lock=True)
    if _bring_back(session, task, claim, CLOCK):
        finish_task(session, task, CLOCK)
        tell(session, task)


def _bring_back(session: Session, task: Task, claim: Claim, actor: Actor) -> list[Contribution]:
    """Called with task and contributions locked.

    What came back while its bank has the same money isn't held for the task: its refund waits for the bank's word.
    Lost, it covers what the bank took; won, it goes to its backer.
    """
    homes = bring_home(session, shares_of_claim(session, claim.id), actor)
    for home in homes:
        if _needs_no_more(session, task) or bank_has_more(session, home.id):
            ask_refund(session, home, RefundReason.RELEASE_UNDONE, actor)
    return homes


def _needs_no_more(session: Session, task: Task) -> bool:
    """Whether the task is over, or what was held for it was released to another claim before this came back."""
    if task.state is TaskState.MERGED:
        return not claims_of_task(session, task, ClaimState.WINDOW, ClaimState.BLOCKED)
    return task.state in OVER
