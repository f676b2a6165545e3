"""A fresh bountyhub of its own: `bountyhub serve` in a folder and on ports nobody uses, gone at the end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bountyhub import settings
from bountyhub.cli.demo.browser import Browser
from bountyhub.cli.demo.errors import DemoFailed
from bountyhub.cli.local import values_in
from bountyhub.settings import Settings

START_SECONDS = 60
STOP_SECONDS = 10
_COMMAND = (sys.executable, "-c", "from bountyhub.cli import main; main()")
_PORTS = range(20_000, 30_000, 2)
#: Of the caller's settings these alone are wanted here.
_KEPT = ("RECORD_EXCHANGES",)


@dataclass(frozen=True)
class Instance:
    """A running instance: its addresses and files."""

    folder: Path
    port: int

    @property
    def app_url(self) -> str:
        """Where the application answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where the stand-ins for Stripe, GitHub and the mailbox answer."""
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def database(self) -> Path:
        """The application's database file."""
        return self.folder / "bountyhub.db"

    @property
    def sandbox_file(self) -> Path:
        """Everything the stand-ins remember."""
        return self.folder / "sandbox.db"

    def environment(self) -> dict[str, str]:
        """The caller's environment without settings of any other instance."""
        foreign = {*Settings.model_fields, "DATA_DIR", "BOUNTYHUB_FAULT_KILL", "BOUNTYHUB_FAULT_LOG"} - set(_KEPT)
        kept = {name: value for name, value in os.environ.items() if name not in foreign}
        # Everybody in the play comes from one address, which the limits would take for one busy stranger.
        return kept | {"DATA_DIR": str(self.folder), "PORT": str(self.port), "RATE_LIMITS": "false"}

    def settings(self) -> Settings:
        """Its settings, for who looks into its books from here: the log's key is among them."""
        own = values_in(self.folder, self.port, self.sandbox_url)
        return settings.load(**own, LEDGER_SIGNING_KEY="", LEDGER_FORMER_KEYS=[])

    def command(self, *words: str) -> str:
        """Run `bountyhub …` beside the running instance, as its operator would; what it printed."""
        done = subprocess.run(
            [*_COMMAND, *words], env=self.environment(), capture_output=True, text=True, timeout=60, check=False
        )
        if done.returncode != 0:
            raise DemoFailed(f"bountyhub {' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout


@contextmanager
def running(folder: Path) -> Iterator[Instance]:
    """Start an instance in an empty folder, wait until it is ready, and end it afterwards."""
    if folder.exists() and any(folder.iterdir()):
        raise DemoFailed(f"{folder} is not empty: name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    instance = Instance(folder.absolute(), _two_free_ports())
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_COMMAND, "serve"], env=instance.environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_ready(instance, process, log)
        yield instance
    finally:
        _stop(process)


def _two_free_ports() -> int:
    """A port that is free together with its successor, outside the range that connections take theirs from."""
    for step in range(len(_PORTS)):
        port = _PORTS[(os.getpid() + step) % len(_PORTS)]
        try:
            with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", port + 1)):
                return port
        except OSError:
            continue
    raise DemoFailed(f"no two ports are free from {_PORTS.start} to {_PORTS.stop}")


def _wait_until_ready(instance: Instance, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    problem = ""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            Browser(instance.app_url).json("/readyz")
            return
        except DemoFailed as not_yet:
            problem = str(not_yet)
        time.sleep(0.1)
    said = log.read_text(errors="replace")[-3000:]
    raise DemoFailed(f"bountyhub serve did not become ready: {problem}\n{said}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
