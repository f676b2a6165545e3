"""From a filled form to a checkout that may be opened: the intent is written before the processor is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit
from bountyhub.funding.errors import BadAmount
from bountyhub.funding.models import Contribution, ContributionState, Payment, PaymentState
from bountyhub.funding.operations.buyers import BuyerDetails, check_names, note_buyer, note_consent, tax_of
from bountyhub.funding.operations.parties import rename_party
from bountyhub.funding.operations.reserving import Asker, cost_of, require_float, require_share
from bountyhub.funding.operations.tries import begin_try
from bountyhub.funding.rules import fee_for, kept_cost, vat_on
from bountyhub.funding.vat import Tax
from bountyhub.kit import clock, ids
from bountyhub.kit.money import Money, plain, unit
from bountyhub.people.errors import BadEmail
from bountyhub.people.models import Person
from bountyhub.people.rules import is_email, normal_email
from bountyhub.ports.payments import CheckoutOrder
from bountyhub.projects.blocking import require_welcome
from bountyhub.projects.models import Repository
from bountyhub.tasks.errors import TaskTakesNoMoney
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import lock_task
from bountyhub.tasks.queries import takes_money_now


@dataclass(frozen=True)
class Order:
    """What a backer asked for. `nonce` is the form's: the same form sent twice is one contribution.

    `asked_from` stands for the network the form came from (a digest); empty where there is none. `most_kept`: at most
    so much (minor units) may be kept at a late withdrawal.
    """

    task_id: int
    amount: Money
    email: str
    person_id: int | None
    anonymous: bool
    nonce: str
    asked_from: str = ""
    buyer: BuyerDetails = field(default_factory=BuyerDetails)
    renews_id: int | None = None
    most_kept: int | None = None


@dataclass(frozen=True)
class Quote:
    """What a contribution costs its backer."""

    amount: Money
    fee: Money
    vat: Money
    tax: Tax
    total: Money
    #: Kept at a late withdrawal, and the tax on that; nothing where the operator keeps none.
    kept: Money
    kept_vat: Money

    @property
    def kept_line(self) -> Money:
        """What is kept with the tax on it, as it is named."""
        return self.kept + self.kept_vat

    @property
    def fee_line(self) -> Money:
        """The fee with the tax on it: one line, as the backer pays it."""
        return self.fee + self.vat


def quote(amount: Money, tax: Tax | None = None, most_kept: int | None = None) -> Quote:
    """The fee line and the total of an amount, and what is kept of it at a late withdrawal.

    Raises BadAmount below the minimum or above the maximum.
    """
    limits, currency = settings.current(), amount.currency
    least = Money(limits.MIN_AMOUNT.get(currency, 500), currency)
    most = Money(limits.MAX_AMOUNT.get(currency, 1_000_000), currency)
    if amount < least:
        raise BadAmount(f"The smallest contribution is {plain(least)}.", advice="Type a larger amount.")
    if most < amount:
        raise BadAmount(f"The largest contribution is {plain(most)}.", advice="Type a smaller amount.")
    whole = unit(currency)
    if amount.amount % whole:
        raise BadAmount(f"Amounts in {currency} have 0 as their last digit.", advice="Round it.")
    fixed, points = limits.FEE_FIXED.get(currency, 0), limits.fee_basis_points
    fee = Money(fee_for(amount.amount, basis_points=points, fixed=fixed, unit=whole), currency)
    tax = tax or Tax()
    vat = Money(vat_on(fee.amount, tax.basis_points, unit=whole), currency)
    total = amount + fee + vat
    kept = _kept(total, fee, most_kept)
    return Quote(amount, fee, vat, tax, total, kept, Money(vat_on(kept.amount, tax.basis_points, unit=whole), currency))


def _kept(total: Money, fee: Money, most: int | None) -> Money:
    if not settings.current().KEEP_COST_AFTER_COOLING_OFF:
        return Money(0, total.currency)
    cost = kept_cost(cost_of(total.amount, total.currency), fee.amount, unit=unit(total.currency))
    return Money(cost if most is None else min(cost, most), total.currency)


def contribute(session: Session, order: Order) -> Payment:
    """Write down the contribution and the payment we are about to ask for; a repeated form gives the first one.

    Raises BadAmount, BadBuyer, BadEmail, BlockedHere, TaskTakesNoMoney, TooManyTries, NoFloat, TooMuchUnpaid.
    """
    task = lock_task(session, order.task_id)
    earlier = session.scalars(select(Contribution).where(Contribution.nonce == order.nonce)).first()
    if earlier is not None:
        return session.scalars(select(Payment).where(Payment.contribution_id == earlier.id)).one()
    require_takes_money(session, task)
    require_welcome(session, task.project_id, order.person_id)
    if not is_email(order.email):
        raise BadEmail()
    if order.amount.currency != task.currency:
        raise BadAmount(f"This task is funded in {task.currency}.", advice=f"Choose an amount in {task.currency}.")
    check_names(order.buyer)
    priced = quote(order.amount, tax_of(order.buyer), order.most_kept)
    ref, asker = ids.new_ref(), Asker(task.id, normal_email(order.email), order.asked_from)
    begin_try(session, ref, asker, task.currency)
    require_float(session, priced.total)
    require_share(session, priced.total, asker)
    return _write(session, order, priced, ref)


def require_takes_money(session: Session, task: Task) -> None:
    """Refuse a task that takes no money now (TaskTakesNoMoney)."""
    if not takes_money_now(session, task):
        raise TaskTakesNoMoney("This task takes no money now.")


def _write(session: Session, order: Order, priced: Quote, ref: str) -> Payment:
    contribution = Contribution(
        ref=ids.new_ref(), task_id=order.task_id, person_id=order.person_id, email=normal_email(order.email),
        anonymous=order.anonymous, amount=priced.amount.amount, fee=priced.fee.amount,
        currency=priced.amount.currency, state=ContributionState.PENDING, nonce=order.nonce,
        terms_version="", created_at=clock.now(), vat=priced.vat.amount, vat_country=priced.tax.country,
        vat_rate=priced.tax.basis_points, business=order.buyer.business, kept_cost=priced.kept.amount,
        renews_id=order.renews_id,
    )  # fmt: skip
    note_consent(session, contribution)
    session.add(contribution)
    session.flush()
    note_buyer(session, contribution, order.buyer)
    expires = clock.real_now() + timedelta(minutes=settings.current().CHECKOUT_MINUTES)
    payment = Payment(
        ref=ref, contribution_id=contribution.id, state=PaymentState.PLANNED, created_at=clock.now(),
        expires_at=expires.replace(microsecond=0), asked_from=order.asked_from or None,
    )  # fmt: skip
    session.add(payment)
    session.flush()
    who = f"person:{order.person_id}" if order.person_id else "backer"
    audit.record(session, who, "checkout_asked", "contribution", contribution.id, amount=contribution.amount)
    return payment


def order_of(session: Session, payment: Payment) -> CheckoutOrder:
    """What to ask the processor for; the same for every try, so that its key replays the same answer."""
    contribution = session.get_one(Contribution, payment.contribution_id)
    task = session.get_one(Task, contribution.task_id)
    repository, base = session.get_one(Repository, task.repository_id), settings.current().PUBLIC_URL
    return CheckoutOrder(
        reference=payment.ref, contribution=contribution.money, fee=contribution.fee_money + contribution.vat_money,
        title=f"{task.title[:150]} ({repository.full_name} #{task.issue_number})", email=contribution.email,
        success_url=f"{base}/paid/{payment.ref}", cancel_url=f"{base}/tasks/{task.id}/fund",
        expires_at=payment.expires_at, transfer_group=f"task-{task.id}",
        methods=settings.current().methods_for(contribution.currency),
    )  # fmt: skip


def join_contributions(session: Session, person: Person) -> int:
    """Money paid signed out with an address now confirmed belongs to its person; how many contributions.

    It stays nameless: whoever typed the address may have been somebody else, and nobody agreed to be named.
    """
    if person.email is None:
        return 0
    query = select(Contribution).where(Contribution.email == person.email, Contribution.person_id.is_(None))
    joined = list(session.scalars(query))
    for contribution in joined:
        contribution.person_id, contribution.anonymous = person.id, True
    return len(joined)


def hand_over_contributions(session: Session, old: Person, new: Person) -> None:
    """Money of somebody who turned out to be `new` (or got their first public name); it stays as nameless as it was."""
    for contribution in session.scalars(select(Contribution).where(Contribution.person_id == old.id)):
        if not contribution.anonymous:
            rename_party(session, contribution)
        contribution.person_id, contribution.anonymous = new.id, True
