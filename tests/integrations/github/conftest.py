"""Fixtures of the GitHub tests: the stand-in, the forge on it, Ana's installed repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock, faults
from tests.integrations.github import github_sandbox
from tests.integrations.github.github_sandbox import GitHub
from tests.integrations.github.hub import Hub


@pytest.fixture
def github(tmp_path: Path, recorded: Path) -> Iterator[GitHub]:
    """A fresh GitHub stand-in."""
    running = github_sandbox.start(tmp_path, recorded=recorded)
    yield running
    running.running.stop()


@dataclass
class Inkwell:
    """Ana's editor with the App installed; `installations` is what our database would know."""

    github: GitHub
    forge: GitHubForge
    id: int
    installation: int
    installations: dict[int, int]

    full_name = "ana/inkwell"


@pytest.fixture
def inkwell(github: GitHub) -> Inkwell:
    installation = github.do("install", account="ana", repos=["ana/inkwell"])["id"]
    id = github.repository("ana/inkwell")
    known = {id: installation}
    forge = GitHubForge(github_sandbox.settings_for(github), known.get)
    return Inkwell(github, forge, id, installation, known)


@pytest.fixture
def hub(github: GitHub, sqlite: str) -> Hub:
    """An instance on the stand-in, with the App on Ana's editor."""
    assert sqlite
    return _begin(github)


@pytest.fixture
def any_hub(github: GitHub, database: str) -> Hub:
    """The same, on both engines."""
    assert database
    return _begin(github)


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    """A test that moved business time moves it back."""
    yield
    clock.set_offset(timedelta(0))


def _begin(github: GitHub) -> Hub:
    begun = Hub.begin(github)
    begun.install()
    return begun


@pytest.fixture
def points(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of the crash-test points that are passed."""
    passed: list[str] = []
    monkeypatch.setattr(faults, "point", passed.append)
    yield passed
