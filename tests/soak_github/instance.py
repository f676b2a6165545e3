"""An instance and the GitHub stand-in in one process: people's buttons, deliveries one by one, jobs in any order."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, cast
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import bountyhub.bot.handlers
import bountyhub.bot.jobs
import bountyhub.funding.jobs
import bountyhub.notifications.jobs
import bountyhub.payouts.jobs
import bountyhub.work.jobs
import bountyhub.work.revert_jobs  # noqa: F401  (the domain asks for these by name)
from bountyhub import ports, settings
from bountyhub.bot import turns
from bountyhub.events import outbox
from bountyhub.events.models import OutboxJob
from bountyhub.events.registry import Run, lease_of
from bountyhub.integrations.github import webhooks
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock, database
from bountyhub.kit.database import reading, transaction
from bountyhub.sandbox.app import create_sandbox
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.github.control.registry import ACTIONS, Given
from bountyhub.sandbox.github.errors import GithubError, MovedIssue
from bountyhub.sandbox.github.world import Urls, World
from tests.builders.outside import PlayGateway
from tests.builders.play_mailer import PlayMailer
from tests.integrations.github.github_sandbox import APP_ID, WEBHOOK_SECRET, GitHub, private_key, settings_for
from tests.integrations.github.hub import known_installation, known_owner
from tests.soak_github.moments import Moment, made_up
from tests.soak_github.wire import HOST, Wire, in_process

Body = dict[str, Any]
APP_URL = "http://127.0.0.1:8"
SETTINGS = {"FRESH_DAYS": 0, "PAYOUT_HOLD_HOURS": 0, "GITHUB_COMMENT_PAUSE": 0, "RATE_LIMITS": False}
#: Jobs whose effects are compared; mail is sent by others.
OURS = ("inbox.github", "forge.", "work.", "funding.", "payouts.", "ledger.seal")
#: What runs again and again, in this order: what time brings, and what no delivery told.
OF_TIME = (
    "work.sweep_ends", "work.sweep_notices", "work.sweep_objections", "work.sweep_windows", "work.sweep_reverts",
    "work.sweep_lives", "funding.sweep_refunds",
)  # fmt: skip
RECONCILING = ("forge.reconcile", "forge.reconcile_all")
#: A job that still fails after so many attempts in good weather never ends.
PATIENCE = 12
#: A history that takes more jobs than these has no end.
MOST_JOBS = 6000


class DoesNotRest(AssertionError):
    """Jobs fail in good weather, or ask for each other without end."""


@dataclass
class Instance:
    """Both sides of one play; `rng` decides the order of its jobs, None: the order in which they were asked for."""

    moment: Moment
    wire: Wire
    sandbox: Sandbox
    client: FlaskClient
    rng: Random | None
    problems: list[str] = field(default_factory=list)
    attempts: dict[int, int] = field(default_factory=dict)
    jobs: int = 0
    #: Jobs that are under way, each leased by whoever runs it.
    running: set[int] = field(default_factory=set)
    #: By the place of the step that wrote a comment.
    comments: dict[str, int] = field(default_factory=dict)

    # ------------------------------------------------------------ GitHub

    @contextmanager
    def world(self) -> Iterator[World]:
        """GitHub as it stands now, in one transaction."""
        with self.sandbox.store.transaction() as tx:
            yield World(tx, self.sandbox.clock.now(), Urls(f"{HOST}/github"), self.sandbox.config)

    def press(self, action: str, given: Body) -> tuple[str, Body]:
        """One of the stand-in's buttons: (what came of it in a word, its answer)."""
        try:
            with self.world() as world:
                return "done", ACTIONS[action](Given(world, given))
        except (GithubError, MovedIssue) as refusal:
            return f"refused: {refusal}", {}

    def announced(self) -> list[Body]:
        """Deliveries written or asked for again since the last look, oldest first; failed until they are taken."""
        with self.sandbox.store.transaction() as tx:
            found = [row for row in tx.all("delivery", ref="waiting") if row["source"] == "github"]
            for row in found:
                tx.put("delivery", row["id"], row | {"state": "failed", "status": None}, ref="failed")
        return found

    def announced_ever(self) -> list[Body]:
        """Every delivery that was written."""
        with self.sandbox.store.transaction() as tx:
            return [row for row in tx.all("delivery") if row["source"] == "github"]

    def post(self, row: Body) -> int:
        """One signed delivery; the answer's status."""
        body = row["body"].encode()
        headers = {
            "X-GitHub-Event": row["event"].partition(".")[0], "X-GitHub-Delivery": row["id"],
            "X-Hub-Signature-256": "sha256=" + hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }  # fmt: skip
        status = self.client.post("/webhooks/github", data=body, headers=headers).status_code
        taken = "delivered" if status == 202 else "failed"
        with self.sandbox.store.transaction() as tx:
            tx.put("delivery", row["id"], row | {"state": taken, "status": status}, ref=taken)
        return status

    # ------------------------------------------------------------ jobs

    def due(self) -> list[OutboxJob]:
        """Jobs that wait, whenever they were to run."""
        query = select(OutboxJob).where(OutboxJob.finished_at.is_(None), OutboxJob.every.is_(None))
        with reading() as session:
            rows = [row for row in session.scalars(query.order_by(OutboxJob.id)) if row.name.startswith(OURS)]
        rows = [row for row in rows if row.id not in self.running]
        if self.rng is not None:
            self.rng.shuffle(rows)
        return rows

    def run(self, row: OutboxJob) -> None:
        """One attempt at a job, claimed as a runner claims it: what is asked for meanwhile is asked for anew."""
        with transaction() as session:
            claimed = session.get_one(OutboxJob, row.id)
            claimed.leased_until, claimed.attempts = clock.real_now() + lease_of(row.name), claimed.attempts + 1
        self.attempts[row.id] = self.attempts.get(row.id, 0) + 1
        self.jobs += 1
        if self.jobs > MOST_JOBS:
            raise DoesNotRest(f"more than {MOST_JOBS} jobs, the last: {row.name}")
        self.running.add(row.id)
        try:
            outbox.run(Run(row.id, self.attempts[row.id], row.args.get("inbox")))
        finally:
            self.running.discard(row.id)

    def work_some(self, most: int) -> None:
        """Run some of the waiting jobs, whatever comes of it."""
        for row in self.due()[:most]:
            self.run(row)

    def work(self) -> None:
        """Run jobs until none waits; raises DoesNotRest."""
        self.attempts.clear()
        for _ in range(60):
            rows = self.due()
            if not rows:
                return
            for row in rows:
                self.run(row)
                if self.attempts[row.id] > PATIENCE:
                    raise DoesNotRest(self._why(row.id))
        raise DoesNotRest(", ".join(sorted({row.name for row in self.due()})))

    def _why(self, id: int) -> str:
        with reading() as session:
            row = session.get_one(OutboxJob, id)
            return f"{row.name} {json.dumps(row.args)} fails: {row.last_error}"

    def sweep(self, names: tuple[str, ...]) -> None:
        """What runs again and again runs once; what follows from it waits."""
        keys = [f"recurring:{name}" for name in names]
        with reading() as session:
            rows = {row.key: row for row in session.scalars(select(OutboxJob).where(OutboxJob.key.in_(keys)))}
        for key in keys:
            self.run(rows[key])

    @contextmanager
    def other_process(self) -> Iterator[None]:
        """What is done meanwhile doesn't wait for the turns that are held here."""
        with patch.object(turns, "_held", {}):
            yield


