"""What people do on the site, as the pages do it: open a task, pay, take money back, cancel, object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Payment
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money
from bountyhub.people import operations as people
from bountyhub.people.models import Person
from bountyhub.people.operations import Actor
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideError
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.ports.payments import Capture, Checkout, CheckoutStatus
from bountyhub.ports.reconciliation import Movement
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.models import Claim

Body = dict[str, Any]
OURS: dict[str, Callable[[Body], None]] = {}


def ours(step: Callable[[Body], None]) -> Callable[[Body], None]:
    """Register under the function's name."""
    OURS[step.__name__] = step
    return step


def do(action: str, given: Body) -> str:
    """What came of it in a word."""
    try:
        OURS[action](given)
    except DomainError as refusal:
        return f"refused: {refusal.code}"
    except OutsideError as away:
        return f"away: {type(away).__name__}"
    return "done"


def _actor(session: Session, who: Body) -> Actor:
    person = ForgePerson(who["id"], who["login"])
    return people.actor_of_person(session, people.sign_in_with_forge(session, person, f"{who['id']}@example.test"))


def _repository(session: Session, forge_id: int) -> Repository:
    return session.scalars(select(Repository).where(Repository.forge_id == forge_id)).one()


def _task(session: Session, given: Body) -> Task:
    """The newest task that was made of an issue, wherever it is now: known by its place among all tasks."""
    return session.scalars(select(Task).order_by(Task.id).offset(given["task"]).limit(1)).one()


@ours
def top_up(given: Body) -> None:
    """The operator's float."""
    top_up = Movement(ids.new_ref(), "topup", Money(given["amount"], "EUR"), Money(0, "EUR"), "tu_1", clock.now())
    with transaction() as session:
        funding.record_top_up(session, top_up)


@ours
def label_funded(given: Body) -> None:
    """A project wants the label."""
    with transaction() as session:
        work.switch_label(session, _repository(session, given["repo"]).project_id, people.OPERATOR, on=True)


@ours
def make_task(given: Body) -> None:
    """A maintainer makes an issue a task."""
    issue = forge().read_issue(given["repo"], given["number"])
    with transaction() as session:
        row, actor = _repository(session, given["repo"]), _actor(session, given["who"])
        create_task(session, row, issue, actor, opened=True)


@ours
def fund(given: Body) -> None:
    """Somebody pays; the processor's word is handed in."""
    with transaction() as session:
        who = given["who"]
        person = people.sign_in_with_forge(session, ForgePerson(who["id"], who["login"]), f"{who['id']}@example.test")
        order = funding.Order(
            task_id=_task(session, given).id, amount=Money(given["amount"], "EUR"),
            email=f"{who['id']}@example.test", anonymous=False, nonce=ids.new_ref(), person_id=person.id,
        )  # fmt: skip
        reference = funding.contribute(session, order).ref
    with transaction() as session:
        funding.record_checkout(session, reference, _paid(session, reference))


def _paid(session: Session, reference: str) -> Checkout:
    payment = session.scalars(select(Payment).where(Payment.ref == reference)).one()
    total = session.get_one(Contribution, payment.contribution_id).total
    capture = Capture(
        payment_intent=f"pi_{reference}", charge=f"ch_{reference}", received=total, cost=replace(total, amount=100),
        balance_transaction=f"txn_{reference}", at=clock.now(), available_on=clock.now(),
    )  # fmt: skip
    return Checkout(f"cs_{reference}", reference, CheckoutStatus.PAID, None, capture)


@ours
def withdraw(given: Body) -> None:
    """A backer takes a contribution back."""
    with transaction() as session:
        query = select(Contribution).order_by(Contribution.id).offset(given["contribution"]).limit(1)
        mine = session.scalars(query).one()
        assert mine.person_id is not None
        actor = people.actor_of_person(session, session.get_one(Person, mine.person_id))
        work.withdraw(session, mine.id, actor, shown_kept=10**6)


@ours
def cancel(given: Body) -> None:
    """A decider ends a task."""
    with transaction() as session:
        actor = _actor(session, given["who"])
        work.cancel_task(session, _task(session, given).id, actor, Permission.ADMIN, "We do it otherwise.")


@ours
def object_to(given: Body) -> None:
    """A backer objects to the claim of a pull request, on its page."""
    with reading() as session:
        query = select(Claim).join(Repository, Repository.id == Claim.repository_id)
        query = query.where(Repository.forge_id == given["repo"], Claim.pull_number == given["number"])
        claims = [claim.id for claim in session.scalars(query.order_by(Claim.task_id))]
    for claim in claims:
        with transaction() as session:
            actor = _actor(session, given["who"])
            work.object_to_claim(session, claim, actor, Permission.NONE, "It does not do it.")
