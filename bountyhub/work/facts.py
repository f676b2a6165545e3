"""Loads what the next-step sentence needs, for any number of tasks in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bountyhub.funding.models import Contribution, Refund
from bountyhub.funding.operations.promises import promised_by_task
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account
from bountyhub.payouts.models import (
    Payee,
    Redirect,
    Reversal,
    Share,
    ShareState,
    Stop,
    Transfer,
    TransferState,
    WaitReason,
)
from bountyhub.payouts.operations.reversals import OPEN as COMING
from bountyhub.payouts.operations.stops import public_stop_of_tasks
from bountyhub.payouts.rules import foremost
from bountyhub.payouts.words import Unpaid, why_unpaid
from bountyhub.people.models import Identity
from bountyhub.ports.forge import LinkSource
from bountyhub.projects.models import Installation, Project, Repository
from bountyhub.projects.rules_policy import WINDOW_DAYS
from bountyhub.tasks.models import Task
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState, SetAside
from bountyhub.work.next_step import ClaimFacts, NextStep, ShareFacts, TaskFacts, next_step

_SHOWN = [state for state in ClaimState if state not in (ClaimState.UNLINKED, ClaimState.CLOSED)]

#: Transfers with money that isn't on the wire.
_OPEN = (TransferState.PLANNED, TransferState.WAITING, TransferState.REVERSED)


@dataclass(frozen=True)
class Held:
    """What is in escrow for a task: the sum (minor units), from how many contributions, and when the first must go.

    `aside`: what of the sum open objections set aside.
    """

    amount: int = 0
    backers: int = 0
    aside: int = 0
    life: datetime | None = None
    #: How long people may object: as long as any of it was promised.
    window_days: int = WINDOW_DAYS


def held_by_task(session: Session, task_ids: Collection[int]) -> dict[int, Held]:
    """Escrow by task, read from the ledger in one query."""
    aside = func.sum(case((_is_set_aside(), -Account.balance), else_=0))
    query = (
        select(
            Contribution.task_id,
            -func.sum(Account.balance),
            func.count(),
            aside,
            func.min(Contribution.leave_by),
            func.max(Contribution.window_days),
        )
        .join(Account, (Account.contribution == Contribution.ref) & (Account.kind == "escrow"))
        .where(Contribution.task_id.in_(task_ids), Account.balance != 0)
        .group_by(Contribution.task_id)
    )
    rows = session.execute(query)
    return {id: Held(int(sum), count, int(aside), life, days) for id, sum, count, aside, life, days in rows}


def _is_set_aside() -> ColumnElement[bool]:
    standing = (SetAside.objection_id == Objection.id) & (Objection.state == ObjectionState.OPEN)
    return exists().where(SetAside.contribution_id == Contribution.id, standing)


def task_facts(session: Session, task_ids: Collection[int]) -> dict[int, TaskFacts]:
    """Facts by task id; seven queries whatever the number of tasks."""
    held, claims = held_by_task(session, task_ids), _claims(session, task_ids)
    shares, refunds = _shares(session, task_ids), _refunds(session, task_ids)
    promised = promised_by_task(session, task_ids)
    query = (
        select(Task, Project, Installation.id)
        .join(Project, Project.id == Task.project_id)
        .join(Repository, Repository.id == Task.repository_id)
        .outerjoin(Installation, _live_installation())
        .where(Task.id.in_(task_ids))
    )
    return {
        task.id: TaskFacts(
            id=task.id, project=project.name, issue=task.issue_number, state=task.state,
            installed=installed is not None, held=Money(held.get(task.id, Held()).amount, task.currency),
            life=held.get(task.id, Held()).life,
            aside=Money(held.get(task.id, Held()).aside, task.currency), ends_at=task.ends_at,
            ends_reason=task.ends_reason or "", ends_note=task.ends_note, claims=claims[task.id],
            shares=shares[task.id], refunds=refunds[task.id],
            promised=Money(promised.get(task.id, 0), task.currency), pause=project.pause,
            window_days=held.get(task.id, Held()).window_days,
        )
        for task, project, installed in session.execute(query)
    }  # fmt: skip


def next_steps(session: Session, task_ids: Collection[int]) -> dict[int, NextStep]:
    """The sentence of each task."""
    return {task_id: next_step(facts) for task_id, facts in task_facts(session, task_ids).items()}


def _live_installation() -> ColumnElement[bool]:
    return (
        (Installation.id == Repository.installation_id)
        & Installation.removed_at.is_(None)
        & Installation.suspended_at.is_(None)
    )


def _claims(session: Session, task_ids: Collection[int]) -> dict[int, list[ClaimFacts]]:
    objections = (
        select(Objection.claim_id, func.count().label("count"), func.min(Objection.until).label("until"))
        .where(Objection.state == ObjectionState.OPEN)
        .group_by(Objection.claim_id)
        .subquery()
    )
    query = (
        select(Claim, Identity, Payee.state, Payee.disabled_reason, objections.c.count, objections.c.until)
        .join(Identity, Identity.id == Claim.author_id)
        .outerjoin(Payee, Payee.person_id == Identity.person_id)
        .outerjoin(objections, objections.c.claim_id == Claim.id)
        .where(Claim.task_id.in_(task_ids), Claim.state.in_(_SHOWN))
        .order_by(Claim.pull_number, Claim.id)  # as they were opened, whichever was heard of first
    )
    found: dict[int, list[ClaimFacts]] = defaultdict(list)
    rows = session.execute(query).all()
    people = _payees(session, {int(id) for row in rows for id in row[0].split})
    for claim, author, payee, disabled, count, until in rows:
        split = [(people[int(id)], percent) for id, percent in claim.split.items()]
        missing = next((who for who, _ in split if who.unpaid is not None), None)
        unpaid = why_unpaid(payee, disabled or "") if not split else missing.unpaid if missing else None
        found[claim.task_id].append(
            ClaimFacts(
                number=claim.pull_number, author=author.login, state=claim.state, draft=claim.draft, base=claim.base,
                base_counts=claim.base_counts, bot=author.is_bot, payable=unpaid is None,
                co_authors=claim.co_authors, until=claim.until or until, objections=count or 0,
                unpaid=unpaid, split=[(who.login, percent) for who, percent in split],
                unpaid_who=missing.login if missing else "",
                reverted=bool(claim.reverted_url),
                landed=claim.source is LinkSource.LANDED, uncounted=claim.uncounted,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _InSplit:
    """Somebody in a split, and why they can't be paid."""

    login: str
    unpaid: Unpaid | None


