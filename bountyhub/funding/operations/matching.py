"""Money that was not as agreed is matched to the contribution it was meant for. The operator's page calls this."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.funding.errors import CantMatch
from bountyhub.funding.models import Contribution, ContributionState, Payment, Refund
from bountyhub.funding.operations.refunds import return_suspended
from bountyhub.funding.rules import FundingEvent, next_state, split_received
from bountyhub.kit import clock
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money, plain, unit
from bountyhub.ledger import queries as ledger
from bountyhub.ledger import suspense as booking
from bountyhub.ledger.accounts import suspense as suspense_of
from bountyhub.people.operations import Actor
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_task, show
from bountyhub.tasks.queries import takes_money_now


@dataclass(frozen=True)
class Suspended:
    """Money that can't be placed: what was agreed, what came, and what it would become for the task."""

    contribution: Contribution
    task: Task
    received: Money
    amount: Money | None
    fee: Money | None
    vat: Money | None

    @property
    def can_be_matched(self) -> bool:
        """Whether it could be held for the task."""
        return self.amount is not None


def suspended(session: Session) -> list[Suspended]:
    """Everything that waits to be placed, oldest first."""
    returning = exists().where(Refund.contribution_id == Contribution.id)
    query = (
        select(Contribution, Payment, Task)
        .join(Payment, Payment.contribution_id == Contribution.id)
        .join(Task, Task.id == Contribution.task_id)
        .where(Contribution.state == ContributionState.SUSPENDED, ~returning)
        .order_by(Contribution.id)
    )
    return [_suspended(contribution, payment, task) for contribution, payment, task in session.execute(query)]


def _suspended(contribution: Contribution, payment: Payment, task: Task) -> Suspended:
    assert payment.received is not None and payment.received_currency is not None
    received = Money(payment.received, payment.received_currency)
    split = _split(received, contribution, task)
    if split is None:
        return Suspended(contribution, task, received, None, None, None)
    return Suspended(contribution, task, received, *(Money(part, received.currency) for part in split))


def _split(received: Money, contribution: Contribution, task: Task) -> tuple[int, int, int] | None:
    """(amount, fee, tax) that the received sum is worth, None where it can't be held for the task."""
    limits, currency = settings.current(), received.currency
    if currency != task.currency:
        return None
    split = split_received(
        received.amount, basis_points=limits.fee_basis_points, fixed=limits.FEE_FIXED.get(currency, 0),
        tax=contribution.vat_rate, unit=unit(currency),
    )  # fmt: skip
    return split if split[0] > 0 else None


def match_suspended(session: Session, contribution_id: int, actor: Actor) -> Contribution:
    """Hold for its task what came, whatever was agreed: amount and fee become what the sum is worth by the fee's rule.

    Raises NotFound, CantMatch (already placed, another currency, the task takes no money). Repeating changes nothing.
    """
    contribution, payment, task = _lock(session, contribution_id)
    if contribution.state is ContributionState.HELD:
        return contribution
    one = _suspended(contribution, payment, task) if contribution.state is ContributionState.SUSPENDED else None
    if one is None or _is_returning(session, contribution):
        raise CantMatch("This payment was placed already, or is on its way back.")
    if one.amount is None or one.fee is None or one.vat is None:
        raise CantMatch(f"{plain(one.received)} can’t be held for a task funded in {task.currency}.")
    if not takes_money_now(session, task):
        raise CantMatch("Its task takes no money now.")
    _book(session, payment, one, actor)
    audit.record(
        session, actor.name, "contribution_matched", "contribution", contribution.id, received=one.received.amount,
        agreed=contribution.total.amount, amount=one.amount.amount,
    )  # fmt: skip
    contribution.amount, contribution.fee, contribution.vat = one.amount.amount, one.fee.amount, one.vat.amount
    contribution.kept_cost = min(contribution.kept_cost, contribution.fee)
    contribution.state = ContributionState(next_state(contribution.state, FundingEvent.MATCHED) or contribution.state)
    outbox.add(session, "notify.contribution_held", contribution=contribution.id)
    outbox.add(session, "work.refresh_claims", key=f"claims:{task.id}", task=task.id)
    show(session, task)
    return contribution


def _book(session: Session, payment: Payment, one: Suspended, actor: Actor) -> None:
    assert one.amount is not None and one.fee is not None and one.vat is not None
    ref, currency = one.contribution.ref, one.received.currency
    before = ledger.balance(session, suspense_of(payment.ref, ref), currency)
    booking.matched(
        session, payment=payment.ref if before else ref, contribution=ref, amount=one.amount.amount,
        fee=one.fee.amount, vat=one.vat.amount, currency=currency, effective_at=clock.now(), actor=actor.role,
    )  # fmt: skip


def send_back_suspended(session: Session, contribution_id: int, actor: Actor) -> Refund:
    """Return money that can't be placed now instead of in seven days; repeating it gives the first return."""
    contribution, _, _ = _lock(session, contribution_id)
    earlier = session.scalars(select(Refund).where(Refund.contribution_id == contribution.id)).first()
    if earlier is not None:
        return earlier
    if contribution.state is not ContributionState.SUSPENDED:
        raise CantMatch("This payment was placed already.")
    return return_suspended(session, contribution, actor)


def _lock(session: Session, contribution_id: int) -> tuple[Contribution, Payment, Task]:
    task_id = session.scalars(select(Contribution.task_id).where(Contribution.id == contribution_id)).first()
    if task_id is None:
        raise NotFound("There is no such contribution.")
    task = lock_task(session, task_id)
    contribution = session.get_one(Contribution, contribution_id, with_for_update=True, populate_existing=True)
    payment = session.scalars(select(Payment).where(Payment.contribution_id == contribution.id).with_for_update()).one()
    return contribution, payment, task


def _is_returning(session: Session, contribution: Contribution) -> bool:
    return session.scalars(select(Refund.id).where(Refund.contribution_id == contribution.id)).first() is not None
