"""The forge of `ports.forge` on GitHub: everything is asked for by numeric repository id, as the App.

Made once in `create_app` (and by the worker); jobs, handlers and a few pages call it through `ports.forge()`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

from bountyhub.bot.pauses import Pauses
from bountyhub.integrations.github import health, issues, lists, polling, pulls, pushes, reading
from bountyhub.integrations.github.client import Api, Clients, Json, by_name
from bountyhub.integrations.github.files import FileReads
from bountyhub.integrations.github.graph import Graph
from bountyhub.integrations.github.installations import Installations
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge import (
    CheckRun,
    CommentInfo,
    CommitInfo,
    ForgePerson,
    InstallationInfo,
    IssueInfo,
    Permission,
    PullRequestInfo,
    Pushed,
    RepositoryInfo,
)
from bountyhub.ports.forge_app import ForgeFinding, ForgeSite, NewApp
from bountyhub.ports.forge_lists import LabelInfo, MilestoneInfo, Narrowed
from bountyhub.ports.forge_polling import Attempts, ChangedItem, Changes
from bountyhub.settings import Settings

CHECK_NAME = "bountyhub"
#: Check run titles and summaries GitHub accepts.
LONGEST_TITLE, LONGEST_SUMMARY, LONGEST_COMMENT = 255, 65_000, 65_000


def _nobody(repository: int) -> str:
    return ""


class GitHubForge(FileReads):
    """Implements `ports.forge.Forge`; safe to use from many threads."""

    def __init__(
        self, settings: Settings, installation_of: Callable[[int], int | None],
        owner_of: Callable[[int], str] = _nobody, pauses: Pauses | None = None,
    ) -> None:  # fmt: skip
        """`installation_of` tells a repository's installation (forge ids of both), None when it has none.

        `owner_of` tells the name of the account that a repository (forge id) belongs to, "" when we don't know it.
        `pauses` keeps for how long GitHub asked us to wait.
        """
        key = settings.GITHUB_APP_PRIVATE_KEY.get_secret_value()
        clients = Clients(settings.GITHUB_API_URL, settings.GITHUB_APP_ID, key, pauses)
        self._settings, self._clients = settings, clients
        self._api = Api(clients)
        self._graph = Graph(self._api)
        self._installations = Installations(clients, self._api, installation_of, owner_of)
        self._web_url = settings.GITHUB_WEB_URL
        self._app_id, self._slug = settings.GITHUB_APP_ID, settings.GITHUB_APP_SLUG
        self._secret = settings.GITHUB_WEBHOOK_SECRET.get_secret_value().encode()

    @property
    def site(self) -> ForgeSite:
        web = self._web_url.rstrip("/")
        install_url = f"{web}/apps/{self._slug}/installations/new"
        return ForgeSite("github", "GitHub", web, install_url, f"{web}/settings/installations")

    # ------------------------------------------------------------ repositories and installations

    def find_repository(self, owner: str, name: str) -> RepositoryInfo:
        """By its name: for addresses that people paste."""
        path = by_name(f"{owner}/{name}")
        installation = self._installations.of_name(f"{owner}/{name}")
        return reading.repository(self._api.get_object(self._installations.reader(installation), path), installation)

    def read_repository(self, repository: int) -> RepositoryInfo:
        data = self._read(repository, "")
        return reading.repository(data, self._installations.of_name(data["full_name"]))

    def read_installation(self, installation: int) -> InstallationInfo:
        return reading.installation(self._installations.read(installation))

    def installations(self) -> list[int]:
        return self._installations.ids()

    def read_person(self, person: int) -> ForgePerson:
        return reading.person(self._api.get_object(self._installations.reader(None), f"/user/{person}"))

    def installed_repositories(self, installation: int) -> list[RepositoryInfo]:
        by = self._installations.reader(installation)
        found = self._api.get_list(by, "/installation/repositories", within="repositories", pages=50)
        for data in found:
            self._graph.learn(data)
        # Private repositories are nobody's business here: not even their names are kept.
        return [reading.repository(data, installation) for data in found if not data["private"]]

    # ------------------------------------------------------------ issues and comments

    def read_issue(self, repository: int, number: int) -> IssueInfo:
        by = self._installations.for_repository(repository)
        found = issues.read(self._graph, by, repository, number)
        if found is not None:
            return found
        data = self._read(repository, f"/issues/{number}")
        return reading.issue(data, self._home_of(data, repository))

    def open_issues(self, repository: int, page: int = 1) -> list[IssueInfo]:
        return lists.open_issues(self._api, self._installations.for_repository(repository), repository, page)

    def open_items(self, repository: int, page: int, narrowed: Narrowed) -> list[IssueInfo]:
        return lists.open_items(self._api, self._installations.for_repository(repository), repository, page, narrowed)

    def labels(self, repository: int) -> list[LabelInfo]:
        return lists.labels(self._api, self._installations.for_repository(repository), repository)

    def milestones(self, repository: int) -> list[MilestoneInfo]:
        return lists.milestones(self._api, self._installations.for_repository(repository), repository)

    def changed_issues(self, repository: int, since: datetime, etag: str = "") -> Changes[ChangedItem]:
        by = self._installations.for_repository(repository)
        return polling.changed_issues(self._api, by, repository, since, etag)

    def changed_comments(self, repository: int, since: datetime, etag: str = "") -> Changes[CommentInfo]:
        by = self._installations.for_repository(repository)
        return polling.changed_comments(self._api, by, repository, since, etag)

    def read_comment(self, repository: int, comment: int) -> CommentInfo:
        return reading.comment(self._read(repository, f"/issues/comments/{comment}"))

    def comments_since(self, repository: int, number: int, since: datetime) -> list[CommentInfo]:
        found = self._comments(repository, number, since=polling.iso(since))
        return sorted(map(reading.comment, found), key=lambda comment: comment.id)

    def find_own_comment(self, repository: int, number: int, marker: str) -> int | None:
        """Anybody can copy the marker, so the author counts too."""
        own = (item for item in self._comments(repository, number) if self._is_own(item))
        return next((int(item["id"]) for item in own if marker in (item.get("body") or "")), None)

    def create_comment(self, repository: int, number: int, body: str) -> int:
        text = {"body": body[:LONGEST_COMMENT]}
        return int(self._write(repository, "POST", f"/issues/{number}/comments", text, "create_comment")["id"])

    def edit_comment(self, repository: int, comment: int, body: str) -> bool:
        text = {"body": body[:LONGEST_COMMENT]}
        try:
            self._write(repository, "PATCH", f"/issues/comments/{comment}", text, "edit_comment")
        except OutsideGone:
            return False
        return True

    def is_hidden(self, repository: int, number: int, comment: int) -> bool:
        by = self._installations.for_repository(repository)
        return issues.is_hidden(self._graph, by, repository, number, comment)

    def add_label(self, repository: int, number: int, label: str) -> None:
        issues.add_label(self._api, self._installations.writer(repository), repository, number, label)

    def remove_label(self, repository: int, number: int, label: str) -> None:
        issues.remove_label(self._api, self._installations.writer(repository), repository, number, label)

    def react(self, repository: int, comment: int, reaction: str) -> None:
        self._write(repository, "POST", f"/issues/comments/{comment}/reactions", {"content": reaction}, "react")

    # ------------------------------------------------------------ pull requests

    def read_pull_request(self, repository: int, number: int) -> PullRequestInfo:
        by = self._installations.for_repository(repository)
        return pulls.read(self._graph, self._api, by, repository, number, self._web_url)

    def pulls_naming(self, repository: int, number: int) -> list[int]:
        by = self._installations.for_repository(repository)
        return pulls.naming(self._graph, self._api, by, repository, number, self._web_url)

    def put_check_run(self, repository: int, check: CheckRun, existing: int | None) -> int:
        body: Json = {
            "name": check.name,
            "status": "completed",
            "conclusion": "neutral",
            "details_url": check.details_url,
            "output": {"title": check.title[:LONGEST_TITLE], "summary": check.summary[:LONGEST_SUMMARY]},
        }
        if existing is not None:
            try:
                return int(self._write(repository, "PATCH", f"/check-runs/{existing}", body, "edit_check")["id"])
            except OutsideGone:
                pass  # somebody deleted the head's check suite: a new run takes its place
        body["head_sha"] = check.head_sha
        return int(self._write(repository, "POST", "/check-runs", body, "create_check")["id"])

    def find_check_run(self, repository: int, head_sha: str, name: str = CHECK_NAME) -> int | None:
        by = self._installations.for_repository(repository)
        path = f"/repositories/{repository}/commits/{head_sha}/check-runs"
        runs = self._api.get_list(by, path, within="check_runs", parameters={"check_name": name}, pages=1)
        own = [run for run in runs if str((run.get("app") or {}).get("id")) == self._app_id]
        return int(own[0]["id"]) if own else None

    def pushed(self, repository: int, branch: str, since: str, etag: str = "") -> Pushed:
        by = self._installations.for_repository(repository)
        return pushes.pushed(self._api, by, repository, branch, since, etag)

    def landed_commit(self, repository: int, sha: str, branches: Sequence[str]) -> CommitInfo | None:
        by = self._installations.for_repository(repository)
        return pushes.landed(self._api, by, repository, sha, branches)

    def find_person(self, repository: int, login: str) -> ForgePerson:
        by = self._installations.for_repository(repository)
        return reading.person(self._api.get_object(by, f"/users/{quote(login, safe='')}"))

    def pulls_of_commit(self, repository: int, sha: str) -> list[int]:
        return pushes.pulls_of(self._api, self._installations.for_repository(repository), repository, sha)

    # ------------------------------------------------------------ people and the App itself

    def permission(self, repository: int, person: ForgePerson) -> Permission:
        """GitHub asks by login: an answer about another id means that the login has passed on."""
        data = self._permission_of(repository, person.login) if person.id else None
        if data and data["user"] and data["user"]["id"] != person.id:
            data = self._permission_of(repository, self._login_of(repository, person.id))
        if not data or not data["user"] or data["user"]["id"] != person.id:
            return Permission.NONE
        return reading.permission(data)

    def create_app(self, code: str) -> NewApp:
        path = f"/app-manifests/{quote(code, safe='')}/conversions"
        return reading.new_app(self._api.write(self._clients.anybody, "POST", path, {}, name="create_app"))

    def check(self) -> str:
        return str(self._installations.app()["slug"])

    def attempts(self, cursor: str = "") -> Attempts:
        return polling.attempts(self._api, self._clients.app, cursor)

    def send_again(self, attempt: int) -> None:
        self._api.ask_for(self._clients.app, f"/app/hook/deliveries/{attempt}/attempts", name="send_again")

    def findings(self) -> list[ForgeFinding]:
        return health.findings(self._api, self._clients, self._settings)

    def verify_webhook(self, body: bytes, signature: str) -> None:
        expected = "sha256=" + hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape")):
            raise OutsideRefused("The webhook's signature is wrong.", "signature")

    def _read(self, repository: int, path: str) -> Json:
        return self._api.get_object(self._installations.for_repository(repository), f"/repositories/{repository}{path}")

    def _write(self, repository: int, verb: str, path: str, body: Json, name: str) -> Json:
        by = self._installations.writer(repository)
        return self._api.write(by, verb, f"/repositories/{repository}{path}", body, name=name)

    def _comments(self, repository: int, number: int, since: str = "") -> list[Json]:
        by = self._installations.for_repository(repository)
        path, limits = f"/repositories/{repository}/issues/{number}/comments", {"since": since} if since else {}
        return self._api.get_list(by, path, parameters=limits)

    def _is_own(self, item: Json) -> bool:
        if app := item.get("performed_via_github_app"):
            return str(app["id"]) == self._app_id
        author = reading.person(item.get("user"))
        return author.is_bot and author.login == f"{self._slug}[bot]"

    def _home_of(self, issue: Json, asked: int) -> int:
        """The repository an issue is in now: a transferred one answers from its new place, without its id.

        Looked at after the issue, so that what was read is public; raises OutsideGone where it isn't.
        """
        home: str = issue["repository_url"].rsplit("/repos/", 1)[-1]
        now = self._read(asked, "")
        if now["full_name"].lower() != home.lower():
            now = self._api.get_object(self._installations.for_repository(asked), by_name(home))
        if now["private"]:
            raise OutsideGone(f"issue {issue['number']} is in a private repository")
        return int(now["id"])

    def _permission_of(self, repository: int, login: str) -> Json | None:
        by = self._installations.for_repository(repository)
        path = f"/repositories/{repository}/collaborators/{quote(login, safe='')}/permission"
        try:
            answer = self._api.get(by, path)
        except OutsideGone:
            return None
        except OutsideRefused:
            if self._installations.is_on(repository):
                raise
            return None  # who may what is told only to Apps that are there
        return answer if isinstance(answer, dict) else None

    def _login_of(self, repository: int, person: int) -> str:
        by = self._installations.for_repository(repository)
        try:
            return str(self._api.get_object(by, f"/user/{person}")["login"])
        except OutsideGone:
            return ""