def _payees(session: Session, identity_ids: Collection[int]) -> dict[int, _InSplit]:
    """Who is in splits, by forge account; no query where nobody is."""
    if not identity_ids:
        return {}
    query = select(Identity.id, Identity.login, Payee.state, Payee.disabled_reason)
    query = query.outerjoin(Payee, Payee.person_id == Identity.person_id).where(Identity.id.in_(identity_ids))
    return {id: _InSplit(login, why_unpaid(state, why or "")) for id, login, state, why in session.execute(query)}


def _shares(session: Session, task_ids: Collection[int]) -> dict[int, list[ShareFacts]]:
    earner = aliased(Payee)
    query = (
        select(
            Share, Identity.login, Transfer, Payee.holds_until, Redirect.name, earner.state, earner.disabled_reason,
            Reversal.state,
        )
        .join(Identity, Identity.id == Share.identity_id)
        .outerjoin(Transfer, Transfer.share_id == Share.id)
        .outerjoin(Reversal, Reversal.transfer_id == Transfer.id)
        .outerjoin(Payee, Payee.id == Transfer.payee_id)
        .outerjoin(Redirect, Redirect.share_id == Share.id)
        .outerjoin(earner, earner.person_id == Identity.person_id)
        .where(Share.task_id.in_(task_ids), or_(Share.undone_at.is_(None), Share.state != ShareState.RETURNED))
        .order_by(Share.id, Transfer.id)
    )  # fmt: skip
    rows: dict[int, tuple[Share, str, list[Transfer]]] = {}
    holds: dict[int, datetime | None] = {}
    sent_on: dict[int, tuple[str, Unpaid | None]] = {}
    coming: dict[int, int] = defaultdict(int)
    for share, login, transfer, holds_until, name, state, disabled, reversal in session.execute(query):
        sent_on[share.id] = name or "", why_unpaid(state, disabled or "")
        transfers = rows.setdefault(share.id, (share, login, []))[2]
        if transfer is not None:
            transfers.append(transfer)
            holds[transfer.id] = holds_until
            coming[share.id] += transfer.amount - transfer.reversed if reversal in COMING else 0
    kept = _kept(session, [share for share, _, _ in rows.values() if share.state is ShareState.KEPT])
    stops = _stops(session, rows.values())
    found: dict[int, list[ShareFacts]] = defaultdict(list)
    for share, login, transfers in rows.values():
        facts = _share_facts(share, login, transfers, kept.get(share.ref), holds)
        facts = replace(facts, redirected_to=sent_on[share.id][0], unpaid=sent_on[share.id][1])
        if coming[share.id]:
            facts = replace(facts, coming_back=Money(coming[share.id], share.currency))
        stop = stops.get(share.task_id) if facts.wait == WaitReason.STOPPED else None
        found[share.task_id].append(
            replace(facts, stop_reason=stop.reason, stopped_until=stop.until) if stop is not None else facts
        )
    return found


