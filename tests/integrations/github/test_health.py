"""What `doctor` finds at the stand-in: well as it is, and each fault by name with the page to click on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.ports.forge_app import ForgeFinding
from tests.integrations.github.github_sandbox import GitHub, settings_for
from tests.sandbox.github.test_deliveries import eventually

LESS = "checks:read,contents:read,issues:write,metadata:read"


def found(github: GitHub) -> dict[str, ForgeFinding]:
    forge = GitHubForge(settings_for(github), lambda _: None)
    return {finding.name: finding for finding in forge.findings()}


def faults(github: GitHub) -> dict[str, str]:
    return {name: finding.text for name, finding in found(github).items() if not finding.well}


def test_the_stand_in_is_well(github: GitHub) -> None:
    assert faults(github) == {}
    assert found(github)["forge rate limit"].text.endswith("there is none")
    github.do("install", account="ana")
    assert "calls left until" in found(github)["forge rate limit"].text
    assert "1, each" in found(github)["forge installations"].text


def test_each_missing_permission_is_named_with_its_reason_and_page(github: GitHub) -> None:
    github.do("app_asks", permissions=LESS)
    text = faults(github)["forge permissions"]
    assert "checks:write (shows in the merge box" in text
    assert "pull_requests:write (" in text
    assert "issues" not in text.partition("Add it")[0]
    assert text.endswith("/github/organizations/bountyhub-org/settings/apps/bountyhub/permissions")


def test_each_missing_event_is_named(github: GitHub) -> None:
    github.do("app_asks", events="issues,push")
    assert "isn’t told of issue_comment, pull_request, repository. Tick it" in faults(github)["forge events"]


def test_an_installation_that_lacks_a_permission_is_named_with_its_page(github: GitHub) -> None:
    github.do("app_asks", permissions=LESS)
    made = github.do("install", account="ana")
    text = faults(github)["forge installations"]
    assert "ana hasn’t accepted checks:write, pull_requests:write" in text
    assert f"/settings/installations/{made['id']}" in text


def test_webhooks_that_go_elsewhere_are_a_fault(github: GitHub) -> None:
    ours = settings_for(github).model_copy(update={"PUBLIC_URL": "https://bounties.example"})
    told = {one.name: one for one in GitHubForge(ours, lambda _: None).findings()}
    assert "instead of https://bounties.example/webhooks/github" in told["forge webhook"].text


def test_deliveries_that_nobody_takes_are_a_fault(github: GitHub) -> None:
    github.do("install", account="ana")
    eventually(lambda: "forge deliveries" in faults(github))
    text = faults(github)["forge deliveries"]
    assert "installation.created" in text
    assert "reached from outside?" in text


@pytest.mark.parametrize(("off", "says"), [(120, "ahead of"), (-600, "behind")])
def test_a_wrong_clock_is_told(github: GitHub, monkeypatch: pytest.MonkeyPatch, off: int, says: str) -> None:
    real = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(seconds=off))
    assert says in faults(github)["forge clock"]


@pytest.mark.parametrize("secondary", [True, False])
def test_a_limit_that_ran_out_is_told(github: GitHub, secondary: bool) -> None:
    github.do("limit_rate", seconds=60, secondary=secondary)
    assert "Limited: GET /app: 403" in faults(github)["forge permissions"]
