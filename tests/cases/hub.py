"""A world for cases of money: the domain, its jobs and the stand-in for Stripe over HTTP, with moved time.

What people and the forge do goes through the real operations, what the processor does through its own control calls;
webhooks and jobs are worked on by `settle`. Used by every test of this folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from bountyhub import ports, settings
from bountyhub.events import inbox, outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import JOBS, Job, Run
from bountyhub.funding.jobs.checkouts import settle_one
from bountyhub.funding.models import Contribution, Payment
from bountyhub.integrations.stripe import handlers, jobs  # noqa: F401  (they register webhooks and sweeps)
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.integrations.stripe.reconciliation import compare, differences
from bountyhub.integrations.stripe.redaction import kept
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts import operations as payouts
from bountyhub.people.models import Person
from bountyhub.ports.errors import OutsideError
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import Project
from bountyhub.sandbox.stripe import events as told_events
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from tests.builders.outside import Outside
from tests.builders.world import BO, CLEO, World, assert_books_are_right, merged, pull
from tests.sandbox.stripe.world import World as Stripe

#: Jobs that `settle` works on; the forge's comments and the log of the books aren't what cases are about.
WORKED = ("inbox.stripe", "funding.", "payouts.", "work.", "stripe.", "notify.", "mail.")
#: So many turns bring everything to rest; more means that something goes round in circles.
MOST_TURNS = 30
CARD = "4242424242424242"
#: Recurring jobs run when a case says so, never because their time has come.
NOT_NOW = timedelta(days=1)


@dataclass
class Hub:
    """`world`: people, tasks and claims; `stripe`: the processor; `outside`: a forge and a mailer in this process."""

    world: World
    stripe: Stripe
    outside: Outside
    told: set[str] = field(default_factory=set)

    @property
    def gateway(self) -> StripeGateway:
        """The real gateway, which speaks to the stand-in."""
        found = ports.gateway()
        assert isinstance(found, StripeGateway)
        return found

    def setting(self, **changes: Any) -> None:
        """This instance is set up otherwise from now on."""
        settings.use(settings.current().model_copy(update=changes))

    def option(self, **changes: Any) -> None:
        """Switches of the stand-in (see sandbox/stripe/options)."""
        self.stripe.control("options", **changes)

    def order(self, amount: int = 5000, by: ForgePerson | None = CLEO, email: str = "") -> Payment:
        """A contribution asked for, its hosted page opened; nothing paid yet."""
        ref = self.world.order(amount, by, email)
        settle_one(self.payment(ref))
        return self.payment(ref)

    def payment(self, ref: str) -> Payment:
        """A payment as it stands."""
        with reading() as session:
            return session.scalars(select(Payment).where(Payment.ref == ref)).one()

    def pay_page(self, payment: Payment, card: str = CARD, **more: Any) -> dict[str, Any]:
        """Somebody fills in the hosted page."""
        return self.stripe.control("pay", session=payment.checkout_id, card=card, **more)

    def pay(
        self, amount: int = 5000, by: ForgePerson | None = CLEO, *, card: str = CARD, email: str = ""
    ) -> Contribution:
        """A contribution paid by card, its webhooks and jobs worked on."""
        payment = self.order(amount, by, email)
        self.pay_page(payment, card)
        self.settle()
        return self.contribution(payment.contribution_id)

    def contribution(self, id: int) -> Contribution:
        """A contribution as it stands."""
        return self.world.contribution(id)

    def connect(self, who: ForgePerson = BO, ending: str = "finished", **more: Any) -> str:
        """Somebody goes through the processor's onboarding; the account's id."""
        with transaction() as session:
            payee = payouts.ask_account(session, session.get_one(Person, self.world.persons[who.login].id))
        account = self.gateway.create_account(payee.ref, f"{who.login}@example.org", payee.ref)
        with transaction() as session:
            payouts.record_account(session, account, payee.ref)
        self.stripe.control("complete_onboarding", account=account.id, ending=ending, **more)
        self.settle()
        return account.id

    def merge(self, number: int = 40, author: ForgePerson = BO) -> None:
        """A linked and shown pull request is merged by somebody independent: its claim is released."""
        self.world.linked(number, author)
        self.world.record(merged(pull(number, author=author)))
        self.settle()

    def withdraw(self, contribution: Contribution, by: ForgePerson = CLEO) -> None:
        """The backer takes their money back."""
        with transaction() as session:
            work.withdraw(session, contribution.id, self.world.actor(by))
        self.settle()

    def settle(self) -> None:
        """Webhooks told meanwhile are stored, and every job is worked on, until nothing new comes."""
        for _ in range(MOST_TURNS):
            self.stripe.tick()
            if self._hear() + self._work() == 0:
                return
        raise AssertionError("it does not come to rest")

    def lose(self) -> None:
        """What was told since is never heard."""
        self.told.update(event["id"] for event in self._untold())

    def _untold(self) -> list[dict[str, Any]]:
        with self.stripe.sandbox.store.transaction() as tx:
            return [event for event in tx.all(told_events.KIND) if event["id"] not in self.told]

    def _hear(self) -> int:
        events = self._untold()
        for event in events:
            self.told.add(event["id"])
            self.hear(event)
        return len(events)

    def hear(self, event: dict[str, Any]) -> None:
        """One event arrives (again), as its webhook would bring it."""
        with transaction() as session:
            inbox.receive(
                session, source="stripe", delivery_id=event["id"], event=event["type"], body=kept(json.dumps(event))
            )

    def _work(self) -> int:
        """Every waiting job is due now: how long one waits between tries is no part of a case."""
        with transaction() as session:
            waiting = OutboxJob.finished_at.is_(None) & OutboxJob.every.is_(None)
            session.execute(update(OutboxJob).where(waiting).values(run_at=clock.real_now()))
        return self.world.drain(*WORKED)

    def sweep(self) -> None:
        """What was told is stored, every recurring job runs once, and what it asks for is worked on."""
        self.stripe.tick()
        self._hear()
        for run, job in _recurring():
            try:
                job.call(run)
            except OutsideError as error:  # as the outbox does; anything else is a fault
                outbox.put_off(run, error, job.name)
        self.settle()

    def currency(self, currency: str, own_funds: int = 500_000) -> None:
        """The project is funded in this currency from now on; the operator has put own funds of it in."""
        self.setting(CURRENCIES=["EUR", currency])
        with transaction() as session:
            session.execute(update(Project).values(currency=currency))
            session.execute(update(Task).values(currency=currency))
        self.world.currency = currency
        self.stripe.client.v1.topups.create({"amount": own_funds, "currency": currency.lower()})
        self.sweep()

    def days(self, days: int) -> None:
        """Time passes for both sides; what is due then is done."""
        self.stripe.sandbox.clock.advance(days)
        clock.set_offset(clock.offset() + timedelta(days=days))
        self.sweep()

    def agrees(self) -> None:
        """Our books are the processor's, to the cent and movement by movement, and sound in themselves."""
        for currency in settings.current().CURRENCIES:
            theirs, ours = compare(currency)
            assert theirs == ours, (theirs, ours, differences(currency))
            assert differences(currency) == []
        assert_books_are_right()

    def balances(self, contribution: Contribution) -> dict[str, int]:
        """What the books hold of a contribution, by kind of account."""
        return {kind: amount for kind, amount in self.world.balances(contribution).items() if amount}


def _recurring() -> list[tuple[Run, Job]]:
    """The rows of recurring jobs, each to be run by hand: claiming and finishing them took half of a sweep's time."""
    outbox.ensure_schedule()
    every = OutboxJob.every.is_not(None)
    with transaction() as session:
        session.execute(update(OutboxJob).where(every).values(run_at=clock.real_now() + NOT_NOW))
        rows = session.execute(select(OutboxJob.id, OutboxJob.name).where(every).order_by(OutboxJob.id)).all()
    return [(Run(id, 1), JOBS[name]) for id, name in rows if name.startswith(WORKED)]
