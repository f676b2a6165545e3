"""My page: what waits for its reader first, then their payouts, claims and contributions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution, ContributionState, Payment
from bountyhub.kit import clock
from bountyhub.pages.contexts import claims
from bountyhub.pages.contexts.attempts import AttemptView, attempts_of
from bountyhub.pages.contexts.claims import ClaimView, claim_view
from bountyhub.pages.contexts.contribution import ContributionView, views
from bountyhub.pages.contexts.desk import DeskLink, desks_of
from bountyhub.pages.contexts.inbox import InboxItem, inbox
from bountyhub.pages.contexts.payee import PayeeView, payee_view
from bountyhub.pages.contexts.payouts import Payout, payouts
from bountyhub.pages.contexts.promises import PromiseView, of_person
from bountyhub.pages.contexts.viewer import Viewer, viewer
from bountyhub.tasks.models import Task
from bountyhub.work.facts import next_steps
from bountyhub.work.models import Claim

LONGEST = 100


@dataclass(frozen=True)
class MyPage:
    """Everything of one person."""

    inbox: list[InboxItem]
    contributions: list[ContributionView]
    promises: list[PromiseView]
    claims: list[ClaimView]
    attempts: list[AttemptView]
    payouts: list[Payout]
    payee: PayeeView
    has_forge_account: bool
    desks: list[DeskLink]


def my_page(session: Session, person_id: int) -> MyPage:
    """The reader's own page, in a fixed number of queries."""
    reader = viewer(session, person_id)
    payee = payee_view(session, person_id, has_forge_account=bool(reader.identity_ids))
    earned, mine = payouts(session, sorted(reader.identity_ids)), _claims(session, reader)
    return MyPage(
        inbox=inbox(session, reader, payee, earned, mine), contributions=_contributions(session, person_id),
        promises=of_person(session, person_id, LONGEST),
        claims=mine, attempts=attempts_of(session, reader), payouts=earned, payee=payee,
        has_forge_account=bool(reader.identity_ids), desks=desks_of(session, person_id),
    )  # fmt: skip


def _contributions(session: Session, person_id: int) -> list[ContributionView]:
    hidden = [ContributionState.ABANDONED, ContributionState.FAILED]
    told = Contribution.state.not_in(hidden) | _refused_lately()
    query = select(Contribution).where(Contribution.person_id == person_id, told)
    return views(session, session.scalars(query.order_by(Contribution.id.desc()).limit(LONGEST)).all())


def _refused_lately() -> ColumnElement[bool]:
    """A bank said no days after the payment was ordered: shown for a month, so that it can be paid anew."""
    by_bank = select(Payment.contribution_id).where(Payment.method.is_not(None))
    recent = Contribution.created_at > clock.now() - timedelta(days=30)
    return (Contribution.state == ContributionState.FAILED) & Contribution.id.in_(by_bank) & recent


def _claims(session: Session, reader: Viewer) -> list[ClaimView]:
    query = claims.with_author().where(Claim.author_id.in_(reader.identity_ids)).order_by(Claim.id.desc())
    rows = session.execute(query.limit(LONGEST)).all()
    task_ids = {row[0].task_id for row in rows}
    titles = {row.id: row.title for row in session.execute(select(Task.id, Task.title).where(Task.id.in_(task_ids)))}
    steps = next_steps(session, task_ids)
    return [
        claim_view(row, reader, steps[row[0].task_id]).on_task(titles[row[0].task_id], f"/tasks/{row[0].task_id}")
        for row in rows
    ]
