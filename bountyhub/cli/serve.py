"""`bountyhub serve` and `bountyhub sandbox`: servers in this one process, gone when it ends."""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
from contextlib import ExitStack
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import urlsplit

import click
from waitress.server import create_server
from waitress.wasyncore import close_all

from bountyhub import settings
from bountyhub.app import create_app
from bountyhub.cli.local import alone, local_settings, sandbox_config
from bountyhub.cli.migrating import migrate_or_refuse
from bountyhub.events.runner import ThreadRunner
from bountyhub.http import logs
from bountyhub.sandbox import server as sandbox_server
from bountyhub.sandbox.config import SandboxConfig, SandboxRefused
from bountyhub.sandbox.server import RunningSandbox
from bountyhub.settings import Settings, SettingsError

THREADS = 8
#: Beyond the longest webhook: multipart overhead of forms.
ROOM_BYTES = 1024 * 1024


def run(*, sandbox: bool) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    _end_on_signals()
    here = local_settings() if sandbox else settings.load()
    logs.configure(here)
    with ExitStack() as stack:
        if sandbox:
            stack.enter_context(alone("serve"))
        listener = stack.enter_context(_listen(here))
        if sandbox:
            stand_ins = _start_sandbox(sandbox_config(here), _sandbox_port(here))
            stack.callback(stand_ins.stop)
        # Closed before the sandboxes stop: whatever they are just sending fails at once instead of waiting.
        stack.callback(listener.close)
        _serve(here, listener)
    click.echo("Stopped.")


def _serve(here: Settings, listener: socket.socket) -> None:
    migrate_or_refuse(here)
    runner = None if here.REDIS_URL else ThreadRunner()
    channels: dict[int, Any] = {}
    server = _server(create_app(here, runner=runner), here, listener, channels)
    gc.freeze()
    gc.enable()
    if runner is not None:
        runner.start()
    _greet(here)
    try:
        server.run()
    finally:
        _end_undisturbed()
        close_all(channels, ignore_all=True)
        if runner is not None:
            runner.stop()


def _listen(here: Settings) -> socket.socket:
    """Taken first, so that a busy port is told before anything else begins; early visitors wait a moment."""
    try:
        return socket.create_server((here.HOST, here.PORT))
    except OSError as error:
        raise _busy(here.PORT, "", error) from error


def _server(app: Any, here: Settings, listener: socket.socket, channels: dict[int, Any]) -> Any:
    proxied = here.TRUSTED_PROXIES > 0  # then the application reads the forwarding headers itself
    return create_server(
        app, map=channels, sockets=[listener], threads=THREADS, ident=None, clear_untrusted_proxy_headers=not proxied,
        max_request_body_size=here.MAX_BODY_BYTES + ROOM_BYTES,
    )  # fmt: skip


def _sandbox_port(here: Settings) -> int:
    return urlsplit(here.SANDBOX_URL).port or here.PORT + 1


def _start_sandbox(config: SandboxConfig, port: int) -> RunningSandbox:
    """On this machine alone, whatever HOST says: anybody who reaches them is anybody, and reads all mail."""
    try:
        return sandbox_server.start(config, "127.0.0.1", port, threads=THREADS)
    except SandboxRefused as refused:
        raise SettingsError(str(refused)) from refused
    except OSError as error:
        raise _busy(port, ", for the sandboxes,", error) from error


def _busy(port: int, what: str, error: OSError) -> SettingsError:
    why = os.strerror(error.errno) if error.errno else str(error)
    return SettingsError(f"PORT: {port}{what} can't be used ({why}). Choose another: PORT=8100")


def run_sandbox(port: int | None, app_url: str | None) -> None:
    """Serve the sandboxes alone until Ctrl-C or SIGTERM."""
    _end_on_signals()
    here = local_settings()
    logs.configure(here)
    port = port or _sandbox_port(here)
    config = sandbox_config(here, url=f"http://127.0.0.1:{port}", app_url=app_url)
    with ExitStack() as stack:
        stack.enter_context(alone("sandbox"))
        stack.callback(_start_sandbox(config, port).stop)
        click.echo(f"Sandboxes on {config.url}, webhooks to {config.app_url}. Ctrl-C ends them.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            _end_undisturbed()
    click.echo("Stopped.")


def _end_on_signals() -> None:
    """Ctrl-C too, which a shell script switches off for what it starts in the background."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)


def _end_undisturbed() -> None:
    """The end has begun: a second Ctrl-C doesn't leave half of it undone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _greet(here: Settings) -> None:
    click.echo(f"bountyhub   {here.PUBLIC_URL}")
    if here.SANDBOX_URL:
        click.echo(f"sandboxes   {here.SANDBOX_URL}   GitHub, Stripe and mail with play money")
        known = "ana (maintainer), bo (developer), cleo (backer), olga (operator), dara or eve"
        click.echo(f"You can be  {known}: sign in with GitHub.")
    click.echo("Ctrl-C ends it.")
