"""The running stand-in for Stripe as the tests see it: the official client, control calls, and heard webhooks.

It runs alone here, on its own small Flask application, apart from the other sandboxes. Used by `conftest`.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Any

import requests
import stripe
from flask import Flask, Response, request
from waitress.server import create_server

import bountyhub.sandbox
from bountyhub.sandbox import stripe as stand_in
from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox, current_sandbox
from bountyhub.sandbox.deliveries import Sender
from bountyhub.sandbox.home import blueprint as home
from bountyhub.sandbox.recording import RecordExchanges, record_webhook
from bountyhub.sandbox.server import run_loop
from bountyhub.sandbox.signing import signers
from bountyhub.sandbox.store import Store
from tests.recorded import RECORDED

KEY, SECRET = "sk_sandbox_tests", "whsec_tests"
Doc = dict[str, Any]


class Heard:
    """What the application received: every webhook with its headers, in order of arrival."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.refuse = 0
        self._arrived = threading.Condition()

    def take(self, headers: dict[str, str], body: str) -> int:
        """Note a webhook and give the status to answer with."""
        with self._arrived:
            if self.refuse:
                self.refuse -= 1
                return 500
            self.requests.append((headers, body))
            self._arrived.notify_all()
        return 202

    def events(self) -> list[Doc]:
        return [json.loads(body) for _, body in self.requests]

    def types(self) -> list[str]:
        return [event["type"] for event in self.events()]

    def wait(self, type: str, count: int = 1) -> Doc:
        """The last event of a type, once that many of it have come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.types().count(type) >= count, timeout=10), self.types()
        return [event for event in self.events() if event["type"] == type][-1]


class World:
    """The running stand-in: its address, its inner parts, and short ways to ask and to press."""

    def __init__(self, url: str, sandbox: Sandbox, heard: Heard) -> None:
        self.url, self.sandbox, self.heard = f"{url}/stripe", sandbox, heard
        self.client = stripe.StripeClient(KEY, base_addresses={"api": self.url}, max_network_retries=0)

    def control(self, name: str, **body: Any) -> Doc:
        answer = requests.post(f"{self.url}/control/{name}", json=body, timeout=10)
        assert answer.ok, answer.text
        found: Doc = answer.json()
        return found

    def tick(self) -> None:
        self.control("tick")

    def checkout(self, amount: int = 2500, currency: str = "eur", **more: Any) -> stripe.checkout.Session:
        """An open session over one line."""
        line = {"price_data": {"currency": currency, "unit_amount": amount, "product_data": {"name": "Task 7"}}}
        params: Any = {
            "mode": "payment",
            "line_items": [line | {"quantity": 1}],
            "customer_email": "cleo@example.org",
            "success_url": "http://app.test/thanks?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://app.test/task",
            "payment_intent_data": {"capture_method": "automatic", "transfer_group": "task_7"},
        }
        return self.client.v1.checkout.sessions.create(params | more)

    def paid(self, amount: int = 2500, currency: str = "eur", card: str = "4242424242424242") -> stripe.Charge:
        """The charge of a fresh session that was paid."""
        session = self.checkout(amount, currency)
        done = self.control("pay", session=session.id, card=card)["session"]
        found = self.client.v1.payment_intents.retrieve(done["payment_intent"], {"expand": ["latest_charge"]})
        assert isinstance(found.latest_charge, stripe.Charge)
        return found.latest_charge

    def payee(self, ending: str = "finished") -> str:
        """A connected account that went through onboarding."""
        account = self.client.v1.accounts.create(
            {"type": "express", "country": "DE", "capabilities": {"transfers": {"requested": True}}}
        )
        self.control("complete_onboarding", account=account.id, ending=ending)
        return account.id

    def available(self, currency: str = "eur") -> int:
        found = self.client.v1.balance.retrieve().available
        return sum(part.amount for part in found if part.currency == currency)

    def pending(self, currency: str = "eur") -> int:
        found = self.client.v1.balance.retrieve().pending
        return sum(part.amount for part in found if part.currency == currency)


@contextmanager
def running(folder: Path, recorded: Path = RECORDED) -> Iterator[World]:
    """The stand-in and an application that hears its webhooks, each on a free port."""
    heard, listening, app = Heard(), Flask("application"), copy(stand_in_app())
    listening.add_url_rule("/webhooks/stripe", "webhook", lambda: hear(heard), methods=["POST"])
    with served(listening) as app_url, served(RecordExchanges(app.wsgi_app, recorded)) as url:
        config = SandboxConfig(url, app_url, folder / "sandbox.db", KEY, SECRET, 1, "", "", "", "")
        store = Store(config.database)
        targets = {"stripe": f"{app_url}/webhooks/stripe"}
        sender = Sender(store, targets, signers(config), partial(record_webhook, recorded))
        sandbox = Sandbox(config, store, sender, SandboxClock(store))
        app.extensions = {"sandbox": sandbox}
        with store.transaction() as tx:
            stand_in.seed(tx, sandbox.clock)
        sender.start()
        try:
            yield World(url, sandbox, heard)
        finally:
            sender.stop()
            store.close()


@cache
def stand_in_app() -> Flask:
    """Compiling the routes takes long, so it is done once."""
    app = Flask("stand_in", static_folder=str(Path(bountyhub.sandbox.__file__).parent / "static"))
    app.register_blueprint(home)
    app.register_blueprint(stand_in.blueprint)
    app.context_processor(lambda: {"app_url": current_sandbox().config.app_url})
    _ = app.jinja_env
    return app


def hear(heard: Heard) -> Response:
    return Response(status=heard.take(dict(request.headers), request.get_data(as_text=True)))


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve a WSGI application on a free port; gives its address."""
    channels: dict[int, Any] = {}
    listener = socket.create_server(("127.0.0.1", 0))
    close = run_loop(create_server(app, map=channels, sockets=[listener], threads=8), channels)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        close()
