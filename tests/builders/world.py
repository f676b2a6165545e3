"""A small world for tests of operations: Ana's installed repository, one task, people, and the forge's words.

Everything goes through the real operations and the real ledger; what the processor or the forge would say is handed
in as values. Moments are business time, moved by `later`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect, select

import bountyhub.bot.jobs
import bountyhub.funding.jobs
import bountyhub.notifications.jobs
import bountyhub.payouts.jobs
import bountyhub.tasks.imports.jobs
import bountyhub.work.dispute_jobs
import bountyhub.work.jobs  # noqa: F401  (all of them register their jobs)
from bountyhub import settings
from bountyhub.events import outbox
from bountyhub.events.models import AuditEvent, OutboxJob
from bountyhub.events.registry import JOBS, Run
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Payment, Refund
from bountyhub.kit import clock, ids
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.ledger import queries as ledger
from bountyhub.ledger.verify import verify
from bountyhub.payouts import operations as payouts
from bountyhub.payouts.models import Share, Transfer
from bountyhub.people import operations as people
from bountyhub.people.models import Person
from bountyhub.people.operations import Actor
from bountyhub.ports.forge import ForgePerson, InstallationInfo, IssueInfo, Permission, PullRequestInfo
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.facts import next_steps
from bountyhub.work.models import Claim
from bountyhub.work.next_step import NextStep
from tests.builders import begun
from tests.builders.forge_says import (
    ANA,
    BO,
    BOT,
    CLEO,
    DARA,
    EVE,
    REPOSITORY,
    approval,
    closed,
    closing,
    comment,
    commit_by,
    issue,
    merged,
    pull,
)  # fmt: skip
from tests.builders.processor_says import account, movement, paid, refunded, transferred, unpaid
from tests.builders.settings import play_settings

__all__ = [
    "ANA", "BO", "BOT", "CLEO", "DARA", "EVE", "INSTALLATION", "REPOSITORY", "World", "account", "approval",
    "assert_books_are_right", "closed", "closing", "comment", "commit_by", "issue", "later", "merged", "movement",
    "owed_shares", "paid", "pull", "refunded", "transferred", "unpaid",
]  # fmt: skip


@dataclass
class World:
    """The handles tests use; make one with `World.begin()` on a configured database."""

    repository_id: int = 0
    task_id: int = 0
    currency: str = "EUR"
    persons: dict[str, Person] = field(default_factory=dict)
    permissions: dict[int, Permission] = field(
        default_factory=lambda: {ANA.id: Permission.ADMIN, EVE.id: Permission.MAINTAIN}
    )

    @classmethod
    def begin(cls, own_funds: int = 50_000, **changed_settings: Any) -> World:
        """Settings, a float of 500.00 (in cents), people, the repository and the open task of issue 12."""
        settings.use(play_settings(**changed_settings))
        clock.set_offset(timedelta(0))
        made = begun.once((cls, own_funds), lambda: cls._begun(own_funds))
        return replace(made, persons=dict(made.persons), permissions=dict(made.permissions))

    @classmethod
    def _begun(cls, own_funds: int) -> World:
        world = cls()
        with transaction() as session:
            if own_funds:
                funding.record_top_up(session, movement(own_funds))
            for who in (ANA, BO, CLEO, DARA, EVE):
                world.persons[who.login] = people.sign_in_with_forge(session, who, f"{who.login}@example.org")
            projects.record_installation(session, INSTALLATION, [REPOSITORY])
        world.task_id = world.task(12)
        return world

    def task(self, number: int, *, opened: bool = True, of: IssueInfo | None = None) -> int:
        """The task of an issue, opened by Ana."""
        with transaction() as session:
            repository = session.scalars(select(Repository).where(Repository.forge_id == REPOSITORY.id)).one()
            self.repository_id = repository.id
            return create_task(session, repository, of or issue(number), self.actor(ANA), opened=opened).id

    def actor(self, who: ForgePerson) -> Actor:
        """The signed-in person with their forge identity."""
        with reading() as session:
            return people.actor_of_person(session, self.persons[who.login])

    def permission(self, who: ForgePerson) -> Permission:
        """What the forge says of them."""
        return self.permissions.get(who.id, Permission.READ)

    def order(self, amount: int = 5000, by: ForgePerson | None = CLEO, email: str = "", nonce: str = "") -> str:
        """A contribution asked for; its payment's ref."""
        with transaction() as session:
            wanted = funding.Order(
                task_id=self.task_id, amount=Money(amount, self.currency), anonymous=False,
                nonce=nonce or ids.new_ref(), email=email or f"{by.login if by else 'guest'}@example.org",
                person_id=self.persons[by.login].id if by else None,
            )  # fmt: skip
            return funding.contribute(session, wanted).ref

    def pay(self, amount: int = 5000, by: ForgePerson | None = CLEO, email: str = "") -> Contribution:
        """A contribution asked for and captured."""
        return self.capture(self.order(amount, by, email))

    def capture(self, payment_ref: str, received: Money | None = None) -> Contribution:
        """The processor says that a checkout was paid."""
        with reading() as session:
            payment = session.scalars(select(Payment).where(Payment.ref == payment_ref)).one()
            total = session.get_one(Contribution, payment.contribution_id).total
        with transaction() as session:
            return funding.record_checkout(session, payment_ref, paid(payment_ref, received or total))

    def show(self, claim: Claim) -> None:
        """The forge confirms the check run."""
        with transaction() as session:
            work.record_check_run(session, claim.id, check_run_id=1, head_sha=claim.head_sha, digest="d")

    def record(self, *pulls: PullRequestInfo) -> None:
        """The forge says what these pull requests are now."""
        with transaction() as session:
            for one in pulls:
                work.record_pull_request(session, one, self.permissions)

    def record_issue(self, said: IssueInfo) -> None:
        """The forge says what an issue is now."""
        with transaction() as session:
            work.record_issue(session, said)

    def linked(self, number: int = 40, author: ForgePerson = BO, **changes: Any) -> PullRequestInfo:
        """An open pull request, linked and shown."""
        opened = pull(number, author=author, **changes)
        self.record(opened)
        self.show(self.claim(number))
        return opened

    def claim(self, number: int = 40, task_id: int | None = None) -> Claim:
        """The claim of a pull request on the main task."""
        with reading() as session:
            query = select(Claim).where(Claim.pull_number == number, Claim.task_id == (task_id or self.task_id))
            return session.scalars(query).one()

    def read_task(self, id: int | None = None) -> Task:
        """The main task as it stands."""
        with reading() as session:
            return session.get_one(Task, id or self.task_id)

    def step(self) -> NextStep:
        """The main task's next step."""
        with reading() as session:
            return next_steps(session, [self.task_id])[self.task_id]

    def contribution(self, id: int) -> Contribution:
        """A contribution as it stands."""
        with reading() as session:
            return session.get_one(Contribution, id)

    def balances(self, contribution: Contribution) -> dict[str, int]:
        """What the ledger holds of a contribution, by kind of account."""
        with reading() as session:
            return ledger.balances_by_contribution(session, [contribution.ref])[contribution.ref]

    def rows(self, model: type[Any], order: Any = None) -> list[Any]:
        """All rows of a table, by its key."""
        with reading() as session:
            keys = inspect(model).primary_key if order is None else [order]
            return list(session.scalars(select(model).order_by(*keys)))

    def connect(self, who: ForgePerson, *, can_receive: bool = True) -> None:
        """Somebody connected a payout account (that can receive)."""
        with transaction() as session:
            payee = payouts.ask_account(session, session.get_one(Person, self.persons[who.login].id))
            said = account(f"acct_{who.login}", can_receive=can_receive, submitted=True)
            payouts.record_account(session, said, reference=payee.ref)

    def send_transfers(self) -> int:
        """Every transfer that may leave is asked for and confirmed; how many."""
        sent = 0
        for transfer in self.rows(Transfer):
            with transaction() as session:
                asking = payouts.begin_transfer(session, transfer.id)
            if asking is not None and transfer.state != "confirmed":
                with transaction() as session:
                    payouts.record_transfer(session, transferred(asking.order.reference, transfer))
                sent += 1
        return sent

    def send_refunds(self) -> int:
        """Every refund asked is debited and done; the sum sent back, minor units."""
        total = 0
        for refund in self.rows(Refund):
            if refund.state == "asked":
                with transaction() as session:
                    funding.record_refund(session, refunded(refund))
                total += refund.total
        return total

    def rows_of_jobs(self, name: str) -> list[Any]:
        """Waiting jobs of a name."""
        return [row for row in self.rows(OutboxJob) if row.name == name and row.finished_at is None]

    def jobs(self, name: str) -> list[dict[str, Any]]:
        """Arguments of the waiting jobs of a name."""
        return [row.args for row in self.rows(OutboxJob) if row.name == name and row.finished_at is None]

    def drain(self, *prefixes: str) -> int:
        """Run what is due in the outbox (only jobs of these name prefixes) until nothing is; how many ran."""
        ran = 0
        while due := [row for row in self.rows(OutboxJob) if _is_due(row) and row.name.startswith(prefixes or "")]:
            for row in due:
                outbox.run(_claimed(row.id))
                ran += 1
        return ran

    def sweep(self, name: str) -> None:
        """Run a recurring job once."""
        JOBS[name].call(Run(0, 1))

    def actions(self, kind: str) -> list[str]:
        """What the audit trail says was done to objects of a kind, oldest first."""
        return [row.action for row in self.rows(AuditEvent) if row.object_kind == kind]


def _is_due(row: OutboxJob) -> bool:
    free = row.leased_until is None or row.leased_until < clock.real_now()
    return row.finished_at is None and free and row.run_at <= clock.real_now()


def _claimed(id: int) -> Run:
    """What `outbox.claim` does to one row."""
    with transaction() as session:
        row = session.get_one(OutboxJob, id)
        row.leased_until, row.attempts = clock.real_now() + timedelta(minutes=1), row.attempts + 1
        return Run(row.id, row.attempts, row.args.get("inbox"))


INSTALLATION = InstallationInfo(77, ANA.id, "ana", suspended=False)


def later(days: float) -> None:
    """Move business time."""
    clock.set_offset(clock.offset() + timedelta(days=days))


def owed_shares(world: World) -> list[tuple[int, str]]:
    """(amount, state) of every share."""
    return [(share.amount, str(share.state)) for share in world.rows(Share)]


def assert_books_are_right() -> None:
    """The ledger's own checks find nothing."""
    with reading() as session:
        assert verify(session).problems == []
