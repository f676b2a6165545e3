"""GitHub Enterprise Server: its API under /api/v3, GraphQL at /api/graphql, pages and sign-in at the root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.ports.forge import IssueRef
from bountyhub.sandbox.app import SandboxApp
from bountyhub.sandbox.github import calls
from bountyhub.sandbox.github.world import Urls
from bountyhub.settings import Settings
from tests.integrations.github.github_sandbox import GitHub, settings_for

ROOTS = ("/api/", "/login/", "/apps/")


@pytest.fixture
def enterprise(monkeypatch: pytest.MonkeyPatch, github: GitHub) -> Iterator[tuple[GitHub, Settings]]:
    """The stand-in as such a server: nothing of it under a folder of its own."""
    answer: Callable[..., Iterable[bytes]] = SandboxApp.wsgi_app
    asked: list[str] = []

    def at_the_root(app: SandboxApp, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        asked.append(path)
        environ["PATH_INFO"] = f"/github{path}" if path.startswith(ROOTS) else path
        return answer(app, environ, start_response)

    monkeypatch.setattr(SandboxApp, "wsgi_app", at_the_root)
    monkeypatch.setattr(calls, "Urls", lambda root: Urls(root.removesuffix("/github")))
    places = {"GITHUB_API_URL": f"{github.url}/api/v3", "GITHUB_WEB_URL": github.url}
    yield github, settings_for(github).model_copy(update=places)
    assert {"/api/graphql"} <= set(asked)
    assert not [path for path in asked if path.startswith("/github/") and "/control/" not in path]


def test_everything_is_asked_where_such_a_server_has_it(enterprise: tuple[GitHub, Settings]) -> None:
    github, ours = enterprise
    installation = github.do("install", account="ana", repos=["ana/inkwell"])["id"]
    id = GitHubForge(ours, lambda _: None).find_repository("ana", "inkwell").id
    forge = GitHubForge(ours, {id: installation}.get)
    made = github.do(
        "open_pull_request", repo="ana/inkwell", title="Mend", body=f"Fixes {github.url}/ana/inkwell/issues/1",
        **{"as": "bo"},
    )  # fmt: skip
    pull = forge.read_pull_request(id, made["number"])
    assert {reference for reference, _ in pull.closes} == {IssueRef(id, 1)}
    issue = forge.read_issue(id, 1)
    assert (issue.url, pull.url) == (
        f"{github.url}/ana/inkwell/issues/1", f"{github.url}/ana/inkwell/pull/{made['number']}",
    )  # fmt: skip
    forge.create_comment(id, 1, "Hello")
    github.do("rename_repository", repo="ana/inkwell", name="quill")
    assert forge.find_repository("ana", "inkwell").name == "quill"
    pages = [one.text for one in forge.findings() if not one.well]
    assert all(f"{github.url}/" in text for text in pages)


@pytest.mark.parametrize(
    ("api", "web", "fits"),
    [
        ("https://api.github.com", "https://github.com", True),
        ("https://ghe.example/api/v3", "https://ghe.example", True),
        ("https://api.octo.ghe.com", "https://octo.ghe.com", True),
        ("https://ghe.example/api/v3", "https://github.com", False),
        ("https://api.github.com", "https://ghe.example", False),
        ("https://ghe.example", "https://ghe.example", False),
        ("https://ghe.example/api/graphql", "https://ghe.example", False),
    ],
)
def test_both_addresses_are_of_one_github(github: GitHub, api: str, web: str, fits: bool) -> None:
    given = settings_for(github).model_dump() | {
        "STRIPE_SECRET_KEY": "sk_live_x", "STRIPE_API_BASE": "https://api.stripe.com", "SANDBOX_URL": "",
        "SMTP_URL": "smtps://mail.example", "GITHUB_API_URL": api, "GITHUB_WEB_URL": web,
    }  # fmt: skip
    if fits:
        assert (api, web) == (Settings(**given).GITHUB_API_URL, web)
        return
    with pytest.raises(ValidationError, match="one GitHub"):
        Settings(**given)
