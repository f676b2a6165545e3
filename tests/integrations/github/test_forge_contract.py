"""GitHub keeps the contract of a forge: the same tests that any other forge must pass, at its stand-in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from bountyhub.integrations.github.forge import GitHubForge
from tests.integrations.github import github_sandbox
from tests.integrations.github.github_sandbox import GitHub

pytest.register_assert_rewrite("tests.ports.forge_contract", "tests.ports.forge_contract_pulls")
from tests.ports.forge_contract import ForgeContract  # noqa: E402
from tests.ports.forge_place import MAINTAINER, OWNER, STRANGER, TRIAGER, Home  # noqa: E402


class GitHubPlace:
    """`ForgePlace` at the stand-in, whose buttons do what people do."""

    def __init__(self, github: GitHub) -> None:
        self._github, self._names, self._counter = github, dict[int, str](), itertools.count(1)
        self._installed = int(github.do("install", account=OWNER)["id"])
        known = dict.fromkeys([github.repository("ana/inkwell")], self._installed)
        self._known = known
        self.forge = GitHubForge(github_sandbox.settings_for(github), known.get)

    def _do(self, action: str, home: Home, **given: Any) -> dict[str, Any]:
        named = {name.removesuffix("_"): value for name, value in given.items()}
        return self._github.do(action, repo=self._names[home.id], **named)

    def new_home(self) -> Home:
        name = f"home-{next(self._counter)}"
        id = int(self._github.do("create_repository", owner=OWNER, name=name)["id"])
        self._names[id], self._known[id] = f"{OWNER}/{name}", self._installed
        home = Home(id, OWNER, name)
        for login, role in ((MAINTAINER, "maintain"), (TRIAGER, "triage")):
            self._do("set_permission", home, login=login, role=role)
        return home

    def person(self, login: str) -> int:
        return self._github.person(login)

    def rename(self, home: Home, name: str) -> None:
        self._do("rename_repository", home, name=name)
        self._names[home.id] = f"{OWNER}/{name}"

    def hide(self, home: Home) -> None:
        self._do("privatize", home)

    def archive(self, home: Home) -> None:
        self._do("archive_repository", home)

    def open_issue(self, home: Home, title: str, body: str = "") -> int:
        return _number(self._do("open_issue", home, title=title, body=body, as_=STRANGER))

    def close(self, home: Home, number: int) -> None:
        self._do("close", home, number=number)

    def lock(self, home: Home, number: int) -> None:
        self._do("lock", home, number=number)

    def open_pull(
        self, home: Home, body: str = "", *, by: str = TRIAGER, base: str = "", draft: bool = False,
        commits: tuple[str, ...] = ("Mend it",), co_author: str = "",
    ) -> int:  # fmt: skip
        authors = [co_author] if co_author else []
        made = self._do("open_pull_request", home, title="Mend it", body=body, as_=by, base=base, draft=draft,
                        commits=list(commits), co_authors=authors)  # fmt: skip
        return _number(made)

    def merge(self, home: Home, number: int, *, by: str = OWNER, squash: bool = False) -> None:
        self._do("merge", home, number=number, as_=by, method="squash" if squash else "merge")

    def approve(self, home: Home, number: int, *, by: str) -> None:
        self._do("review", home, number=number, as_=by)

    def push(self, home: Home, message: str) -> str:
        (sha,) = self._do("push", home, messages=[message])["commits"]
        return str(sha)

    def push_to_pull(self, home: Home, number: int) -> None:
        self._do("push", home, number=number)

    def comment(self, home: Home, number: int, body: str, *, by: str = STRANGER) -> int:
        return int(self._do("comment", home, number=number, body=body, as_=by)["id"])

    def edit_comment(self, home: Home, comment: int, body: str) -> None:
        self._do("edit_comment", home, id=comment, body=body)

    def delete_comment(self, home: Home, comment: int) -> None:
        self._do("delete_comment", home, id=comment)

    def minimise(self, home: Home, comment: int) -> None:
        self._do("hide_comment", home, id=comment)

    def reactions(self, home: Home, comment: int) -> list[str]:
        address = f"{self._github.url}/github/api/v3/repos/{self._names[home.id]}/issues/comments/{comment}/reactions"
        return [str(one["content"]) for one in requests.get(address, timeout=10).json()]

    def installation(self) -> int:
        return self._installed

    def suspend(self) -> None:
        self._github.do("suspend", account=OWNER)

    def unsuspend(self) -> None:
        self._github.do("unsuspend", account=OWNER)

    def uninstall(self) -> None:
        self._github.do("uninstall", account=OWNER)

    def signature(self, body: bytes) -> str:
        return github_sandbox.signature(body)


def _number(made: dict[str, Any]) -> int:
    return int(made["number"])


def _begin(folder: Path) -> Iterator[GitHubPlace]:
    running = github_sandbox.start(folder)
    yield GitHubPlace(running)
    running.running.stop()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubPlace]:
    yield from _begin(tmp_path_factory.mktemp("place"))


@pytest.fixture
def fresh_place(tmp_path: Path) -> Iterator[GitHubPlace]:
    yield from _begin(tmp_path)


class TestGitHub(ForgeContract):
    """All that `ForgeContract` asks for."""
