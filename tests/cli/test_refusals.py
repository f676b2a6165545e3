"""Starts that can't be: each ends with status 2 and one clear text that names the setting."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from bountyhub.cli import local, main
from bountyhub.http import logs
from tests.cli.program import environment, two_ports

Refused = Callable[..., str]


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Run a command that must be refused, in a new folder; what it said."""
    monkeypatch.setattr(logs, "configure", lambda settings: None)

    def run(*arguments: str, port: int | None = None, **given: str) -> str:
        for name in list(os.environ):
            monkeypatch.delenv(name)
        for name, value in (environment(tmp_path, port or two_ports()) | given).items():
            monkeypatch.setenv(name, value)
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 2, result.output
        assert "Traceback" not in result.stderr
        return result.stderr

    return run


def test_a_busy_port_is_told(refused: Refused) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused("serve", port=port).startswith(f"PORT: {port} can't be used (Address already in use)")


def test_a_busy_sandbox_port_is_told(refused: Refused) -> None:
    port = two_ports()
    with socket.create_server(("127.0.0.1", port + 1)):
        assert refused("serve", port=port).startswith(f"PORT: {port + 1}, for the sandboxes, can't be used")
        assert refused("sandbox", port=port).startswith(f"PORT: {port + 1}, for the sandboxes, can't be used")


def test_every_missing_setting_is_named(refused: Refused, tmp_path: Path) -> None:
    told = refused("serve", "--no-sandbox")
    for name in ("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "STRIPE_SECRET_KEY", "GITHUB_APP_ID", "SMTP_URL"):
        assert f"{name}: not set" in told
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "eighty", "PORT: write a number from 1 to 65534"),
        ("PORT", "65535", "PORT: write a number from 1 to 65534"),
        ("STRIPE_SECRET_KEY", "sk_live_1", "can't run beside real services"),
        ("STRIPE_API_BASE", "https://api.stripe.com", "STRIPE_API_BASE is real"),
        ("SMTP_URL", "smtps://mail.example.org", "SMTP_URL is real"),
        ("HOLD_DAYS", "9", "HOLD_DAYS: "),
        ("PUBLIC_URL", "bounties.example.org", "PUBLIC_URL: write a full address"),
        ("DATABASE_URL", "sqlite:////nowhere/at/all.db", "DATABASE_URL: can't be used"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(refused: Refused, name: str, value: str, told: str) -> None:
    assert told in refused("serve", **{name: value})


def test_two_that_start_at_once_use_the_same_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: local.local_settings(), range(2))
    assert first == second
    kept = json.loads((tmp_path / "var" / local.SECRETS).read_text())
    assert first.SECRET_KEY.get_secret_value() == kept["SECRET_KEY"]
    assert [path.name for path in (tmp_path / "var").iterdir()] == [local.SECRETS]
