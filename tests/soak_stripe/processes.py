"""The sandbox and the application as two processes; the application is killed and comes back, the sandbox lives on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import requests
from sqlalchemy import select

from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from tests.crash.nursery import Child, Nursery
from tests.servers.process import free_port

KEY, SECRET = "sk_sandbox_soak", "whsec_soak"
PATIENCE = 60.0
#: Where a started application is killed if it comes to pass there; else the clock kills it.
CALLS = (
    "create_checkout", "read_checkout", "create_refund", "read_refund", "create_transfer", "read_transfer",
    "create_account", "read_account", "movements", "balance", "open_card_page", "read_card_page", "charge_card",
    "read_charge", "forget_card", "authenticate", "read_dispute", "submit_evidence", "read_fraud_warning",
)  # fmt: skip
#: They look once more before they alarm, or at an issue that didn't change; the checks compare the books themselves.
LOOKS = ("stripe.confirm_difference", "ledger.second_look", "forge.read_issue")
#: Jobs of work that ask the processor.
CALLING = ("work.charge_promise", "work.submit_evidence")
Body = dict[str, Any]


class DidNotEnd(AssertionError):
    """It does not come to rest."""


class Processes:
    """Both, on ports of this machine, in one folder."""

    def __init__(self, nursery: Nursery, folder: Path, rng: Random) -> None:
        self._nursery, self.folder, self._rng = nursery, folder, rng
        self.port, sandbox_port = free_port(), free_port()
        self.url, self.sandbox = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{sandbox_port}"
        self.database, self.stand_ins = folder / "bountyhub.db", folder / "sandbox.db"
        self.settings = {
            "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{self.database}", "REDIS_URL": "",
            "SECRET_KEY": "s" * 40, "PUBLIC_URL": self.url, "PORT": str(self.port), "SANDBOX_URL": self.sandbox,
            "FRESH_DAYS": "0", "PAYOUT_HOLD_HOURS": "0", "GITHUB_COMMENT_PAUSE": "0",
            "STRIPE_SECRET_KEY": KEY, "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": f"{self.sandbox}/stripe", "GITHUB_API_URL": f"{self.sandbox}/github/api/v3",
            "GITHUB_WEB_URL": f"{self.sandbox}/github", "GITHUB_APP_ID": "1", "GITHUB_APP_PRIVATE_KEY": "key",
            "GITHUB_WEBHOOK_SECRET": "hook", "GITHUB_CLIENT_ID": "client", "GITHUB_CLIENT_SECRET": "secret",
            "SMTP_URL": f"mailbox+{self.sandbox}/mailbox/messages", "RATE_LIMITS": "false", "LOG_LEVEL": "ERROR",
            # Cards are declined all the time here: that is no wave.
            "DECLINES_OF_TASK": "1000000", "DECLINES_OF_SITE": "1000000",
        }  # fmt: skip
        self._session = requests.Session()
        self._session.trust_env = False
        self._application: Child | None = None
        self._sandbox: Child | None = None
        self.kills = 0
        #: The last door, its status and answer.
        self.last: tuple[str, int, str] = ("", 0, "")

    def start(self) -> None:
        """Whichever doesn't run."""
        environment = {name: value for name, value in os.environ.items() if name != "RECORD_EXCHANGES"} | self.settings
        if self._sandbox is None:
            self._sandbox = self._nursery.start(["sandbox"], environment, self.folder / "sandbox.log")
            self._wait(self.sandbox, self._sandbox)
        if self._application is None:
            self._start_application(environment)

    def _start_application(self, environment: dict[str, str], *, armed: bool = False) -> None:
        point = {}
        if armed:
            side, call = self._rng.choice(("before", "after", "after")), self._rng.choice(CALLS)
            point = {"BOUNTYHUB_FAULT_KILL": f"call.{side}:stripe.{call}:{self._rng.randint(1, 30)}"}
        arguments = ["-m", "tests.soak_stripe.application"]
        self._application = self._nursery.start(arguments, environment | point, self.folder / "serve.log")
        self._wait(self.url, self._application)

    def stop(self) -> None:
        """End both."""
        for child in (self._application, self._sandbox):
            if child is not None:
                child.end(signal.SIGKILL)
        self._application = self._sandbox = None

    def kill(self) -> None:
        """`kill -9` now, and start again, perhaps to be killed at a call."""
        assert self._application is not None
        self._application.end(signal.SIGKILL)
        self.revive(armed=True)

    def revive(self, *, armed: bool = False) -> bool:
        """Start the application again if it was killed; False when it lives."""
        assert self._application is not None
        status = self._application.status()
        if status is None:
            return False
        assert status == -signal.SIGKILL, f"the application ended by itself with {status}:\n{self.log()}"
        self.kills += 1
        environment = {name: value for name, value in os.environ.items() if name != "RECORD_EXCHANGES"} | self.settings
        self._start_application(environment, armed=armed)
        return True

    def ask(self, door: str, **body: Any) -> tuple[int, Body]:
        """A step inside the application: (status, answer); (0, {}) when it was killed meanwhile."""
        try:
            answer = self._session.post(f"{self.url}/soak/{door}", json=body, timeout=30)
            self.last = (door, answer.status_code, answer.text[:200])
            return answer.status_code, answer.json()
        except requests.JSONDecodeError:
            return 500, {}
        except requests.RequestException:
            if not self.revive(armed=True):
                time.sleep(0.1)
                self.revive(armed=True)
            return 0, {}

    def control(self, name: str, **body: Any) -> tuple[int, Body]:
        """Something that happens at Stripe without us."""
        answer = self._session.post(f"{self.sandbox}/stripe/control/{name}", json=body, timeout=30)
        return answer.status_code, answer.json()

    def as_operator(self, path: str, **form: Any) -> int:
        """Something the operator does in Stripe's dashboard, by the API."""
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = self._session.post(f"{self.sandbox}/stripe{path}", data=form, headers=headers, timeout=30)
        return answer.status_code

    def visit(self, url: str, **form: str) -> bool:
        """A person presses a button on a page of the sandbox."""
        return self._session.post(url, data=form, timeout=30, allow_redirects=False).ok

    def days(self, days: int) -> bool:
        """Time passes for both."""
        headers = {"Accept": "application/json"}
        answer = self._session.post(f"{self.sandbox}/clock/advance", json={"days": days}, headers=headers, timeout=60)
        return answer.ok

    def documents(self, kind: str, ref: str | None = None) -> list[Body]:
        """What the sandbox holds of a kind, read from its file."""
        return documents(self.stand_ins, kind, ref)

    def quiet(self, seconds: float) -> None:
        """Wait until nothing is on its way, on either side."""
        deadline, calm = time.monotonic() + seconds, 0
        while calm < 3:
            self.revive()
            calm = 0 if self._busy() else calm + 1
            if time.monotonic() > deadline:
                raise DidNotEnd(f"open: {open_jobs()[:10]} {len(self.documents('delivery', 'waiting'))}\n{self.log()}")
            time.sleep(0.2)

    def _busy(self) -> bool:
        """Something is being told, will be in a moment, or is worked on."""
        soon = time.time() + 5
        later = [each for each in self.documents("stripe.later") if not each["business"] and each["due"] < soon]
        return bool(self.documents("delivery", "waiting") or later or open_jobs())

    def log(self) -> str:
        """The end of what the application wrote."""
        path = self.folder / "serve.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def _wait(self, url: str, child: Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and child.status() is None:
            with suppress(requests.RequestException):
                if self._session.get(f"{url}/healthz", timeout=5).status_code == 200:
                    return
            time.sleep(0.02)
        if child.status() == -signal.SIGKILL:
            return
        raise DidNotEnd(f"{url} did not start: {child.status()}\n{self.log()}")


def documents(file: Path, kind: str, ref: str | None = None) -> list[Body]:
    """What a sandbox's file holds of a kind."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as opened:
        query = "SELECT body FROM doc WHERE kind = ?" + ("" if ref is None else " AND ref = ?") + " ORDER BY seq"
        return [json.loads(row[0]) for row in opened.execute(query, (kind,) if ref is None else (kind, ref))]


def open_jobs() -> list[str]:
    """Jobs that are due, run, or failed and wait; not those planned for a later day."""
    with reading() as session:
        waiting = OutboxJob.finished_at.is_(None)
        once = OutboxJob.every.is_(None) & (
            OutboxJob.name.not_like("work.%") | (OutboxJob.attempts == 0) | OutboxJob.name.in_(CALLING)
        )
        once &= OutboxJob.name.not_in(LOOKS)
        soon = OutboxJob.run_at <= clock.real_now() + timedelta(seconds=60)
        rows = session.scalars(select(OutboxJob).where(waiting, once, soon | (OutboxJob.attempts > 0)))
        leased = session.scalars(select(OutboxJob).where(OutboxJob.leased_until.is_not(None), waiting))
        return [f"{row.name} {row.args} {row.attempts} {row.last_error or ''}" for row in {*rows, *leased}]
