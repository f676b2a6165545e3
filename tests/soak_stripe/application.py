"""The application as `bountyhub serve` runs it, with doors for the soak: people's steps run in this process.

So a kill strikes them too. All of Stripe's goes over HTTP to the sandbox; only forge and mail are played here, because
five hundred merges through a forge would take longer than all the rest. Started by processes.py.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from waitress.server import create_server

from bountyhub import ports, settings
from bountyhub.app import create_app
from bountyhub.cli.migrating import migrate_or_refuse
from bountyhub.events import outbox
from bountyhub.events.runner import ThreadRunner
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Payment
from bountyhub.http import logs
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money
from bountyhub.pages.checkout import open_checkout
from bountyhub.payouts.operations import ask_account, record_account
from bountyhub.people import operations as people
from bountyhub.people.models import Identity
from bountyhub.ports.errors import OutsideError
from bountyhub.ports.forge import (
    ForgePerson,
    InstallationInfo,
    IssueInfo,
    Permission,
    PullRequestInfo,
    RepositoryInfo,
)
from bountyhub.projects import operations as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from tests.builders.forge_says import ANA, REPOSITORY, issue, merged, pull
from tests.builders.play_forge import PlayForge
from tests.builders.play_mailer import PlayMailer
from tests.builders.world import INSTALLATION
from tests.soak_stripe import doors
from tests.soak_stripe.cast import BACKERS, BUILDERS, pull_of
from tests.soak_stripe.doors import person_of

Body = dict[str, Any]
PERMISSIONS = {ANA.id: Permission.ADMIN}
blueprint = Blueprint("soak", __name__, url_prefix="/soak")


class SoakForge(PlayForge):
    """Every issue is open, every pull request is as the books of work know it: nothing is kept in this process."""

    def read_installation(self, installation: int) -> InstallationInfo:
        return INSTALLATION

    def installed_repositories(self, installation: int) -> list[RepositoryInfo]:
        return [REPOSITORY]

    def find_repository(self, owner: str, name: str) -> RepositoryInfo:
        return REPOSITORY

    def read_repository(self, repository: int) -> RepositoryInfo:
        return REPOSITORY

    def permission(self, repository: int, person: ForgePerson) -> Permission:
        return PERMISSIONS.get(person.id, Permission.READ)

    def read_issue(self, repository: int, number: int) -> IssueInfo:
        return issue(number)

    def read_pull_request(self, repository: int, number: int) -> PullRequestInfo:
        with reading() as session:
            claim = session.scalars(select(Claim).where(Claim.pull_number == number)).one()
            author = session.get_one(Identity, claim.author_id)
            task = session.get_one(Task, claim.task_id)
        by = next(one for one in BUILDERS if one.id == author.forge_id)
        opened = pull(number, author=by, body=f"Fixes #{task.issue_number}", closes=(task.issue_number,))
        return opened if claim.merged_at is None else merged(opened, at=claim.merged_at)


@blueprint.post("/<name>")
def act(name: str) -> ResponseReturnValue:
    """One step; 409 when it is refused, 503 when the processor did not answer."""
    try:
        return jsonify(DOORS[name](request.get_json()))
    except DomainError as refused:
        return jsonify(refused=refused.code), 409
    except OutsideError as away:
        return jsonify(away=str(away)), 503


def _begin(body: Body) -> Body:
    with transaction() as session:
        for who in (ANA, *BACKERS, *BUILDERS):
            people.sign_in_with_forge(session, who, f"{who.login}@example.org")
        projects.record_installation(session, INSTALLATION, [REPOSITORY])
    return {}


def _task(body: Body) -> Body:
    with transaction() as session:
        repository = session.scalars(select(Repository).where(Repository.forge_id == REPOSITORY.id)).one()
        found = session.scalars(select(Task).where(Task.issue_number == body["number"])).first()
        actor = people.actor_of_person(session, person_of(session, ANA))
        task = found or create_task(session, repository, issue(body["number"]), actor, opened=True)
        session.flush()
        return {"task": task.id}


def _order(body: Body) -> Body:
    """What the page does: the order, then its checkout. The same nonce twice is a double click."""
    who = BACKERS[body["backer"]]
    with transaction() as session:
        wanted = funding.Order(
            task_id=body["task"], amount=Money(body["amount"], "EUR"), anonymous=False, nonce=body["nonce"],
            email=f"{who.login}@example.org", person_id=person_of(session, who).id,
        )  # fmt: skip
        payment = funding.contribute(session, wanted)
    url = open_checkout(payment)
    with reading() as session:
        found = session.get_one(Payment, payment.id)
        return {"checkout": found.checkout_id, "contribution": found.contribution_id, "url": url}


def _connect(body: Body) -> Body:
    who = BUILDERS[body["builder"]]
    with transaction() as session:
        payee = ask_account(session, person_of(session, who))
    if payee.account is None:
        account = ports.gateway().create_account(payee.ref, f"{who.login}@example.org", key=payee.ref)
        with transaction() as session:
            record_account(session, account, reference=payee.ref)
        return {"account": account.id}
    return {"account": payee.account}


def _propose(body: Body) -> Body:
    number = pull_of(body["number"])
    opened = pull(number, author=BUILDERS[body["builder"]], body=closing_words(body), closes=(body["number"],))
    with transaction() as session:
        work.record_pull_request(session, opened, PERMISSIONS)
    with transaction() as session:
        claim = session.scalars(select(Claim).where(Claim.pull_number == number)).one()
        work.record_check_run(session, claim.id, check_run_id=1, head_sha=claim.head_sha, digest="d")
    return {}


def closing_words(body: Body) -> str:
    return f"Fixes #{body['number']}"


def _merge(body: Body) -> Body:
    number = pull_of(body["number"])
    opened = pull(number, author=BUILDERS[body["builder"]], body=closing_words(body), closes=(body["number"],))
    with transaction() as session:
        work.record_pull_request(session, merged(opened), PERMISSIONS)
    return {}


def _withdraw(body: Body) -> Body:
    with transaction() as session:
        actor = people.actor_of_person(session, person_of(session, BACKERS[body["backer"]]))
        work.withdraw(session, body["contribution"], actor)
    return {}


def _sweep(body: Body) -> Body:
    with transaction() as session:
        outbox.run_recurring_now(session)
    outbox.wake()
    return {}


DOORS: dict[str, Callable[[Body], Body]] = {
    "begin": _begin, "task": _task, "order": _order, "connect": _connect, "propose": _propose, "merge": _merge,
    "withdraw": _withdraw, "sweep": _sweep, **doors.DOORS,
}  # fmt: skip


def make(here: settings.Settings, runner: ThreadRunner) -> Flask:
    """The application with its doors."""
    app = create_app(here, runner=runner)
    ports.use(gateway=ports.gateway(), forge=SoakForge(), mailer=PlayMailer())
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)
    return app


def main() -> None:
    """Serve until killed."""
    here = settings.load()
    logs.configure(here)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    listener = socket.create_server((here.HOST, here.PORT))
    migrate_or_refuse(here)
    runner = ThreadRunner()
    server: Any = create_server(make(here, runner), sockets=[listener], threads=8, ident=None)
    runner.start()
    server.run()


if __name__ == "__main__":
    main()
