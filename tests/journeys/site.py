"""A bountyhub of its own for the journeys: `bountyhub serve` as a stranger starts it, on free ports, in its own folder.

Sandboxes run beside it; nothing of it runs in the test's process.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.servers.process import free_port

ROOT = Path(__file__).resolve().parents[2]
SERVE = (sys.executable, "-c", "from bountyhub.cli import main; main()", "serve")
START_SECONDS = 60


@dataclass(frozen=True)
class Site:
    """A running instance: the application's address and its sandboxes'."""

    url: str
    sandbox: str

    def github(self, action: str, **given: Any) -> dict[str, Any]:
        """Press one of GitHub's buttons."""
        answer = requests.post(f"{self.sandbox}/github/control/{action}", json=given, timeout=20)
        assert answer.status_code == 200, (action, given, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def task(self, task_id: int) -> dict[str, Any]:
        """A task as programs see it."""
        found: dict[str, Any] = requests.get(f"{self.url}/api/v1/tasks/{task_id}", timeout=20).json()
        return found

    def mails(self, to: str) -> list[dict[str, Any]]:
        """Mails to an address, newest first."""
        answer = requests.get(f"{self.sandbox}/mailbox/messages.json", params={"to": to}, timeout=20)
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def move_time(self, days: int) -> None:
        """Move business time forward."""
        headers = {"Accept": "application/json"}
        answer = requests.post(f"{self.sandbox}/clock/advance", data={"days": days}, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text


@contextmanager
def running_site(folder: Path, **settings: str) -> Iterator[Site]:
    """Start an instance with these settings; ended with Ctrl-C's signal."""
    port = _two_free_ports()
    site = Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}")
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen(SERVE, cwd=ROOT, env=_environment(folder, port) | settings, stdout=log, stderr=log)
        try:
            _until_ready(site, process, folder)
            yield site
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0, (folder / "serve.log").read_text()


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {"DATA_DIR": str(folder / "var"), "PORT": str(port), "RATE_LIMITS": "false"}
    return kept | own | {"RECORD_EXCHANGES": str(ROOT / "build" / "exchanges"), "PYTHONUNBUFFERED": "1"}


def _two_free_ports() -> int:
    while True:
        port = free_port()
        probe = subprocess.run(
            [sys.executable, "-c", f"import socket; socket.create_server(('127.0.0.1', {port + 1}))"], check=False,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if probe.returncode == 0:
            return port


def _until_ready(site: Site, process: subprocess.Popen[bytes], folder: Path) -> None:
    def ready() -> bool:
        assert process.poll() is None, (folder / "serve.log").read_text()
        try:
            return requests.get(f"{site.url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    until(ready, "the instance is ready", seconds=START_SECONDS)


def until(condition: Callable[[], object], what: str, seconds: int = 20) -> None:
    """Look again and again until something is so; fails with `what` when it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)
