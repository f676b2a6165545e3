"""A person is forgotten: everything that says who they were goes, everything that says what was done stays.

The books are not touched: they hold random words alone, and what these words meant is what is deleted here. The
command line calls this, and `notifications.mails.forget_somebody` with what it returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, cast, or_, select, update
from sqlalchemy.orm import Session

from bountyhub.events import audit, inbox, outbox
from bountyhub.funding.models import Contribution
from bountyhub.funding.operations.forgetting import (
    contributions_of,
    forget_contributions,
    money_here,
    outside_ids,
)
from bountyhub.funding.operations.promise_owners import (
    forget_promises,
    promise_ids,
    promises_of,
    promises_standing,
)
from bountyhub.ledger.about import entries_about
from bountyhub.ledger.log import salts
from bountyhub.payouts.operations.forgetting import (
    account_of,
    forget_payee,
    refs_of_payee,
    shares_owed,
    shares_sent_on_to,
)
from bountyhub.people.forgetting import Subject, find_subject, forget_subject
from bountyhub.people.operations import OPERATOR
from bountyhub.projects.blocking import forget_blocks
from bountyhub.projects.operations import forget_roles
from bountyhub.tasks.imports.operations import forget_imports
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import forget_wishes, show
from bountyhub.work.errors import ForgettingNeedsReason, StillNeeded
from bountyhub.work.models import Claim, ClaimState, Objection, ObjectionState
from bountyhub.work.operations.attempts import forget_attempts

_LIVE = (
    ClaimState.LINKED, ClaimState.LATE, ClaimState.CHOICE, ClaimState.WINDOW, ClaimState.BLOCKED, ClaimState.WARRANTY,
)  # fmt: skip
GONE = "Taken away with who wrote it."


@dataclass(frozen=True)
class Forgotten:
    """What mails still have to forget."""

    addresses: frozenset[str]
    logins: frozenset[str]


def forget(session: Session, who: str, reason: str) -> Forgotten:
    """Forget somebody (number, login or address).

    Raises NotFound, ForgettingNeedsReason and, while money of theirs is here or their work goes on, StillNeeded.
    """
    if not reason.strip():
        raise ForgettingNeedsReason()
    subject = find_subject(session, who)
    theirs = contributions_of(session, subject.person_id, subject.emails)
    promises = promises_of(session, subject.person_id, subject.emails)
    waits = [
        *money_here(session, theirs),
        *promises_standing(promises),
        *shares_owed(session, subject.identity_ids),
        *shares_sent_on_to(session, subject.person_id),
        *_going_on(session, subject),
    ]
    entries = _entries(session, subject, theirs)
    if not salts.all_made(session, entries):
        waits.append("The newest of what they paid or got is not in the log of the books yet: ask again in a minute.")
    emails = {*subject.emails, *(each.email for each in theirs), *(each.email for each in promises)} - {""}
    words = {
        *emails,
        *subject.logins,
        *outside_ids(session, theirs),
        *promise_ids(promises),
        *account_of(session, subject.person_id),
    }
    if inbox.unhandled(session, words):
        waits.append("A webhook that mentions them is not handled yet: ask again in a minute.")
    if waits:
        raise StillNeeded(waits)
    salts.forget(session, entries)
    _forget_work(session, subject)
    audit.forget(session, subject.actors, "contribution", [each.id for each in theirs])
    audit.forget(session, subject.actors, "promise", [each.id for each in promises])
    outbox.forget(session, emails)
    inbox.forget(session, words)
    contribution_ids = [each.id for each in theirs]
    forget_contributions(session, theirs)
    forget_promises(promises)
    if subject.person_id is not None:
        forget_payee(session, subject.person_id)
        forget_roles(session, subject.person_id)
        forget_imports(session, subject.person_id)
    forget_blocks(session, subject.identity_ids)
    forget_wishes(session, subject.person_id, subject.identity_ids)
    forget_subject(session, subject, contribution_ids)
    audit.record(session, OPERATOR.name, "person_forgotten", "person", subject.person_id or 0, reason=reason.strip())
    return Forgotten(frozenset(emails), subject.logins)


def _entries(session: Session, subject: Subject, contributions: Sequence[Contribution]) -> list[int]:
    """Those of the books that are about them alone."""
    refs, owners = [each.ref for each in contributions], refs_of_payee(session, subject.identity_ids)
    return entries_about(session, contributions=refs, owners=owners, actors=subject.actors)


def _going_on(session: Session, subject: Subject) -> list[str]:
    """Claims and objections of theirs that are not over."""
    in_split = [cast(Claim.split, Text).contains(f'"{id}":') for id in subject.identity_ids]
    theirs = or_(Claim.author_id.in_(subject.identity_ids), *in_split)
    claims = select(Claim).where(theirs, Claim.state.in_(_LIVE))
    open_ = select(Objection).where(_by(subject), Objection.state == ObjectionState.OPEN)
    return [
        *(f"Pull request #{claim.pull_number} that pays them stands for task {claim.task_id}: a maintainer "
          "can unlink it, until then it may be merged." for claim in session.scalars(claims.order_by(Claim.id))),
        *(f"An objection of theirs to claim {row.claim_id} is open until {row.until:%Y-%m-%d}."
          for row in session.scalars(open_.order_by(Objection.id))),
    ]  # fmt: skip


def _by(subject: Subject) -> ColumnElement[bool]:
    by = Objection.identity_id.in_(subject.identity_ids)
    return by if subject.person_id is None else or_(by, Objection.person_id == subject.person_id)


def _forget_work(session: Session, subject: Subject) -> None:
    """Their words go, what they decided stays; comments on the forge say their new name."""
    for row in session.scalars(select(Objection).where(_by(subject))):
        row.person_id, row.identity_id, row.reason = None, None, GONE
    settled = Objection.settled_by.in_(subject.actors)
    session.execute(update(Objection).where(settled).values(settled_by=audit.LEFT, settled_reason=GONE))
    forget_attempts(session, subject.identity_ids)
    for claim in _claims(session, subject):
        claim.co_author_ids = [id for id in claim.co_author_ids if id not in subject.forge_ids]
        show(session, session.get_one(Task, claim.task_id))


def _claims(session: Session, subject: Subject) -> Sequence[Claim]:
    written = Claim.author_id.in_(subject.identity_ids)
    mentioned = [cast(Claim.co_author_ids, Text).contains(str(id)) for id in subject.forge_ids]
    return session.scalars(select(Claim).where(or_(written, *mentioned)).order_by(Claim.id)).all()
