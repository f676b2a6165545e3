"""Business time of the sandboxes: moved with the application's, forward only, kept over a restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bountyhub.sandbox.clock import DAY, SandboxClock
from bountyhub.sandbox.config import SandboxConfig
from bountyhub.sandbox.store import Store
from tests.sandbox.shell.conftest import Application


def test_business_time_starts_as_real_time(tmp_path: Path) -> None:
    clock = SandboxClock(Store(tmp_path / "s"))
    assert 0 <= clock.now() - clock.real() <= 1


def test_moved_time_survives_a_restart(tmp_path: Path) -> None:
    SandboxClock(Store(tmp_path / "s")).advance(14)
    assert SandboxClock(Store(tmp_path / "s")).advance(1) == 15 * DAY


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_time_never_goes_back_nor_out_of_range(tmp_path: Path, days: int) -> None:
    clock = SandboxClock(Store(tmp_path / "s"))
    with pytest.raises(ValueError, match="between 1 and 3650"):
        clock.advance(days)
    assert clock.offset() == 0


def test_the_form_moves_the_application_first(
    client: FlaskClient, application: Application, config: SandboxConfig
) -> None:
    answer = client.post("/clock/advance", data={"days": "7"})
    assert answer.status_code == 303 and answer.location == "/?moved=7#clock"
    path, headers, body = application.asked[0]
    assert (path, body) == ("/sandbox/clock", {"days": 7})
    assert headers["X-Sandbox-Key"] == config.stripe_webhook_secret
    assert client.get("/clock").get_json()["offset_seconds"] == 7 * DAY


def test_a_refusing_application_keeps_both_clocks(client: FlaskClient, application: Application) -> None:
    application.status = 409
    answer = client.post("/clock/advance", data={"days": "7"})
    assert answer.status_code == 502 and "No time has passed" in answer.text
    assert client.get("/clock").get_json()["offset_seconds"] == 0


def test_nonsense_days_are_refused_before_anybody_is_asked(client: FlaskClient, application: Application) -> None:
    for days in ("", "0", "-7", "1.5", "soon", "100000"):
        assert client.post("/clock/advance", data={"days": days}).status_code == 400
    assert application.asked == []


def test_a_program_gets_the_new_time_as_json(client: FlaskClient) -> None:
    answer = client.post("/clock/advance", json={"days": 1}, headers={"Accept": "application/json"})
    assert answer.get_json()["offset_seconds"] == DAY
