"""A forge that shows repositories by name and their open issues, besides what the play forge shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import InstallationInfo, IssueInfo, RepositoryInfo
from tests.builders.play_forge import PlayForge
from tests.builders.world import ANA, REPOSITORY, issue

#: A repository that the App isn't on.
ELSEWHERE = replace(
    REPOSITORY, id=9100, owner="eve", name="almanac", installation=None, url="http://127.0.0.1/eve/almanac"
)


@dataclass
class ShowingForge(PlayForge):
    """`shown` repositories by full name; issues by number, whatever the repository."""

    shown: dict[str, RepositoryInfo] = field(
        default_factory=lambda: {f"{r.owner}/{r.name}": r for r in (REPOSITORY, ELSEWHERE)}
    )
    issues: dict[int, IssueInfo] = field(default_factory=lambda: {number: issue(number) for number in range(12, 16)})
    covered: list[RepositoryInfo] = field(default_factory=lambda: [REPOSITORY])

    def find_repository(self, owner: str, name: str) -> RepositoryInfo:
        self._call("find_repository", f"{owner}/{name}")
        if f"{owner}/{name}" not in self.shown:
            raise OutsideGone(name)
        return self.shown[f"{owner}/{name}"]

    def read_issue(self, repository: int, number: int) -> IssueInfo:
        if number not in self.issues:
            raise OutsideGone(str(number))
        found = self.issues[number]
        return replace(found, repository=repository) if found.repository == REPOSITORY.id else found

    def open_issues(self, repository: int, page: int = 1) -> list[IssueInfo]:
        self._call("open_issues", str(page))
        return [issue(12), issue(13)] if page == 1 else []

    def read_installation(self, installation: int) -> InstallationInfo:
        return InstallationInfo(installation, ANA.id, "ana", suspended=False)

    def installed_repositories(self, installation: int) -> list[RepositoryInfo]:
        return self.covered
