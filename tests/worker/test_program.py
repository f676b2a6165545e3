"""Production's programs together: web process, sandboxes and `python -m worker` on PostgreSQL and Redis."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import select

from bountyhub.events import inbox
from bountyhub.events.models import InboxEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.ledger.models import Entry
from tests.cli.program import PATIENCE_SECONDS, environment, started, two_ports, wait_ready
from worker.__main__ import main

WORKER = (sys.executable, "-m", "worker")


def wait_for_handling(delivery: str) -> None:
    """Ask for the handling of a delivery without effect, and wait until it was handled."""
    with transaction() as session:
        inbox.receive(session, source="github", delivery_id=delivery, event="ping", body='{"zen": "Keep it simple."}')
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with reading() as session:
            event = session.scalars(select(InboxEvent).where(InboxEvent.delivery_id == delivery)).one()
        if event.handled_at is not None:
            return
        time.sleep(0.05)
    raise AssertionError(f"{delivery} was never handled")


def test_the_worker_does_what_the_web_process_leaves_it(tmp_path: Path, postgresql: str, redis_url: str) -> None:
    redis = Redis.from_url(redis_url)
    redis.flushdb()
    port, sandbox_port = two_ports(), two_ports()
    sandbox, given = f"http://127.0.0.1:{sandbox_port}", environment(tmp_path, port)
    with started(tmp_path, given, "sandbox", "--port", str(sandbox_port)) as stand_ins:
        wait_ready(f"{sandbox}/healthz", stand_ins)
        given |= json.loads((tmp_path / "var" / "secrets.json").read_text())
        given |= {
            "DATABASE_URL": postgresql, "REDIS_URL": redis_url, "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "STRIPE_API_BASE": f"{sandbox}/stripe", "GITHUB_API_URL": f"{sandbox}/github/api/v3",
            "GITHUB_WEB_URL": f"{sandbox}/github", "SMTP_URL": f"mailbox+{sandbox}/mailbox/messages",
        }  # fmt: skip
        with (
            started(tmp_path, given, "serve", "--no-sandbox") as serve,
            started(tmp_path, given, program=WORKER) as worker,
        ):
            assert set(wait_ready(f"http://127.0.0.1:{port}/readyz", serve).values()) == {"ok"}
            wait_for_handling("before")
            redis.flushdb()
            wait_for_handling("after Redis forgot everything")
            assert worker.end(signal.SIGTERM) == 0, worker.log.read_text()
            assert worker.is_gone()
            assert serve.end() == 0
        assert stand_ins.end() == 0
    with reading() as session:
        assert session.scalars(select(Entry.kind)).all() == ["topped_up"]
    lines = [json.loads(line) for line in worker.log.read_text().splitlines()]
    assert [line for line in lines if line["level"] == "error" and line["logger"].startswith("bountyhub")] == []


def test_without_redis_the_worker_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert main() == 2
    assert "DATABASE_URL: not set" in capsys.readouterr().err
