"""Every request to GitHub lies between two points at which a crash test may kill: compared with what was received."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CheckRun
from tests.integrations.github import github_sandbox
from tests.integrations.github.conftest import Inkwell

NAMED = {"create_comment": "POST/repositories/N/issues/N/comments", "create_check": "POST/repositories/N/check-runs"}


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder of this test's own."""
    return tmp_path / "exchanges"


def received(folder: Path) -> list[str]:
    """Verb and path of each request the stand-in got, numbers and commits left out."""
    lines = [json.loads(line) for line in (folder / "github.jsonl").read_text().splitlines()]
    asked = [f"{line['method']}{line['path']}" for line in lines if line["kind"] == "exchange"]
    return [re.sub(r"\b(\d+|[0-9a-f]{40})\b", "N", each).replace("app/installations/N/", "") for each in asked]


def test_every_request_lies_between_two_points(inkwell: Inkwell, points: list[str], recorded: Path) -> None:
    pull = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend", body="Fixes #1", **{"as": "bo"})
    forge = GitHubForge(github_sandbox.settings_for(inkwell.github), inkwell.installations.get)
    before = len(received(recorded))
    forge.read_pull_request(inkwell.id, pull["number"])
    forge.read_issue(inkwell.id, 1)
    forge.create_comment(inkwell.id, 1, "Hello")
    forge.put_check_run(inkwell.id, CheckRun(pull["head_sha"], "T", "S", "http://127.0.0.1:1/claims/1"), None)
    with pytest.raises(OutsideGone):
        forge.read_issue(inkwell.id, 9999)
    asked = received(recorded)[before:]
    assert asked[0] == "POST/access_tokens" and "POST/graphql" in asked and len(asked) > 6
    names = [name.split(":")[1] for name in points]
    assert names[::2] == names[1::2]
    assert [NAMED.get(name, name) for name in names[::2]] == asked