def _stops(session: Session, rows: Iterable[tuple[Share, str, list[Transfer]]]) -> dict[int, Stop]:
    """The public stops of tasks of which something waits for one; no query where nothing does."""
    stopped = {share.task_id for share, _, ts in rows for t in ts if t.wait_reason is WaitReason.STOPPED}
    if not stopped:
        return {}
    return public_stop_of_tasks(session, list(session.scalars(select(Task).where(Task.id.in_(stopped)))))


def _share_facts(
    share: Share, login: str, transfers: list[Transfer], kept: Kept | None, holds: Mapping[int, datetime | None]
) -> ShareFacts:
    open_ones = [t for t in transfers if t.state in _OPEN]
    waits = [t.wait_reason for t in open_ones if t.wait_reason]
    return ShareFacts(
        author=login, amount=Money(kept.amount, share.currency) if kept else _left(share, transfers),
        state=share.state, paid_at=share.paid_at, wait=foremost(waits),
        leaves_at=max((_leaves_at(t, holds) for t in open_ones), default=None), keep_until=kept.until if kept else None,
    )  # fmt: skip


def _left(share: Share, transfers: list[Transfer]) -> Money:
    """What of a share is still to come, where a part of it was sent before the rest may leave; else all of it."""
    if share.state not in (ShareState.PAYABLE, ShareState.TRANSFERRING):
        return share.money
    sent = sum(t.amount for t in transfers if t.state is TransferState.CONFIRMED)
    return Money(share.amount - sent, share.currency)


def _leaves_at(transfer: Transfer, holds: Mapping[int, datetime | None]) -> datetime:
    holds_until = holds[transfer.id] if transfer.wait_reason is WaitReason.HOLD else None
    return max(transfer.not_before, holds_until or transfer.not_before)


@dataclass(frozen=True)
class Kept:
    """What is kept of a share (minor units; a part may have been sent), until the first part of it goes back."""

    amount: int
    until: datetime | None


def _kept(session: Session, shares: list[Share]) -> dict[str, Kept]:
    if not shares:
        return {}
    query = (
        select(Account.owner, -func.sum(Account.balance), func.min(Contribution.leave_by))
        .join(Contribution, Contribution.ref == Account.contribution)
        .where(Account.kind == "kept_for", Account.owner.in_([s.ref for s in shares]), Account.balance != 0)
        .group_by(Account.owner)
    )
    return {str(owner): Kept(int(amount), until) for owner, amount, until in session.execute(query)}


def _refunds(session: Session, task_ids: Collection[int]) -> dict[int, set[str]]:
    query = select(Contribution.task_id, Refund.state).join(Refund, Refund.contribution_id == Contribution.id)
    found: dict[int, set[str]] = defaultdict(set)
    for task_id, state in session.execute(query.where(Contribution.task_id.in_(task_ids)).distinct()):
        found[task_id].add(state)
    return found
