"""Runs the sandboxes: a waitress server, the webhook sender and a tick each second, all in threads.

`cli` starts it inside `bountyhub serve` or alone (`bountyhub sandbox`), on its own port with its own threads.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from waitress.server import create_server
from waitress.wasyncore import close_all

from bountyhub.sandbox.app import create_sandbox
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.ticking import tick

log = logging.getLogger("sandbox.server")
TICK_SECONDS = 1.0


class RunningSandbox:
    """What `start` gives back: the live `sandbox`, the `port` it listens on, and `stop`."""

    def __init__(self, sandbox: Sandbox, port: int, close_server: Callable[[], None]) -> None:
        self.sandbox, self.port = sandbox, port
        self._close_server = close_server
        self._stopped = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="sandbox-ticks", daemon=True)
        self._ticking.start()
        sandbox.sender.start()

    def stop(self) -> None:
        """End server, ticks and sender, then close the store; calling it again does nothing."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self._close_server()
        self._ticking.join(timeout=5)
        self.sandbox.sender.stop()
        self.sandbox.store.close()

    def _tick(self) -> None:
        while not self._stopped.wait(TICK_SECONDS):
            try:
                tick(self.sandbox)
            except Exception:
                log.exception("a tick failed; the next one tries again")


def start(config: SandboxConfig, host: str, port: int, threads: int = 8) -> RunningSandbox:
    """Serve on `host:port` (0: a free one) and return; raises SandboxRefused, or OSError when it is taken."""
    listener = socket.create_server((host, port))
    try:
        app = create_sandbox(config)
    except BaseException:
        listener.close()
        raise
    sandbox: Sandbox = app.extensions["sandbox"]
    return RunningSandbox(sandbox, listener.getsockname()[1], _serve(app, listener, threads))


def _serve(app: Any, listener: socket.socket, threads: int) -> Callable[[], None]:
    """Start waitress's loop in a thread; gives the function that ends it."""
    channels: dict[int, Any] = {}
    server: Any = create_server(app, map=channels, sockets=[listener], threads=threads, ident="sandbox")
    return run_loop(server, channels)


def run_loop(server: Any, channels: dict[int, Any]) -> Callable[[], None]:
    """Run a waitress in a thread of its own; gives the function that ends it."""
    loop = threading.Thread(target=server.run, name="sandbox-server", daemon=True)
    loop.start()

    def close() -> None:
        """Let running answers end, then close every socket in the loop's own thread, which ends it."""
        server.task_dispatcher.shutdown(timeout=5)
        with suppress(OSError):  # a loop that was just awake has closed everything before it is woken for it
            server.trigger.pull_trigger(lambda: close_all(channels, ignore_all=True))
        loop.join(timeout=5)

    return close
