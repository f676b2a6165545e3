"""The GitHub stand-in on a free port, its buttons as calls, and settings that point at it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bountyhub.sandbox import server
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.settings import Settings
from tests.recorded import RECORDED
from tests.servers.process import free_port

WEBHOOK_SECRET = "a webhook secret of the tests"
APP_ID = 4242


@lru_cache(maxsize=1)
def private_key() -> str:
    """One RSA key for the whole run: making one takes long."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*pem).decode()


@dataclass
class GitHub:
    """A running stand-in; `do` presses one of its buttons."""

    url: str
    app_url: str
    running: server.RunningSandbox

    def do(self, action: str, **given: Any) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/github/control/{action}", json=given, timeout=10)
        assert answer.status_code == 200, (action, given, answer.status_code, answer.text)
        found: dict[str, Any] = answer.json()
        return found

    def person(self, login: str) -> int:
        """The numeric id of somebody."""
        return int(requests.get(f"{self.url}/github/api/v3/users/{login}", timeout=10).json()["id"])

    def repository(self, full_name: str) -> int:
        """The numeric id of a public repository."""
        return int(requests.get(f"{self.url}/github/api/v3/repos/{full_name}", timeout=10).json()["id"])


def start(folder: Path, app_url: str = "http://127.0.0.1:1", *, recorded: Path = RECORDED) -> GitHub:
    """A fresh, seeded stand-in; nothing answers at `app_url` unless a test listens there."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = SandboxConfig(
        url=url, app_url=app_url, database=folder / "sandbox.sqlite", stripe_key="sk_sandbox_tests",
        stripe_webhook_secret="whsec_tests", github_app_id=APP_ID, github_app_private_key=private_key(),
        github_webhook_secret=WEBHOOK_SECRET, github_client_id="Iv1.tests", github_client_secret="client secret",
        record_dir=recorded,
    )  # fmt: skip
    return GitHub(url, app_url, server.start(config, "127.0.0.1", port))


def settings_for(github: GitHub, database_url: str = "sqlite://") -> Settings:
    """Settings of an application that uses this stand-in."""
    given: dict[str, Any] = {
        "DATABASE_URL": database_url, "SECRET_KEY": "k" * 40, "PUBLIC_URL": github.app_url,
        "STRIPE_SECRET_KEY": "sk_sandbox_tests", "STRIPE_WEBHOOK_SECRET": "whsec_tests",
        "STRIPE_API_BASE": f"{github.url}/stripe", "GITHUB_API_URL": f"{github.url}/github/api/v3",
        "GITHUB_WEB_URL": f"{github.url}/github", "GITHUB_APP_ID": str(APP_ID),
        "GITHUB_APP_PRIVATE_KEY": private_key(), "GITHUB_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "GITHUB_CLIENT_ID": "Iv1.tests", "GITHUB_CLIENT_SECRET": "client secret",
        "SMTP_URL": f"mailbox+http://{github.url.removeprefix('http://')}/mailbox", "SANDBOX_URL": github.url,
    }  # fmt: skip
    return Settings(**given)


def signature(body: bytes) -> str:
    """What GitHub puts in `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
