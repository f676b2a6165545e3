"""Promises until they are charged: given on a hosted page that saves a card, withdrawn, or lapsed.

Called by pages, jobs and webhooks; charging is `promise_charges`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit, outbox
from bountyhub.funding import mandates
from bountyhub.funding.errors import BadAmount, CantWithdraw
from bountyhub.funding.models import LapseReason, Promise, PromiseState
from bountyhub.funding.operations.buyers import as_typed, check_names, tax_of
from bountyhub.funding.operations.contribute import Order, Quote, quote, require_takes_money
from bountyhub.funding.operations.reserving import Asker
from bountyhub.funding.operations.tries import begin_try
from bountyhub.funding.rules import PromiseEvent, next_promise_state
from bountyhub.kit import clock, ids
from bountyhub.kit.errors import NotFound
from bountyhub.people.errors import BadEmail
from bountyhub.people.operations import CLOCK, Actor
from bountyhub.people.rules import is_email, normal_email
from bountyhub.ports.promises import CardOrder, CardPage, CardPageStatus
from bountyhub.projects.blocking import require_welcome
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_task, show
from bountyhub.tasks.queries import may_take_money

#: Promises whose card the processor still has to keep for us.
STANDING = (PromiseState.GIVEN, PromiseState.CHARGING, PromiseState.NEEDS_BACKER)


def promise(session: Session, order: Order) -> Promise:
    """Write down the promise whose card we are about to ask for; a repeated form gives the first one.

    Raises BadAmount, BadBuyer, BadEmail, BlockedHere, TaskTakesNoMoney, TooManyTries.
    """
    task = lock_task(session, order.task_id)
    earlier = session.scalars(select(Promise).where(Promise.nonce == order.nonce)).first()
    if earlier is not None:
        return earlier
    require_takes_money(session, task)
    require_welcome(session, task.project_id, order.person_id)
    if not is_email(order.email):
        raise BadEmail()
    if order.amount.currency != task.currency:
        raise BadAmount(f"This task is funded in {task.currency}.", advice=f"Choose an amount in {task.currency}.")
    check_names(order.buyer)
    row = _new(order, quote(order.amount, tax_of(order.buyer)))
    begin_try(session, row.ref, Asker(task.id, row.email, order.asked_from), task.currency)
    session.add(row)
    session.flush()
    who = f"person:{order.person_id}" if order.person_id else "backer"
    audit.record(session, who, "promise_asked", "promise", row.id, amount=row.amount, mandate=row.mandate_version)
    return row


def _new(order: Order, priced: Quote) -> Promise:
    now = clock.now()
    until = now + timedelta(days=settings.current().PROMISE_DAYS)
    closes = clock.real_now() + timedelta(minutes=settings.current().CHECKOUT_MINUTES)
    return Promise(
        ref=ids.new_ref(), task_id=order.task_id, person_id=order.person_id, email=normal_email(order.email),
        anonymous=order.anonymous, amount=priced.amount.amount, fee=priced.fee.amount,
        currency=priced.amount.currency, state=PromiseState.ASKED, nonce=order.nonce,
        mandate_version=mandates.VERSION, mandate=mandates.mandate(priced.total, until), created_at=now,
        expires_at=until, page_expires_at=closes.replace(microsecond=0), card_label="", card_kept=False,
        waits_for_float=False, vat=priced.vat.amount, vat_country=priced.tax.country,
        vat_rate=priced.tax.basis_points, business=order.buyer.business, buyer=as_typed(order.buyer),
    )  # fmt: skip


def card_order(session: Session, row: Promise) -> CardOrder:
    """What to ask the processor for; the same for every try, so that its key replays the same answer."""
    task = session.get_one(Task, row.task_id)
    repository, base = session.get_one(Repository, task.repository_id), settings.current().PUBLIC_URL
    return CardOrder(
        reference=row.ref, title=f"{task.title[:150]} ({repository.full_name} #{task.issue_number})",
        mandate=row.mandate, currency=row.currency, email=row.email, success_url=f"{base}/promised/{row.ref}",
        cancel_url=f"{base}/tasks/{task.id}/promise", expires_at=row.page_expires_at,
    )  # fmt: skip


def record_card_page(session: Session, ref: str, page: CardPage) -> Promise:
    """Write down what the page of a promise is now and, once, that its card is saved; raises NotFound.

    On this webhook, return page and sweeper converge. A card for a task that takes no money any more is forgotten.
    """
    task, row = lock_promise(session, ref)
    row.page_id = row.page_id or page.id or None
    row.page_url = page.url if page.status is CardPageStatus.OPEN else None
    if page.card is not None and next_promise_state(row.state, PromiseEvent.CARD_SAVED) is not None:
        row.customer, row.payment_method = page.card.customer, page.card.payment_method
        row.card_label, row.card_kept, row.given_at = page.card.label[:40], True, clock.now()
        move_promise(session, row, PromiseEvent.CARD_SAVED)
        if may_take_money(session, task):  # who was asked for a card before a pause keeps their promise
            outbox.add(session, "notify.promise_given", promise=row.id)
            tell(session, task)
        else:
            lapse(session, row, LapseReason.TASK_OVER)
    elif page.status is CardPageStatus.EXPIRED and row.state is PromiseState.ASKED:
        move_promise(session, row, PromiseEvent.PAGE_OVER)
    return row


def withdraw_promise(session: Session, ref: str, actor: Actor) -> Promise:
    """Take a promise back and forget its card; a second click changes nothing. Raises NotFound, CantWithdraw.

    The caller has checked that the actor is its backer.
    """
    task, row = lock_promise(session, ref)
    if row.state in (PromiseState.WITHDRAWN, PromiseState.LAPSED):
        return row
    if row.state is not PromiseState.GIVEN:
        raise CantWithdraw(
            "The work was accepted, so this promise is being charged." if row.state is not PromiseState.CHARGED
            else "This promise was charged: it is a contribution now.",
            advice="What was charged follows the rules of every contribution.",
        )  # fmt: skip
    move_promise(session, row, PromiseEvent.WITHDRAWN, actor)
    end_promise(session, row)
    outbox.add(session, "notify.promise_withdrawn", promise=row.id)
    tell(session, task)
    return row


def lapse(session: Session, row: Promise, reason: LapseReason) -> None:
    """A promise ends without being charged, and its card is forgotten; rows locked."""
    if next_promise_state(row.state, PromiseEvent.LAPSED) is None:
        return
    move_promise(session, row, PromiseEvent.LAPSED, reason=reason)
    row.lapse_reason = reason
    end_promise(session, row)
    outbox.add(session, "notify.promise_lapsed", promise=row.id)
    tell(session, session.get_one(Task, row.task_id))


def lapse_of_task(session: Session, task: Task) -> None:
    """The task is over without a merge: nothing that was promised for it is charged. Called with the task locked."""
    for row in of_task(session, task.id, [PromiseState.GIVEN], lock=True):
        lapse(session, row, LapseReason.TASK_OVER)


def lapse_old(session: Session, promise_id: int) -> None:
    """A promise nobody's work was accepted for in its time."""
    _, row = lock_promise(session, session.get_one(Promise, promise_id).ref)
    if row.state is PromiseState.GIVEN and row.expires_at <= clock.now():
        lapse(session, row, LapseReason.TOO_OLD)


