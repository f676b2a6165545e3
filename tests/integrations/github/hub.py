"""An instance on the GitHub stand-in: its webhook route, its database, its jobs run one after the other by hand.

Deliveries are taken from the stand-in and posted by the test, so that their order and number are the test's choice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import bountyhub.bot.jobs
import bountyhub.funding.jobs
import bountyhub.integrations.github.handlers
import bountyhub.integrations.stripe.jobs
import bountyhub.notifications.jobs
import bountyhub.payouts.jobs
import bountyhub.tasks.imports.jobs
import bountyhub.work.jobs  # noqa: F401  (the domain asks for these by name)
from bountyhub import ports, settings
from bountyhub.bot.pauses import SharedPauses
from bountyhub.events import outbox
from bountyhub.events.models import InboxEvent, OutboxJob
from bountyhub.events.registry import Run
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Payment
from bountyhub.integrations.github import webhooks
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.integrations.mail.mailbox import MailboxMailer
from bountyhub.integrations.stripe.gateway import StripeGateway
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.people import operations as people
from bountyhub.ports.forge import ForgePerson
from bountyhub.ports.payments import Capture, Checkout, CheckoutStatus
from bountyhub.ports.reconciliation import Movement
from bountyhub.projects.models import Repository
from bountyhub.projects.queries import installation_of, owner_of
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from bountyhub.work.queries import TaskStatus, claim_status, task_status
from tests.integrations.github.github_sandbox import GitHub, settings_for, signature

OURS = ("inbox.github", "forge.", "work.")


def known_installation(repository: int) -> int | None:
    with reading() as session:
        return installation_of(session, repository)


def known_owner(repository: int) -> str:
    with reading() as session:
        return owner_of(session, repository)


@dataclass
class Hub:
    """Handles for tests; `Hub.begin(github)` on a configured database."""

    github: GitHub
    forge: GitHubForge
    client: FlaskClient
    posted: set[str] = field(default_factory=set)

    @classmethod
    def begin(cls, github: GitHub) -> Hub:
        """Nothing is installed yet; the books hold a float."""
        changes = {"FRESH_DAYS": 0, "PAYOUT_HOLD_HOURS": 0, "GITHUB_COMMENT_PAUSE": 0, "RATE_LIMITS": False}
        ours = settings_for(github).model_copy(update=changes)
        settings.use(ours)
        forge = GitHubForge(ours, known_installation, known_owner, SharedPauses())
        gateway = StripeGateway(key="sk_sandbox_tests", api_base=ours.STRIPE_API_BASE, webhook_secret="whsec_tests")
        ports.use(gateway=gateway, forge=forge, mailer=MailboxMailer(f"{github.url}/mailbox/messages"))
        app = Flask("hub")
        app.register_blueprint(webhooks.blueprint)
        top_up = Movement(ids.new_ref(), "topup", Money(50_000, "EUR"), Money(0, "EUR"), "tu_1", clock.now())
        with transaction() as session:
            funding.record_top_up(session, top_up)
        return cls(github, forge, app.test_client())

    # ------------------------------------------------------------ webhooks and jobs

    def post(self, event: str, payload: Any, delivery: str | None = None) -> int:
        """One signed delivery; the answer's status."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers = {"X-GitHub-Event": event, "X-GitHub-Delivery": delivery or ids.new_ref()}
        headers |= {"X-Hub-Signature-256": signature(body), "Content-Type": "application/json"}
        return self.client.post("/webhooks/github", data=body, headers=headers).status_code

    def deliveries(self) -> list[dict[str, Any]]:
        """What the stand-in announced and no test posted yet, oldest first."""
        with self.github.running.sandbox.store.transaction() as tx:
            found = [row for row in tx.all("delivery") if row["source"] == "github" and row["id"] not in self.posted]
        return sorted(found, key=lambda row: row["due"])

    def deliver(self, times: int = 1) -> None:
        """Post everything announced so far, each so many times, then do what follows from it."""
        for row in self.deliveries():
            self.posted.add(row["id"])
            for _ in range(times):
                assert self.post(row["event"].partition(".")[0], row["body"].encode(), row["id"]) == 202
        self.work()

    def lose_deliveries(self) -> None:
        """GitHub announced in vain."""
        self.posted |= {row["id"] for row in self.deliveries()}

    def work(self, *names: str) -> None:
        """Run this integration's waiting jobs (or those named) until none is left; a failing one fails the test."""
        for _ in range(50):
            due = self._due(names or OURS)
            if not due:
                return
            for row in due:
                self.run(row)
        raise AssertionError([row.name for row in self._due(names or OURS)])

    def run(self, row: OutboxJob) -> None:
        """One attempt at a job, which must succeed."""
        outbox.run(Run(row.id, row.attempts + 1, row.args.get("inbox")))
        with reading() as session:
            error = session.get_one(OutboxJob, row.id).last_error
        assert error is None, (row.name, row.args, error)

    def ask(self, name: str, **args: Any) -> None:
        """Ask for a job and do what follows from it."""
        with transaction() as session:
            outbox.add(session, name, **args)
        self.work()

    def _due(self, names: tuple[str, ...]) -> list[OutboxJob]:
        query = select(OutboxJob).where(OutboxJob.finished_at.is_(None), OutboxJob.every.is_(None))
        with reading() as session:
            return [row for row in session.scalars(query.order_by(OutboxJob.id)) if row.name.startswith(names)]

    def sweep(self, name: str) -> None:
        """Run a recurring job and what it asks for."""
        outbox.ensure_schedule()
        with reading() as session:
            row = session.scalars(select(OutboxJob).where(OutboxJob.name == name, OutboxJob.every.is_not(None))).one()
        self.run(row)
        self.work()

    def inbox(self) -> list[InboxEvent]:
        with reading() as session:
            return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))

    # ------------------------------------------------------------ the world

    def install(self, account: str = "ana", *repositories: str) -> None:
        """The App is installed and its webhook handled."""
        self.github.do("install", account=account, repos=list(repositories) or ["ana/inkwell"])
        self.deliver()

    def repository(self, full_name: str = "ana/inkwell") -> Repository:
        owner, _, name = full_name.partition("/")
        with reading() as session:
            return session.scalars(select(Repository).where(Repository.owner == owner, Repository.name == name)).one()

    def open_task(
        self, number: int = 1, full_name: str = "ana/inkwell", by: ForgePerson | None = None, *, opened: bool = True
    ) -> int:
        """Ana (or another maintainer) makes an issue a task."""
        row = self.repository(full_name)
        issue = self.forge.read_issue(row.forge_id, number)
        with transaction() as session:
            person = people.sign_in_with_forge(session, by or self.person("ana"), None)
            actor = people.actor_of_person(session, person)
            task = create_task(session, session.get_one(Repository, row.id), issue, actor, opened=opened).id
        self.work()
        return task

    def person(self, login: str) -> ForgePerson:
        return ForgePerson(self.github.person(login), login)

    def fund(self, task: int, amount: int = 5000) -> None:
        """Cleo pays; the processor's word is handed in."""
        with transaction() as session:
            cleo = people.sign_in_with_forge(session, self.person("cleo"), "cleo@example.test")
            order = funding.Order(
                task_id=task, amount=Money(amount, "EUR"), email="cleo@example.test", anonymous=False,
                nonce=ids.new_ref(), person_id=cleo.id,
            )  # fmt: skip
            payment = funding.contribute(session, order)
        with transaction() as session:
            reference = payment.ref
            funding.record_checkout(session, reference, _paid(session, reference))

    def label_funded(self, *, on: bool = True) -> None:
        """The maintainers switch the label on or off."""
        with transaction() as session:
            work.switch_label(session, self.repository().project_id, people.OPERATOR, on=on)
        self.work()

    def task(self, id: int) -> Task:
        with reading() as session:
            return session.get_one(Task, id)

    def said(self, number: int, full_name: str = "ana/inkwell") -> list[str]:
        """The texts of all comments on an issue or pull request."""
        url = f"{self.github.url}/github/api/v3/repos/{full_name}/issues/{number}/comments"
        return [item["body"] for item in requests.get(url, timeout=10).json()]

    def reactions(self, comment: int, full_name: str = "ana/inkwell") -> list[str]:
        url = f"{self.github.url}/github/api/v3/repos/{full_name}/issues/comments/{comment}/reactions"
        return [item["content"] for item in requests.get(url, timeout=10).json()]

    def checks(self, sha: str, full_name: str = "ana/inkwell") -> list[dict[str, Any]]:
        """The check runs on a head."""
        url = f"{self.github.url}/github/api/v3/repos/{full_name}/commits/{sha}/check-runs"
        found: list[dict[str, Any]] = requests.get(url, timeout=10).json()["check_runs"]
        return found

    def comment(self, number: int, body: str, by: str) -> int:
        """Somebody comments and it is delivered three times; the comment's id."""
        made = self.github.do("comment", repo="ana/inkwell", number=number, body=body, **{"as": by})
        self.deliver(times=3)
        return int(made["id"])

    def do(self, action: str, **given: Any) -> dict[str, Any]:
        """Press a button about Ana's editor and deliver what is announced, three times."""
        made = self.github.do(action, **{"repo": "ana/inkwell"} | given)
        self.deliver(times=3)
        return made

    def title(self, claim: int) -> str:
        """What the domain wants the merge box to say."""
        with reading() as session:
            return claim_status(session, claim).title

    def status(self, id: int) -> TaskStatus:
        with reading() as session:
            return task_status(session, id)

    def claims(self, task: int | None = None) -> list[Claim]:
        query = select(Claim).order_by(Claim.id)
        with reading() as session:
            return list(session.scalars(query if task is None else query.where(Claim.task_id == task)))

    def pull(self, body: str = "Fixes #1", repo: str = "ana/inkwell", **given: Any) -> int:
        """Bo opens a pull request; its number. Nothing is delivered yet."""
        given = {"as": "bo", "title": "Mend it", "body": body} | given
        return int(self.github.do("open_pull_request", repo=repo, **given)["number"])


def _paid(session: Session, reference: str) -> Checkout:
    payment = session.scalars(select(Payment).where(Payment.ref == reference)).one()
    total = session.get_one(Contribution, payment.contribution_id).total
    capture = Capture(
        payment_intent=f"pi_{reference}", charge=f"ch_{reference}", received=total, cost=replace(total, amount=100),
        balance_transaction=f"txn_{reference}", at=clock.now(), available_on=clock.now(),
    )  # fmt: skip
    return Checkout(f"cs_{reference}", reference, CheckoutStatus.PAID, None, capture)
