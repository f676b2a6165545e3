"""Starts and stops throwaway servers: one of each kind per test run, shared by all of its workers.

The run has one folder. Whoever needs a server first starts it under a file lock and writes down where it
listens; the process that began the run stops what was written down and removes the folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

RUN_FOLDER = "BOUNTYHUB_TEST_RUN"
PATIENCE = 30.0
PORTS = range(20_000, 30_000)


class CannotStart(Exception):
    """A server is missing or would not start; the text says what to install or what it printed."""


@dataclass(frozen=True)
class Running:
    """A started server: where it listens, and its process to stop at the end."""

    url: str
    pid: int


def begin_run() -> None:
    """Make the run's folder; workers started from here inherit it through the environment."""
    folder = Path(tempfile.mkdtemp(prefix="bountyhub-tests-"))
    folder.chmod(0o755)  # an unprivileged server has to reach its own folder inside
    os.environ[RUN_FOLDER] = str(folder)


def end_run() -> None:
    """Stop every server of the run and remove its folder."""
    folder = run_folder()
    for note in folder.glob("*.json"):
        stop(Running(**json.loads(note.read_text())).pid)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(RUN_FOLDER, None)


def run_folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[RUN_FOLDER])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Keep the run's other workers out meanwhile."""
    with (run_folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def shared(name: str, start: Callable[[Path], Running]) -> str:
    """The address of the run's one server of this name, started now if nobody has yet."""
    note = run_folder() / f"{name}.json"
    with locked(name):
        if not note.exists():
            folder = run_folder() / name
            folder.mkdir()
            note.write_text(json.dumps(asdict(start(folder))))
        return Running(**json.loads(note.read_text())).url


def free_port() -> int:
    """A port nobody listens on just now, outside the range that connections take theirs from: it may be reused."""
    while True:
        port = secrets.choice(PORTS)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue


def spawn(command: Sequence[str | Path], log: Path, *, user: str | None = None) -> subprocess.Popen[bytes]:
    """Start a server in its own session, so that Ctrl-C in the terminal reaches only the tests."""
    with log.open("wb") as output:
        return subprocess.Popen(
            command, cwd=log.parent, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, user=user, group=_group(user), extra_groups=[] if user else None,
        )  # fmt: skip


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when somebody listens there; raises CannotStart with the log if the process ends first."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, process, log)


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server is ready; raises CannotStart with the log if the process ends first."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return
        time.sleep(0.02)
    raise CannotStart(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")


def unprivileged_user() -> str | None:
    """Whom to run a server as that refuses root; None when we are not root."""
    return "nobody" if os.geteuid() == 0 else None


def run_as(user: str | None, command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end as this user."""
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
        check=False, user=user, group=_group(user), extra_groups=[] if user else None,
    )  # fmt: skip


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def stop(pid: int) -> None:
    """Interrupt, wait, and at last kill a server, which may be a child of a worker that is gone."""
    for send, patience in ((signal.SIGINT, 5.0), (signal.SIGKILL, 5.0)):
        try:
            os.kill(pid, send)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and _alive(pid):
            time.sleep(0.02)


def _alive(pid: int) -> bool:
    try:
        done, _ = os.waitpid(pid, os.WNOHANG)  # ours: collect it
    except ChildProcessError:
        return Path(f"/proc/{pid}").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text()
    return done == 0
