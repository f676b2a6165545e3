"""The `bountyhub` program as a person starts it: in its own process group, folder and ports."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.recorded import RECORDED

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-c", "from bountyhub.cli import main; main()")
PATIENCE_SECONDS = 60
ENDING_SECONDS = 2


@dataclass(frozen=True)
class Running:
    """A started program and what it has printed."""

    process: subprocess.Popen[bytes]
    log: Path

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """Send a signal as the terminal would, to the whole group; the exit status."""
        os.killpg(self.process.pid, how)
        return self.process.wait(PATIENCE_SECONDS)

    def is_gone(self) -> bool:
        """Whether no living process of its group is left; one that is just ending gets a moment."""
        deadline = time.monotonic() + ENDING_SECONDS
        while alive := _living(self.process.pid):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        return not alive


def _living(group: int) -> list[int]:
    """The processes of a group that aren't zombies."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we looked
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def environment(folder: Path, port: int, **more: str) -> dict[str, str]:
    """What a person's shell has, and this instance's folder and port."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    own = {"DATA_DIR": str(folder / "var"), "PORT": str(port), "RECORD_EXCHANGES": str(RECORDED)}
    return kept | own | more


@contextmanager
def started(
    folder: Path, given: dict[str, str], *arguments: str, program: tuple[str, ...] = PROGRAM
) -> Iterator[Running]:
    """Start `bountyhub <arguments>`; killed at the end if the test left it running."""
    log = folder / f"{'-'.join(arguments) or 'program'}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*program, *arguments], cwd=ROOT, env=given, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield Running(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)


def wait_ready(url: str, program: Running) -> dict[str, str]:
    """What `/readyz` says once everything is well."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert program.process.poll() is None, program.log.read_text()
        try:
            answer = requests.get(url, timeout=20)
        except requests.RequestException:
            time.sleep(0.05)
            continue
        if answer.status_code == 200:
            checks: dict[str, str] = answer.json().get("checks", {})
            return checks
        time.sleep(0.05)
    raise AssertionError(f"never ready: {program.log.read_text()}")


def two_ports() -> int:
    """A free port whose next one is free too, outside the range that connections take theirs from."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
