"""Builds the one Flask application that holds the Stripe, GitHub and mailbox stand-ins and their start page.

Called by `server.start` (for `cli`) and by tests; everything is wired here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from bountyhub.sandbox import github, home, mailbox, stripe
from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.config import SandboxConfig, refuse_real_keys
from bountyhub.sandbox.context import Sandbox, current_sandbox
from bountyhub.sandbox.deliveries import Sender
from bountyhub.sandbox.recording import RecordExchanges, record_webhook
from bountyhub.sandbox.signing import signers
from bountyhub.sandbox.store import Store, Tx

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Seed = Callable[[Tx, SandboxClock], None]
SEEDS: dict[str, Seed] = {"stripe": stripe.seed, "github": github.seed}
LOOPBACK = ("127.0.0.1", "localhost", "::1")
API_PATHS = ("/stripe/v1/", "/github/api/")
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class SandboxApp(Flask):
    """Flask, with every API exchange recorded when a folder for it is set."""

    record_dir: Path | None = None

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.record_dir is None:
            return super().wsgi_app(environ, start_response)
        return RecordExchanges(super().wsgi_app, self.record_dir)(environ, start_response)


def create_sandbox(config: SandboxConfig) -> Flask:
    """The wired application on a seeded store; raises SandboxRefused beside a real key. Starts no thread."""
    refuse_real_keys(config)
    sandbox = _build(config)
    _seed(sandbox)
    app = copy(_wired())
    app.record_dir = config.record_dir
    app.extensions = {"sandbox": sandbox}
    return app


@cache
def _wired() -> SandboxApp:
    """What every sandbox of a process shares: compiling the routes takes longer than all the rest."""
    app = SandboxApp(__name__)
    for part in (home, mailbox, stripe, github):
        app.register_blueprint(part.blueprint)
    app.before_request(_refuse_other_names)
    app.before_request(_refuse_other_origins)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _error_page)
    app.context_processor(lambda: {"app_url": current_sandbox().config.app_url})
    _ = app.jinja_env  # made here, so that what templates compile to is shared as well
    return app


def _build(config: SandboxConfig) -> Sandbox:
    store = Store(config.database)
    targets = {name: f"{config.app_url}/webhooks/{name}" for name in ("stripe", "github")}
    sent = None if config.record_dir is None else partial(record_webhook, config.record_dir)
    sender = Sender(store, targets, signers(config), sent)
    return Sandbox(config, store, sender, SandboxClock(store))


def _seed(sandbox: Sandbox) -> None:
    """Fill a fresh store once; a restart finds its mark and leaves everything as it was."""
    with sandbox.store.transaction() as tx:
        for name, seed in SEEDS.items():
            if tx.get("seeded", name) is None:
                seed(tx, sandbox.clock)
                tx.put("seeded", name, {"at": sandbox.clock.real()})


def _refuse_other_names() -> None:
    """A page elsewhere whose name was made to mean this machine must not read the mailbox or press buttons here."""
    ours = {*LOOPBACK, urlsplit(current_sandbox().config.url).hostname}
    if urlsplit(f"//{request.host}").hostname not in ours:
        abort(403, "The play-money services are not reached by that name.")


def _refuse_other_origins() -> None:
    """Buttons here change (play) money without a token, so a page of another origin must not press them."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    origin = request.headers.get("Origin", request.host_url)
    if site not in ("same-origin", "none") or urlsplit(origin).netloc != request.host:
        abort(403, "This button was pressed from another site.")


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _error_page(error: HTTPException) -> ResponseReturnValue:
    if request.path.startswith(API_PATHS):
        return error
    page = render_template("sandbox/error.html", status=error.code, heading=error.name, sentence=error.description)
    return page, error.code or 500
