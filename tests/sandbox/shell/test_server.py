"""The running sandboxes: they answer over HTTP, send webhooks, stop at once and refuse real keys."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
import requests

from bountyhub.sandbox.config import SandboxConfig, SandboxRefused
from bountyhub.sandbox.deliveries import enqueue
from bountyhub.sandbox.server import start
from tests.sandbox.shell.conftest import Application


@pytest.mark.parametrize("key", ["sk_live_1", "sk_test_1", "rk_live_1", "rk_test_1"])
def test_it_does_not_start_beside_a_real_key(config: SandboxConfig, key: str) -> None:
    with pytest.raises(SandboxRefused, match="key of the real Stripe"):
        start(replace(config, stripe_key=key), "127.0.0.1", 0)


@pytest.mark.parametrize("key", ["", "whatever"])
def test_it_does_not_start_with_a_key_of_unknown_kind(config: SandboxConfig, key: str) -> None:
    with pytest.raises(SandboxRefused, match="must begin with sk_sandbox_"):
        start(replace(config, stripe_key=key), "127.0.0.1", 0)


def test_a_refused_start_leaves_no_database(config: SandboxConfig) -> None:
    with pytest.raises(SandboxRefused):
        start(replace(config, stripe_key="sk_live_1"), "127.0.0.1", 0)
    assert not config.database.exists()


def test_it_answers_and_frees_its_port_when_stopped(config: SandboxConfig) -> None:
    running = start(config, "127.0.0.1", 0)
    session = requests.Session()
    assert session.get(f"http://127.0.0.1:{running.port}/healthz", timeout=5).ok
    running.stop()
    running.stop()
    socket.create_server(("127.0.0.1", running.port)).close()


def test_a_second_start_on_a_taken_port_says_so(config: SandboxConfig) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        start(config, "127.0.0.1", taken.getsockname()[1])


def test_deliveries_of_an_earlier_run_are_sent_after_a_restart(config: SandboxConfig, application: Application) -> None:
    running = start(replace(config, app_url="http://127.0.0.1:9"), "127.0.0.1", 0)
    with running.sandbox.store.transaction() as tx:
        enqueue(tx, "stripe", "ping", '{"object":"event","type":"ping"}', retry=True)
    running.stop()
    assert application.asked == []
    running = start(config, "127.0.0.1", 0)
    try:
        assert application.hears("ping")
    finally:
        running.stop()
