"""`bountyhub serve` and `bountyhub sandbox` as programs: first start, second start, beside each other, the end."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from bountyhub.cli import main
from tests.cli.program import PROGRAM, environment, started, two_ports, wait_ready

ALL_WELL = dict.fromkeys(("database", "outbox", "payments", "forge", "mail"), "ok")


def beside(patch: pytest.MonkeyPatch, given: dict[str, str], *arguments: str) -> Result:
    """A command in the same folder while the program runs."""
    for name, value in given.items():
        patch.setenv(name, value)
    return CliRunner().invoke(main, arguments)


def test_serve_starts_from_nothing_keeps_its_data_and_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = two_ports()
    given, url = environment(tmp_path, port), f"http://127.0.0.1:{port}"
    with started(tmp_path, given, "serve") as first:
        assert wait_ready(f"{url}/readyz", first) == ALL_WELL
        assert requests.get(url, timeout=20).status_code == 200
        assert requests.get(f"http://127.0.0.1:{port + 1}/", timeout=20).status_code == 200
        twice = beside(monkeypatch, environment(tmp_path, two_ports()), "serve")
        assert (twice.exit_code, "bountyhub serve runs already in" in twice.stderr) == (2, True)
        assert first.end(signal.SIGINT) == 0
        assert first.is_gone()
    printed = first.log.read_text()
    assert f"bountyhub   {url}" in printed and f"http://127.0.0.1:{port + 1}" in printed and "ana" in printed
    assert "Traceback" not in printed
    secrets = tmp_path / "var" / "secrets.json"
    made = secrets.read_text()
    assert (secrets.stat().st_mode & 0o777, secrets.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with started(tmp_path, given, "serve") as again:
        assert wait_ready(f"{url}/readyz", again) == ALL_WELL
        assert secrets.read_text() == made
        verified = json.loads(beside(monkeypatch, given, "ledger", "verify", "--json").output)
        assert verified["sound"] is True
        assert again.end(signal.SIGTERM) == 0
        assert again.is_gone()
    assert again.log.read_text().endswith("Stopped.\n")


def test_the_sandboxes_run_alone_beside_serve_without_them(tmp_path: Path) -> None:
    port, sandbox_port = two_ports(), two_ports()
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    given = environment(tmp_path, port)
    with started(tmp_path, given, "sandbox", "--port", str(sandbox_port)) as stand_ins:
        wait_ready(f"{sandbox}/healthz", stand_ins)
        secrets = json.loads((tmp_path / "var" / "secrets.json").read_text())
        names = {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}", "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "STRIPE_API_BASE": f"{sandbox}/stripe", "GITHUB_API_URL": f"{sandbox}/github/api/v3",
            "GITHUB_WEB_URL": f"{sandbox}/github", "SMTP_URL": f"mailbox+{sandbox}/mailbox/messages",
        }  # fmt: skip
        with started(tmp_path, given | secrets | names, "serve", "--no-sandbox") as serve:
            assert wait_ready(f"http://127.0.0.1:{port}/readyz", serve) == ALL_WELL
            assert serve.end() == 0
            assert serve.is_gone()
        assert stand_ins.end(signal.SIGTERM) == 0
        assert stand_ins.is_gone()
    assert f"Sandboxes on {sandbox}, webhooks to http://127.0.0.1:{port}." in stand_ins.log.read_text()


def test_ctrl_c_ends_it_where_a_script_started_it_too(tmp_path: Path) -> None:
    port = two_ports()
    background = ("sh", "-c", "trap '' INT; exec \"$@\"", "sh", *PROGRAM)  # as `bountyhub serve &` in a script
    with started(tmp_path, environment(tmp_path, port), "serve", program=background) as serve:
        wait_ready(f"http://127.0.0.1:{port}/readyz", serve)
        assert serve.end(signal.SIGINT) == 0
        assert serve.is_gone()


def test_the_sandboxes_listen_on_this_machine_alone_whatever_host_says(tmp_path: Path) -> None:
    port = two_ports()
    with started(tmp_path, environment(tmp_path, port) | {"HOST": "0.0.0.0"}, "serve") as serve:
        wait_ready(f"http://127.0.0.2:{port}/readyz", serve)
        assert requests.get(f"http://127.0.0.1:{port + 1}/healthz", timeout=5).ok
        with pytest.raises(requests.ConnectionError):
            requests.get(f"http://127.0.0.2:{port + 1}/healthz", timeout=5)
