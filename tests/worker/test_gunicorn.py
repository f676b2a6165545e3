"""The application as production serves it: gunicorn with two processes, PostgreSQL, Redis and a worker of its own."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import requests
from redis import Redis
from sqlalchemy import select

from bountyhub.cli.demo.browser import Browser
from bountyhub.kit.database import reading
from bountyhub.ledger.models import Entry
from tests.cli.program import PATIENCE_SECONDS, environment, started, two_ports, wait_ready

WORKER = (sys.executable, "-m", "worker")
GUNICORN = (sys.executable, "-m", "gunicorn", "--workers=2", "--threads=2", "bountyhub.app:from_environment()")


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


def booked() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Entry.kind).order_by(Entry.id)))


def make_a_task(url: str, sandbox: str) -> str:
    """Ana signs in, installs the App and pastes an issue's address."""
    ana = Browser(url)
    ana.press(ana.press(ana.open("/sign-in"), "Continue with GitHub"), "(ana)").require("ana")
    ana.press(ana.open("/github/install"), "Install", to="/installations/new", selection="all")
    issue = f"{sandbox}/github/ana/inkwell/issues/1"
    return ana.press(ana.open("/tasks/new"), "Find this issue", issue_url=issue).url


def fund(task: str, url: str) -> None:
    """A stranger pays 25.00 by card."""
    cleo = Browser(url)
    form = {"amount": "25.00", "consent": "yes", "email": "cleo@example.test"}
    page = cleo.press(cleo.open(task), "Fund", to="/fund", **form)
    cleo.press(page, "Pay ", number="4242 4242 4242 4242")


def test_a_task_is_made_and_funded_through_gunicorn_and_a_worker(
    tmp_path: Path, postgresql: str, redis_url: str
) -> None:
    Redis.from_url(redis_url).flushdb()
    port, sandbox_port = two_ports(), two_ports()
    url, sandbox = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{sandbox_port}"
    given = environment(tmp_path, port)
    with started(tmp_path, given, "sandbox", "--port", str(sandbox_port)) as stand_ins:
        wait_ready(f"{sandbox}/healthz", stand_ins)
        given |= json.loads((tmp_path / "var" / "secrets.json").read_text())
        given |= {
            "DATABASE_URL": postgresql, "REDIS_URL": redis_url, "PUBLIC_URL": url, "FRESH_DAYS": "0",
            "PAYOUT_HOLD_HOURS": "0",
            "STRIPE_API_BASE": f"{sandbox}/stripe", "GITHUB_API_URL": f"{sandbox}/github/api/v3",
            "GITHUB_WEB_URL": f"{sandbox}/github", "SMTP_URL": f"mailbox+{sandbox}/mailbox/messages",
        }  # fmt: skip
        with (
            started(tmp_path, given, f"--bind=127.0.0.1:{port}", program=GUNICORN) as web,
            started(tmp_path, given, program=WORKER) as worker,
        ):
            assert set(wait_ready(f"{url}/readyz", web).values()) == {"ok"}
            until(lambda: booked() == ["topped_up"], "the top-up is booked")
            task = make_a_task(url, sandbox)
            fund(task, url)
            until(lambda: len(booked()) > 1, "the payment is booked")
            seen = requests.get(f"{url}/api/v1/tasks/{task.rsplit('/', 1)[1]}", timeout=20).json()
            assert [part["state"] for part in seen["contributions"]] == ["held"]
            assert worker.end(signal.SIGTERM) == 0, worker.log.read_text()
            assert web.end(signal.SIGTERM) == 0, web.log.read_text()
            assert worker.is_gone() and web.is_gone()
        assert stand_ins.end() == 0
