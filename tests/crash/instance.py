"""A whole instance for crash tests: `serve` and `sandbox` as processes, killed, started again, put back to a moment.

Database and sandbox file are looked at from outside, as an operator would. Used by the scenario and the tests.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import or_, select

from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock, database
from bountyhub.kit.database import reading
from tests.crash.engines import Engine, copy_file
from tests.crash.nursery import Child, Nursery
from tests.servers.process import free_port

PATIENCE = 60.0
#: Between two looks.
PAUSE = 0.05
#: A job put off further than this, and never tried, isn't part of what happens now.
SOON = timedelta(seconds=20)


class DidNotEnd(AssertionError):
    """Something that should have come about did not; the text says what is still open."""


class Instance:
    """One application and its stand-ins on fixed ports of this machine."""

    def __init__(self, nursery: Nursery, engine: Engine, folder: Path) -> None:
        self._nursery, self.engine, self.folder = nursery, engine, folder
        self.port, self.sandbox_port = free_port(), free_port()
        self.url, self.sandbox = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.sandbox_port}"
        self._stand_ins, self._fault = folder / "sandbox.db", folder / "armed"
        self.settings = self._settings()
        self._serve: Child | None = None
        self._sandbox: Child | None = None
        self.kills = 0
        #: Points at which the next restarted application is killed again.
        self.again: list[str] = []

    def _settings(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.folder), "DATABASE_URL": self.engine.url, "REDIS_URL": "", "SECRET_KEY": "s" * 40,
            "PUBLIC_URL": self.url, "PORT": str(self.port), "SANDBOX_URL": self.sandbox, "FRESH_DAYS": "0",
            "PAYOUT_HOLD_HOURS": "0", "GITHUB_COMMENT_PAUSE": "0",
            "STRIPE_SECRET_KEY": "sk_sandbox_crash", "STRIPE_WEBHOOK_SECRET": "whsec_crash",
            "STRIPE_API_BASE": f"{self.sandbox}/stripe", "GITHUB_API_URL": f"{self.sandbox}/github/api/v3",
            "GITHUB_WEB_URL": f"{self.sandbox}/github", "GITHUB_APP_ID": "100001", "GITHUB_APP_PRIVATE_KEY": _pem(),
            "GITHUB_WEBHOOK_SECRET": "hook", "GITHUB_CLIENT_ID": "client", "GITHUB_CLIENT_SECRET": "client-secret",
            "SMTP_URL": f"mailbox+{self.sandbox}/mailbox/messages", "RATE_LIMITS": "false", "LOG_LEVEL": "WARNING",
        }  # fmt: skip

    def start(self, **faults: str) -> None:
        """Start whichever of the two doesn't run; `faults` are BOUNTYHUB_FAULT_… without that beginning."""
        if self._sandbox is None:
            self._sandbox = self._nursery.start(["sandbox"], os.environ | self.settings, self.folder / "sandbox.log")
            self._wait_for(self.sandbox, self._sandbox)
        if self._serve is None:
            named = {f"BOUNTYHUB_FAULT_{name}": value for name, value in faults.items()}
            armed = {"BOUNTYHUB_FAULT_ARM": str(self._fault)} if faults else {}
            environment = os.environ | self.settings | named | armed
            self._serve = self._nursery.start(["serve", "--no-sandbox"], environment, self.folder / "serve.log")
            self._wait_for(self.url, self._serve)

    def stop(self) -> None:
        """End both as Ctrl-C does."""
        database.engine().dispose()
        for child in (self._serve, self._sandbox):
            if child is not None:
                child.end()
        self._serve = self._sandbox = None

    def arm(self) -> None:
        """From here on the running application's fault points count."""
        self._fault.touch()

    def keep(self, name: str) -> None:
        """Stop, and remember everything as it is."""
        self.stop()
        self.engine.keep(name)
        copy_file(self._stand_ins, self.folder / f"sandbox-{name}.db")

    def put_back(self, name: str) -> None:
        """Stop, and make everything what it was."""
        self.stop()
        self._fault.unlink(missing_ok=True)
        self.engine.put_back(name)
        copy_file(self.folder / f"sandbox-{name}.db", self._stand_ins)

    def revive(self) -> bool:
        """Start the application again if it was killed; False when it lives."""
        assert self._serve is not None
        status = self._serve.status()
        if status is None:
            return False
        assert status == -signal.SIGKILL, f"the application ended by itself with {status}:\n{self.log()}"
        self.kills += 1
        self._serve = None
        self.start(**({"KILL": self.again.pop()} if self.again else {}))
        return True

    def wait_for_revival(self) -> None:
        """An answer didn't come: start again what was killed, or give what is merely slow a moment."""
        deadline = time.monotonic() + 2
        while not self.revive() and time.monotonic() < deadline:
            time.sleep(0.02)

    def log(self) -> str:
        """The end of what the application wrote."""
        path = self.folder / "serve.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def documents(self, kind: str, ref: str | None = None) -> list[dict[str, Any]]:
        """What the stand-ins hold of a kind, read from their file."""
        with closing(sqlite3.connect(f"file:{self._stand_ins}?mode=ro", uri=True, timeout=10)) as opened:
            query = "SELECT body FROM doc WHERE kind = ?" + ("" if ref is None else " AND ref = ?") + " ORDER BY seq"
            values = (kind,) if ref is None else (kind, ref)
            return [json.loads(row[0]) for row in opened.execute(query, values)]

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Poll until `done`, and nothing is on its way any more; restarts the application whenever it was killed."""
        deadline = time.monotonic() + PATIENCE
        while not (self._is_quiet() and done() and self._is_quiet()):
            if time.monotonic() > deadline:
                raise DidNotEnd(f"{what}; open: {self._open_jobs()}\n{self.log()}")
            if not self.revive():
                time.sleep(PAUSE)

    def _is_quiet(self) -> bool:
        assert self._serve is not None
        return self._serve.status() is None and not self.documents("delivery", "waiting") and not self._open_jobs()

    def _open_jobs(self) -> list[str]:
        with reading() as session:
            soon = or_(OutboxJob.run_at <= clock.real_now() + SOON, OutboxJob.attempts > 0)
            once = (OutboxJob.every.is_(None)) & soon
            again = OutboxJob.every.is_not(None) & (
                (OutboxJob.run_at <= clock.real_now()) | OutboxJob.leased_until.is_not(None)
            )
            rows = session.scalars(select(OutboxJob).where(OutboxJob.finished_at.is_(None), once | again)).all()
            return [f"{row.name} {row.args} {row.attempts} {row.last_error or ''}" for row in rows]

    def _wait_for(self, url: str, child: Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and child.status() is None:
            try:
                if requests.get(f"{url}/healthz", timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.02)
        if child.status() == -signal.SIGKILL:
            return  # killed again while it started: whoever asks next starts it once more
        raise DidNotEnd(f"{url} did not start: {child.status()}\n{self.log()}")


def _pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    made = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return made.decode()
