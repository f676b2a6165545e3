"""Fills the instance before the measuring: a thousand tasks, some of them funded, each with a shown pull request.

Issues are written into the stand-in before it starts, tasks by the application's own operations; money and pull
requests take the way they always take, through checkouts and webhooks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select, update

from bountyhub import ports
from bountyhub.events.models import OutboxJob
from bountyhub.funding.models import Contribution, ContributionState
from bountyhub.funding.operations import Order, contribute, order_of, record_checkout
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.money import Money
from bountyhub.payouts.operations import ask_account, record_account
from bountyhub.people.operations import Actor, actor_of_person, sign_in_with_forge
from bountyhub.ports.forge import ForgePerson, IssueInfo
from bountyhub.projects.queries import repository_by_forge_id
from bountyhub.sandbox.app import create_sandbox
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.github.actions.issues import new_issue
from bountyhub.sandbox.github.world import Urls, World
from bountyhub.settings import Settings
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.work.models import Claim
from tests.bench.instance import post, stand_ins, wait_until

REPOSITORY = "ana/inkwell"
SOON = timedelta(seconds=30)


@dataclass(frozen=True)
class Written:
    """What the stand-in holds: issues as (number, id), people's ids by login."""

    issues: list[tuple[int, int]]
    people: dict[str, int]

    def person(self, login: str) -> ForgePerson:
        """Somebody as the forge names them."""
        return ForgePerson(self.people[login], login)


def write_issues(here: Settings, count: int) -> Written:
    """So many new issues in the stand-in, which must not be running yet."""
    sandbox: Sandbox = create_sandbox(stand_ins(here)).extensions["sandbox"]
    issues = []
    with sandbox.store.transaction() as tx:
        world = World(tx, sandbox.clock.now(), Urls(""))
        people = {login: world.named(login) for login in ("ana", "bo")}
        for number in range(count):
            repo = world.repo_by_name(REPOSITORY)
            assert repo is not None
            issue = new_issue(world, repo, people["ana"], f"Wish {number}", "Please.", ("bug",))[1]
            issues.append((issue["number"], issue["id"]))
    sandbox.store.close()
    return Written(issues, {login: person["id"] for login, person in people.items()})


def open_tasks(here: Settings, written: Written, busy: int) -> list[int]:
    """The tasks of these issues, opened by Ana; only the first `busy` get their status comments."""
    installed = post(here, "github/control/install", account="ana", **{"as": "ana"})
    covered = ports.forge().installed_repositories(installed["id"])
    repository = next(one.id for one in covered if f"{one.owner}/{one.name}" == REPOSITORY)
    wait_until(lambda: _is_known(repository), "the installation")
    with transaction() as session:
        ana = actor_of_person(session, sign_in_with_forge(session, written.person("ana"), "ana@example.org"))
    infos = [_issue(here, repository, number, id, written.person("ana")) for number, id in written.issues]
    return _make(repository, infos[:busy], ana) + _make(repository, infos[busy:], ana, quietly=True)


def _make(repository: int, issues: list[IssueInfo], ana: Actor, *, quietly: bool = False) -> list[int]:
    with transaction() as session:
        row = repository_by_forge_id(session, repository)
        assert row is not None
        made = [create_task(session, row, issue, ana, opened=True).id for issue in issues]
        if quietly:
            new = OutboxJob.finished_at.is_(None) & OutboxJob.every.is_(None) & OutboxJob.leased_until.is_(None)
            session.flush()
            session.execute(update(OutboxJob).where(new).values(finished_at=clock.real_now()))
    return made


def _is_known(repository: int) -> bool:
    with reading() as session:
        row = repository_by_forge_id(session, repository)
        return row is not None and row.installation_id is not None


def _issue(here: Settings, repository: int, number: int, id: int, author: ForgePerson) -> IssueInfo:
    return IssueInfo(
        id=id, repository=repository, number=number, title=f"Wish {number}", body="Please.", labels=("bug",),
        is_open=True, author=author, url=f"{here.GITHUB_WEB_URL}/{REPOSITORY}/issues/{number}",
    )  # fmt: skip


def connect(here: Settings, written: Written) -> None:
    """Bo can be paid."""
    with transaction() as session:
        ref = ask_account(session, sign_in_with_forge(session, written.person("bo"), "bo@example.org")).ref
    account = ports.gateway().create_account(ref, "bo@example.org", key=ref)
    with transaction() as session:
        record_account(session, account, reference=ref)
    post(here, "stripe/control/complete_onboarding", account=account.id, country="DE")


def fund(here: Settings, tasks: list[int]) -> None:
    """Ten euros on each of these tasks, paid by card; waits until they are held."""
    for task in tasks:
        with transaction() as session:
            order = Order(task, Money(1000, "EUR"), f"backer{task}@example.org", None, False, f"bench-{task}")
            payment = contribute(session, order)
        with reading() as session:
            asked = order_of(session, payment)
        checkout = ports.gateway().create_checkout(asked, key=payment.ref)
        with transaction() as session:
            record_checkout(session, payment.ref, checkout)
        post(here, "stripe/control/pay", session=checkout.id)
    held = select(func.count()).select_from(Contribution).where(Contribution.state == ContributionState.HELD)
    wait_until(lambda: count(held) == len(tasks), "all money")


def propose(here: Settings, numbers: list[int]) -> list[int]:
    """A pull request of Bo's for each issue; waits until each claim is shown. Gives the pull requests' numbers."""
    pulls = []
    for number in numbers:
        done = post(here, "github/control/open_pull_request", repo=REPOSITORY, title=f"Grant wish {number}",
                    body=f"Fixes #{number}", **{"as": "bo"})  # fmt: skip
        pulls.append(done["number"])
    shown = select(func.count()).select_from(Claim).where(Claim.shown_at.is_not(None))
    wait_until(lambda: count(shown) == len(numbers), "all check runs")
    return pulls


def wait_for_quiet() -> None:
    """Until nothing is left to do soon."""
    open_jobs = select(func.count()).select_from(OutboxJob).where(OutboxJob.finished_at.is_(None))
    once = open_jobs.where(OutboxJob.every.is_(None))
    wait_until(lambda: count(once.where(OutboxJob.run_at < clock.real_now() + SOON)) == 0, "quiet")


def count(query: Select[Any]) -> int:
    """A number from the instance's database."""
    with reading() as session:
        return int(session.execute(query).scalar_one())


def tasks_there() -> int:
    """How many tasks exist."""
    return count(select(func.count()).select_from(Task))
