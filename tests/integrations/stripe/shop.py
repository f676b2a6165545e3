"""A task with money on the way, written straight into the tables, and the jobs that handlers leave behind.

Used by the tests of handlers and sweeps, which look at funding and payouts only through their operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.events.registry import JOBS, Job, Run
from bountyhub.funding.models import Contribution, ContributionState, Payment, PaymentState, Refund, RefundReason
from bountyhub.funding.operations import ask_refund, order_of, record_checkout
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import Payee, PayeeState
from bountyhub.people.models import Identity, Person
from bountyhub.people.operations import CLOCK
from bountyhub.projects.models import Installation, Project, Repository
from bountyhub.settings import Settings, load
from bountyhub.tasks.models import Task, TaskState
from tests.sandbox.stripe.world import KEY, SECRET

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)

#: What operations ask for elsewhere; here nobody answers.
ELSEWHERE = {
    "funding.send_refund": "money", "funding.close_checkouts": "money",
    "payouts.send_transfer": "money", "forge.sync_comment": "forge",
    "forge.sync_check": "forge", "notify.contribution_held": "mail", "notify.contribution_suspended": "mail",
    "notify.refund_asked": "mail", "notify.refund_failed": "mail", "notify.refund_unclaimed": "mail",
    "work.refresh_claims": "forge",
    "work.payee_changed": "forge", "work.share_claimed": "forge", "work.share_paid": "forge",
}  # fmt: skip


def know_jobs(patch: pytest.MonkeyPatch) -> None:
    """Let operations ask for jobs of features that aren't loaded."""
    for name, queue in ELSEWHERE.items():
        if name not in JOBS:
            patch.setitem(JOBS, name, Job(name, queue, lambda run, **args: None))


def settings(url: str) -> Settings:
    """An instance whose processor is the stand-in at `url`."""
    values: dict[str, Any] = {
        "DATABASE_URL": "sqlite://", "SECRET_KEY": "x" * 32, "PUBLIC_URL": "http://app.test",
        "STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET, "STRIPE_API_BASE": url,
        "GITHUB_APP_ID": "1", "GITHUB_APP_PRIVATE_KEY": "x", "GITHUB_WEBHOOK_SECRET": "x",
        "GITHUB_CLIENT_ID": "x", "GITHUB_CLIENT_SECRET": "x", "GITHUB_API_URL": f"{url}/github",
        "GITHUB_WEB_URL": f"{url}/github", "SMTP_URL": f"mailbox+{url}/mailbox",
    }  # fmt: skip
    return load(**values)


@dataclass(frozen=True)
class Shop:
    """One open task of a project whose App is installed; amounts in cents."""

    gateway: StripeGateway
    task_id: int

    def payment(self, ref: str = "pay1", *, amount: int = 5000, fee: int = 275) -> str:
        """Cleo's contribution whose checkout isn't opened yet; gives the payment's reference."""
        with transaction() as session:
            contribution = Contribution(
                ref=f"c-{ref}", task_id=self.task_id, email="cleo@example.org", anonymous=False, amount=amount,
                fee=fee, currency="EUR", state=ContributionState.PENDING, nonce=ref, terms_version="1",
                created_at=NOW,
            )  # fmt: skip
            session.add(contribution)
            session.flush()
            expires = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
            session.add(
                Payment(
                    ref=ref,
                    contribution_id=contribution.id,
                    state=PaymentState.PLANNED,
                    created_at=NOW,
                    expires_at=expires,
                )
            )
        return ref

    def open_checkout(self, ref: str = "pay1", *, remember: bool = True) -> str:
        """Open the hosted page of a payment; `remember=False` is a crash before its answer was written down."""
        with reading() as session:
            payment = session.scalars(select(Payment).where(Payment.ref == ref)).one()
            order = order_of(session, payment)
        checkout = self.gateway.create_checkout(order, ref)
        if remember:
            with transaction() as session:
                record_checkout(session, ref, checkout)
        return checkout.id

    def ask_refund(self) -> Refund:
        """Everything held of Cleo's first contribution is asked back."""
        with transaction() as session:
            contribution = session.scalars(select(Contribution)).one()
            refund = ask_refund(session, contribution, RefundReason.WITHDRAWN, CLOCK)
            assert refund is not None
            return refund

    def bo(self, account: str | None) -> None:
        """Bo, who asked to be paid through an account."""
        with transaction() as session:
            person = Person(name="Bo", email="bo@example.org", created_at=NOW)
            session.add(person)
            session.flush()
            session.add(Identity(
                forge="github", forge_id=12, login="bo", is_bot=False, person_id=person.id, created_at=NOW
            ))  # fmt: skip
            session.add(Payee(
                ref="bo1", person_id=person.id, account=account, state=PayeeState.ASKED, requirements=[],
                created_at=NOW,
            ))  # fmt: skip


def open_shop(gateway: StripeGateway) -> Shop:
    """A fresh shop in the configured database."""
    with transaction() as session:
        installation = Installation(forge_id=5, account="acme", account_forge_id=6, created_at=NOW)
        project = Project(name="acme", currency="EUR", created_at=NOW)
        session.add_all([installation, project])
        session.flush()
        repository = Repository(
            project_id=project.id, forge="github", forge_id=7, owner="acme", name="rocket",
            url="http://forge.test/acme/rocket", default_branch="main", private=False, archived=False,
            installation_id=installation.id, created_at=NOW,
        )  # fmt: skip
        session.add(repository)
        session.flush()
        task = Task(
            project_id=project.id, repository_id=repository.id, issue_forge_id=8, issue_number=42, issue_open=True,
            title="Make it fly", labels=[], currency="EUR", state=TaskState.OPEN, created_at=NOW,
        )  # fmt: skip
        session.add(task)
        session.flush()
        return Shop(gateway, task.id)


def stored(event_id: str) -> InboxEvent:
    """A stored event by its id."""
    with reading() as session:
        return session.scalars(select(InboxEvent).where(InboxEvent.delivery_id == event_id)).one()


def run_of(event_id: str, attempt: int = 1) -> tuple[Run, InboxEvent]:
    """A stored event and an attempt at its job."""
    event = stored(event_id)
    with reading() as session:
        jobs = session.scalars(select(OutboxJob).where(OutboxJob.name == "inbox.stripe")).all()
        row = next(job for job in jobs if job.args["inbox"] == event.id)
    return Run(row.id, attempt, event.id), event