def card_forgotten(session: Session, promise_id: int) -> None:
    """The processor doesn't keep the card for us any more, so neither do we keep its name."""
    row = session.get_one(Promise, promise_id, with_for_update=True, populate_existing=True)
    row.customer, row.payment_method, row.card_kept = None, None, False


def of_task(
    session: Session, task_id: int, states: Collection[PromiseState] = STANDING, *, lock: bool = False
) -> list[Promise]:
    """Promises for a task in these states, oldest first."""
    query = select(Promise).where(Promise.task_id == task_id, Promise.state.in_(states)).order_by(Promise.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query))


def promised_by_task(session: Session, task_ids: Collection[int]) -> dict[int, int]:
    """What is promised for tasks, without fees, minor units; never a part of what is held."""
    query = select(Promise.task_id, func.sum(Promise.amount)).where(Promise.task_id.in_(task_ids))
    rows = session.execute(query.where(Promise.state.in_(STANDING)).group_by(Promise.task_id))
    return {task_id: int(amount) for task_id, amount in rows}


def lock_promise(session: Session, ref: str) -> tuple[Task, Promise]:
    """A promise and its task, locked in that order: task first. Raises NotFound."""
    found = session.execute(select(Promise.id, Promise.task_id).where(Promise.ref == ref)).first()
    if found is None:
        raise NotFound("There is no such promise.")
    task = lock_task(session, found[1])
    return task, session.get_one(Promise, found[0], with_for_update=True, populate_existing=True)


def move_promise(
    session: Session, row: Promise, event: PromiseEvent, actor: Actor = CLOCK, **detail: str
) -> None:  # fmt: skip
    """Take a promise through one event of its table, with its line in the audit trail."""
    after = next_promise_state(row.state, event)
    assert after is not None, (row.state, event)
    audit.record(session, actor.name, f"promise_{event}", "promise", row.id, old=row.state, new=after, **detail)
    row.state = PromiseState(after)


def end_promise(session: Session, row: Promise) -> None:
    """It is over: nothing waits any more, and the card is forgotten after the commit."""
    row.ended_at, row.until, row.waits_for_float = clock.now(), None, False
    if row.card_kept:
        outbox.add(session, "funding.forget_card", key=f"forget_card:{row.id}", promise=row.id)


def tell(session: Session, task: Task) -> None:
    """The sum promised changed: the issue's comment and the check runs say the old one."""
    show(session, task)
    outbox.add(session, "work.refresh_claims", key=f"claims:{task.id}", task=task.id)
