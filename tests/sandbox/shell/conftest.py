"""A fresh sandbox for each shell test: its Flask client, and a stand-in for the application beside it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient

from bountyhub.sandbox.app import create_sandbox
from bountyhub.sandbox.config import SandboxConfig


@dataclass
class Application:
    """What the application was asked over HTTP, and with which status it answers."""

    url: str = ""
    status: int = 200
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)

    def hears(self, event: str) -> bool:
        """Wait until a webhook of this type has come, ten seconds at most."""
        with self.heard:
            return self.heard.wait_for(lambda: event in [body.get("type") for _, _, body in self.asked], timeout=10)


@pytest.fixture
def application() -> Iterator[Application]:
    known = Application()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with known.heard:
                known.asked.append((self.path, dict(self.headers), json.loads(body)))
                known.heard.notify_all()
            self.send_response(known.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def config(tmp_path: Path, private_key: str, application: Application) -> SandboxConfig:
    return SandboxConfig(
        url="http://127.0.0.1:8001",
        app_url=application.url,
        database=tmp_path / "sandbox.sqlite",
        stripe_key="sk_sandbox_1",
        stripe_webhook_secret="whsec_play",
        github_app_id=7,
        github_app_private_key=private_key,
        github_webhook_secret="hook-secret",
        github_client_id="client",
        github_client_secret="client-secret",
        record_dir=tmp_path / "exchanges",
    )


@pytest.fixture
def app(config: SandboxConfig) -> Iterator[Flask]:
    made = create_sandbox(config)
    yield made
    made.extensions["sandbox"].store.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
