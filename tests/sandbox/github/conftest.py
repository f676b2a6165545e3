"""`hub`: a freshly seeded GitHub stand-in over real HTTP, with an ear that hears its webhooks."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bountyhub.sandbox.clock import SandboxClock
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.context import Sandbox
from bountyhub.sandbox.deliveries import Sender
from bountyhub.sandbox.recording import record_webhook
from bountyhub.sandbox.signing import signers
from bountyhub.sandbox.store import Store
from tests.sandbox.github.hub import Ear, Hub, Serving


@functools.cache
def app_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


def config_for(url: str, app_url: str, folder: Path) -> SandboxConfig:
    return SandboxConfig(
        url=url,
        app_url=app_url,
        database=folder / "sandbox.sqlite",
        stripe_key="sk_sandbox_x",
        stripe_webhook_secret="whsec_x",
        github_app_id=4711,
        github_app_private_key=app_key(),
        github_webhook_secret="hook secret",
        github_client_id="Iv1.client",
        github_client_secret="client secret",
    )


@pytest.fixture
def unrecorded() -> None:
    """Named by a test that sends what GitHub takes and does not document: `hub` records nothing of it."""


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    yield ear
    ear.close()


@pytest.fixture
def hub(tmp_path: Path, ear: Ear, recorded: Path, request: pytest.FixtureRequest) -> Iterator[Hub]:
    def sandbox_of(url: str) -> Sandbox:
        config = config_for(url, ear.url, tmp_path)
        store = Store(config.database)
        targets = {"github": f"{ear.url}/webhooks/github"}
        sender = Sender(store, targets, signers(config), functools.partial(record_webhook, recorded))
        return Sandbox(config, store, sender, SandboxClock(store))

    serving = Serving(sandbox_of, None if "unrecorded" in request.fixturenames else recorded)
    yield Hub(serving.url, serving.sandbox.config, serving.sandbox, ear)
    serving.stop()
