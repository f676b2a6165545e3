"""Charities on the operator's list, each with a connected account, and the account that is paid for a project."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.events import audit
from bountyhub.kit import clock, ids
from bountyhub.payouts.errors import PayeeNotReady
from bountyhub.payouts.models import Payee, PayeeState, ProjectPayee
from bountyhub.payouts.operations.payees import ready_payee, record_account
from bountyhub.people.operations import Actor, note_organisation
from bountyhub.ports.payments import PayeeAccount
from bountyhub.projects.models import Project


def record_charity(session: Session, name: str, account: PayeeAccount) -> Payee:
    """The payee row of a charity's account, brought to what the processor says of it; raises PayeeNotReady.

    It belongs to a person of its own, who never signs in: stops and reports know it as they know everybody. An
    account that is somebody's here is no charity's.
    """
    # Two presses at once: the second finds what the first one made.
    row = session.scalars(select(Payee).where(Payee.account == account.id)).first()
    if row is None:
        row = _new(session, name, account)
    if row.charity is None:
        raise PayeeNotReady(name)
    row.charity = name
    return record_account(session, account)


def _new(session: Session, name: str, account: PayeeAccount) -> Payee:
    person = note_organisation(session, name)
    row = Payee(
        ref=ids.new_ref(), person_id=person.id, account=account.id, charity=name[:100], state=PayeeState.ASKED,
        requirements=[], created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, "operator", "charity_noted", "payee", row.id)
    return row


def name_project_payee(session: Session, project_id: int, actor: Actor) -> None:
    """A decider's own account takes what is sent on to the project; the caller has asked the forge. Raises
    PayeeNotReady.
    """
    session.get_one(Project, project_id, with_for_update={"key_share": True})
    if actor.person_id is None or ready_payee(session, actor.person_id) is None:
        raise PayeeNotReady("Your payout account")
    row = session.get(ProjectPayee, project_id, populate_existing=True)
    if row is not None and row.person_id == actor.person_id:
        return
    if row is None:
        session.add(ProjectPayee(project_id=project_id, person_id=actor.person_id, named_at=clock.now()))
    else:
        row.person_id, row.named_at = actor.person_id, clock.now()
    audit.record(session, actor.name, "project_payee_named", "project", project_id)


def drop_project_payee(session: Session, project_id: int, actor: Actor) -> None:
    """Nothing is sent on to the project any more; what was sent on before goes its way. None named is fine."""
    session.get_one(Project, project_id, with_for_update={"key_share": True})
    row = session.get(ProjectPayee, project_id, populate_existing=True)
    if row is not None:
        session.delete(row)
        audit.record(session, actor.name, "project_payee_dropped", "project", project_id)


def payee_of_project(session: Session, project_id: int) -> Payee | None:
    """The account that takes what is sent on to a project, if it can be paid now."""
    row = session.get(ProjectPayee, project_id)
    return ready_payee(session, row.person_id) if row is not None else None
