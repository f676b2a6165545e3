"""The forge inside the test's process: it answers from dictionaries and remembers what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bountyhub import settings
from bountyhub.kit import ids
from bountyhub.ports.errors import OutsideGone
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
from tests.builders.disputes import Failing


@dataclass
class PlayForge(Failing):
    """A forge that shows the pull requests, issues and permissions it was given."""

    pulls: dict[int, PullRequestInfo] = field(default_factory=dict)
    issues: dict[int, IssueInfo] = field(default_factory=dict)
    permissions: dict[int, Permission] = field(default_factory=dict)
    repositories: dict[int, RepositoryInfo] = field(default_factory=dict)
    branches: dict[str, list[CommitInfo]] = field(default_factory=dict)
    people: dict[int, ForgePerson] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> ForgeSite:
        ours = settings.current()
        web = ours.GITHUB_WEB_URL
        install_url = f"{web}/apps/{ours.GITHUB_APP_SLUG}/installations/new"
        return ForgeSite("github", "GitHub", web, install_url, f"{web}/settings/installations")

    def find_repository(self, owner: str, name: str) -> RepositoryInfo:
        raise OutsideGone(f"{owner}/{name}")

    def read_repository(self, repository: int) -> RepositoryInfo:
        if repository not in self.repositories:
            raise OutsideGone(str(repository))
        return self.repositories[repository]

    def read_installation(self, installation: int) -> InstallationInfo:
        raise OutsideGone(str(installation))

    def installations(self) -> list[int]:
        return []

    def read_person(self, person: int) -> ForgePerson:
        if person not in self.people:
            raise OutsideGone(str(person))
        return self.people[person]

    def installed_repositories(self, installation: int) -> list[RepositoryInfo]:
        return []

    def read_issue(self, repository: int, number: int) -> IssueInfo:
        self._call("read_issue", str(number))
        if number not in self.issues:
            raise OutsideGone(str(number))
        return self.issues[number]

    def open_issues(self, repository: int, page: int = 1) -> list[IssueInfo]:
        return []

    def open_items(self, repository: int, page: int, narrowed: Narrowed) -> list[IssueInfo]:
        """Every issue that is open, of whatever milestone, 100 a page."""
        self._call("open_items", str(page))
        wanted = {narrowed.label} - {""}
        found = [one for one in self.issues.values() if one.is_open and wanted <= set(one.labels)]
        return sorted(found, key=lambda one: -one.number)[(page - 1) * 100 : page * 100]

    def labels(self, repository: int) -> list[LabelInfo]:
        names = sorted({name for one in self.issues.values() for name in one.labels})
        return [LabelInfo(800 + place, name) for place, name in enumerate(names)]

    def milestones(self, repository: int) -> list[MilestoneInfo]:
        return [MilestoneInfo(3, "Three")]

    def read_pull_request(self, repository: int, number: int) -> PullRequestInfo:
        self._call("read_pull_request", str(number))
        if number not in self.pulls:
            raise OutsideGone(str(number))
        return self.pulls[number]

    def pulls_naming(self, repository: int, number: int) -> list[int]:
        self._call("pulls_naming", str(number))
        named = (pull for pull in self.pulls.values() if pull.is_open)
        return [pull.number for pull in named if number in {reference.number for reference, _ in pull.closes}]

    def changed_issues(self, repository: int, since: datetime, etag: str = "") -> Changes[ChangedItem]:
        return Changes((), since)

    def last_change(self, repository: int, branch: str, path: str) -> str:
        self._call("last_change", path)
        return ids.keyed(self.files[path])[:40] if path in self.files else ""

    def read_file(self, repository: int, path: str, ref: str) -> str | None:
        self._call("read_file", path)
        return self.files.get(path)

    def changes_file(self, repository: int, number: int, path: str) -> bool:
        return number in self.pulls and path in self.pulls[number].paths

    def changed_comments(self, repository: int, since: datetime, etag: str = "") -> Changes[CommentInfo]:
        return Changes((), since)

    def attempts(self, cursor: str = "") -> Attempts:
        return Attempts(())

    def send_again(self, attempt: int) -> None:
        self._call("send_again", str(attempt))

    def pushed(self, repository: int, branch: str, since: str, etag: str = "") -> Pushed:
        self._call("pushed", branch)
        commits = self.branches.get(branch, [])
        known = [commit.sha for commit in commits]
        fresh = commits[known.index(since) + 1 :] if since in known else commits
        return Pushed(known[-1] if known else since, tuple(fresh))

    def landed_commit(self, repository: int, sha: str, branches: Sequence[str]) -> CommitInfo | None:
        here = [commit for branch in branches for commit in self.branches.get(branch, [])]
        return next((commit for commit in here if commit.sha.startswith(sha)), None)

    def find_person(self, repository: int, login: str) -> ForgePerson:
        found = [person for person in self.people.values() if person.login.lower() == login.lower()]
        if not found:
            raise OutsideGone(login)
        return found[0]

    def pulls_of_commit(self, repository: int, sha: str) -> list[int]:
        brought = [p for p in self.pulls.values() if p.merged]
        return [p.number for p in brought if any(one.startswith(sha) for one in _hashes(p))]

    def permission(self, repository: int, person: ForgePerson) -> Permission:
        return self.permissions.get(person.id, Permission.READ)

    def read_comment(self, repository: int, comment: int) -> CommentInfo:
        raise OutsideGone(str(comment))

    def comments_since(self, repository: int, number: int, since: datetime) -> list[CommentInfo]:
        return []

    def find_own_comment(self, repository: int, number: int, marker: str) -> int | None:
        return None

    def create_comment(self, repository: int, number: int, body: str) -> int:
        self._call("create_comment", body)
        return 1

    def edit_comment(self, repository: int, comment: int, body: str) -> bool:
        self._call("edit_comment", body)
        return True

    def is_hidden(self, repository: int, number: int, comment: int) -> bool:
        return False

    def add_label(self, repository: int, number: int, label: str) -> None:
        self._call("add_label", label)

    def remove_label(self, repository: int, number: int, label: str) -> None:
        self._call("remove_label", label)

    def react(self, repository: int, comment: int, reaction: str) -> None:
        self._call("react", reaction)

    def put_check_run(self, repository: int, check: CheckRun, existing: int | None) -> int:
        self._call("put_check_run", check.title)
        return existing or 1

    def find_check_run(self, repository: int, head_sha: str, name: str = "bountyhub") -> int | None:
        return None

    def create_app(self, code: str) -> NewApp:
        self._call("create_app", code)
        return NewApp(77001, "bountyhub-new", "Iv1.new", "a key", "a hook's secret", "a client's secret")

    def findings(self) -> list[ForgeFinding]:
        self._call("findings")
        return [ForgeFinding("forge permissions", True, "all that is needed")]

    def check(self) -> str:
        return "bountyhub"

    def verify_webhook(self, body: bytes, signature: str) -> None:
        raise AssertionError("no test verifies through this forge")


def _hashes(pull: PullRequestInfo) -> list[str]:
    return [pull.merge_sha, *(commit.sha for commit in pull.commits)]
