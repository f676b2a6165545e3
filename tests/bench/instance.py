"""A real `bountyhub serve` on free ports of this machine, with this process wired to its database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bountyhub import wiring
from bountyhub.cli.local import local_settings, sandbox_config
from bountyhub.kit import migrate
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.settings import Settings
from tests.servers.process import free_port

PATIENCE = 300.0
FOREIGN = {*Settings.model_fields, "RECORD_EXCHANGES"}


def environment(folder: Path, shell: Mapping[str, str]) -> dict[str, str]:
    """What is measured is the embedded default on free ports, whatever this shell has set."""
    kept = {name: value for name, value in shell.items() if name not in FOREIGN}
    return kept | {
        "DATA_DIR": str(folder), "PORT": str(free_port()), "SANDBOX_URL": f"http://127.0.0.1:{free_port()}",
    }  # fmt: skip


def local_instance(folder: Path) -> Settings:
    """The settings of a fresh embedded instance; its database is made, and this process may use it."""
    given = environment(folder, os.environ)
    os.environ.clear()
    os.environ |= given
    here = local_settings()
    migrate.upgrade(here.DATABASE_URL)
    wiring.wire(here)
    return here


def stand_ins(here: Settings) -> SandboxConfig:
    """What the instance's sandboxes are told."""
    return sandbox_config(here)


@contextmanager
def serving(here: Settings, folder: Path) -> Iterator[None]:
    """`bountyhub serve`, ended as Ctrl-C does."""
    log = folder / "serve.log"
    with log.open("wb") as output:
        command = [sys.executable, "-c", "from bountyhub.cli import main; main()", "serve"]
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            wait_until(lambda: _answers(f"{here.PUBLIC_URL}/healthz"), "an instance that answers", log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_until(done: Callable[[], bool], what: str, log: Path | None = None, pause: float = 0.05) -> None:
    """Look until it is so; ends the program when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            sys.exit(f"waited in vain for {what}\n{log.read_text(errors='replace') if log else ''}")
        time.sleep(pause)


def post(here: Settings, what: str, **given: Any) -> dict[str, Any]:
    """Something a person does at a stand-in: `github/control/…` or `stripe/control/…`."""
    answer = requests.post(f"{here.SANDBOX_URL}/{what}", json=given, timeout=20)
    assert answer.status_code == 200, f"{what}: {answer.text}"
    done: dict[str, Any] = answer.json()
    return done


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False