@contextmanager
def started(template: Path, folder: Path, rng: Random, order: Random | None) -> Iterator[Instance]:
    """A fresh instance on a copy of the database, on a fresh stand-in; `rng` is the weather's."""
    path = folder / "play.sqlite"
    path.write_bytes(template.read_bytes())
    for more in ("-wal", "-shm"):
        path.with_name(path.name + more).unlink(missing_ok=True)
    config = SandboxConfig(
        url=HOST, app_url=APP_URL, database=Path(":memory:"), stripe_key="sk_sandbox_tests",
        stripe_webhook_secret="whsec_tests", github_app_id=APP_ID, github_app_private_key=private_key(),
        github_webhook_secret=WEBHOOK_SECRET, github_client_id="Iv1.tests", github_client_secret="client secret",
    )  # fmt: skip
    with ExitStack() as stack:
        moment = stack.enter_context(made_up())
        github = create_sandbox(config)
        sandbox: Sandbox = github.extensions["sandbox"]
        stack.callback(sandbox.store.close)
        wire = Wire(github, rng)
        stack.enter_context(in_process(wire))
        engine = database.configure(f"sqlite:///{path}")
        stack.callback(engine.dispose)
        yield Instance(moment, wire, sandbox, _application(), order)


def _application() -> FlaskClient:
    here = settings_for(GitHub(HOST, APP_URL, cast(Any, None))).model_copy(update=SETTINGS)
    settings.use(here)
    forge = GitHubForge(here, known_installation, known_owner)
    ports.use(gateway=PlayGateway(), forge=forge, mailer=PlayMailer())
    outbox.ensure_schedule()
    app = Flask("soak")
    app.register_blueprint(webhooks.blueprint)
    return app.test_client()
