"""What a stranger does first: clone, `make run`, make a task, Ctrl-C, and again. Takes long: a virtual environment."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from bountyhub.cli.demo.browser import Browser
from bountyhub.settings import Settings

ROOT = Path(__file__).parents[2]
FIRST_TASK = 60.0
NEXT_START = 3.0
PATIENCE = 400.0  # a busy machine ends with figures, not with a time-out
FOREIGN = {*Settings.model_fields, "DATA_DIR", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
CHECKS = {"database", "outbox", "payments", "forge", "mail"}

pytestmark = pytest.mark.long


def two_free_ports() -> int:
    """A port that is free together with the next one, where the sandboxes listen."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            if port < 65535 and second.connect_ex(("127.0.0.1", port + 1)) != 0:
                return port
    raise AssertionError("no two free ports in a row")


def group_members(group: int) -> list[str]:
    """The command lines of a process group's living processes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we looked
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(command)
    return found


def foreign(name: str) -> bool:
    """Whether a variable belongs to whoever runs the tests, not to the stranger: a shell as it is on a new machine."""
    return name in FOREIGN or name.startswith("PYTHON")


@contextmanager
def running(clone: Path, port: int) -> Iterator[float]:
    """`make run` until it is ready, giving the seconds that took; ended with Ctrl-C, leaving nothing behind."""
    environment = {name: value for name, value in os.environ.items() if not foreign(name)}
    started = time.monotonic()
    with (clone.parent / "log").open("w") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment | {"PORT": str(port)}, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield wait_until_ready(port, process, started)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=10)
        assert group_members(process.pid) == []
        assert not any(listens(number) for number in (port, port + 1))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_ready(port: int, process: subprocess.Popen[bytes], started: float) -> float:
    while (passed := time.monotonic() - started) < PATIENCE and process.poll() is None:
        try:
            answer = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5)
        except requests.RequestException:
            answer = None
        if answer is not None and answer.status_code == 200:
            assert answer.json()["checks"] == dict.fromkeys(CHECKS, "ok")
            return time.monotonic() - started
        time.sleep(0.05)
    raise AssertionError(f"not ready after {passed:.0f} s")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def make_a_task(port: int) -> str:
    """Sign in as Ana, install the App, paste an issue's address: all over HTTP, as her browser does it."""
    github = f"http://127.0.0.1:{port + 1}/github"
    browser = Browser(f"http://127.0.0.1:{port}")
    asked = browser.press(browser.open("/sign-in"), "Continue with GitHub")
    browser.press(asked, "(ana)").require("ana")
    browser.press(browser.open("/github/install"), "Install", to="/installations/new", selection="all")
    made = browser.press(browser.open("/tasks/new"), "Find this issue", issue_url=f"{github}/ana/inkwell/issues/1")
    return made.url


def titles(port: int) -> list[str]:
    found = requests.get(f"http://127.0.0.1:{port}/api/v1/tasks", timeout=10).json()["tasks"]
    return [task["title"] for task in found]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("stranger") / "bountyhub"
    git = shutil.which("git")
    assert git, "this test needs git: apt-get install git"
    subprocess.run([git, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(target)], check=True, timeout=60)
    return target


def test_a_fresh_clone_makes_a_task_and_starts_again_at_once(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port, began = two_free_ports(), time.monotonic()
    with running(clone, port) as first:
        address = make_a_task(port)
        task = time.monotonic() - began
        made = titles(port)
        assert len(made) == 1
    later = []
    for _ in range(3):
        with running(clone, port) as seconds:
            later.append(seconds)
            assert titles(port) == made
            assert made[0] in requests.get(address, timeout=10).text
    starts = ", ".join(f"{seconds:.1f}" for seconds in later)
    with capsys.disabled():
        print(f"\nfresh clone: ready after {first:.1f} s, a task after {task:.1f} s; later starts {starts} s")
    assert task <= FIRST_TASK
    assert later[0] <= NEXT_START
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert status.stdout == "", "running leaves the checkout as it was"
