"""A code forge as the domain sees it: forge-neutral values read through the App, and the few things the bot writes.

People, repositories and issues are known by the forge's numeric ids; names are for showing only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Protocol, runtime_checkable

from bountyhub.ports.forge_app import AppForge
from bountyhub.ports.forge_files import ForgeFiles
from bountyhub.ports.forge_lists import ForgeLists
from bountyhub.ports.forge_polling import Changes, PollingForge
from bountyhub.ports.forge_writing import ForgeWriting


class Permission(IntEnum):
    """What a person may do in a repository, in growing order."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


@dataclass(frozen=True)
class ForgePerson:
    """A person (or bot) of the forge; `id` 0 means a deleted account."""

    id: int
    login: str
    is_bot: bool = False
    avatar_url: str = ""
    name: str = ""


@dataclass(frozen=True)
class RepositoryInfo:
    """A repository as it stands; `installation` is None when the App isn't installed on it."""

    id: int
    owner: str
    name: str
    default_branch: str
    private: bool
    archived: bool
    licence: str
    description: str
    url: str
    installation: int | None
    created_at: datetime | None = None


@dataclass(frozen=True)
class IssueInfo:
    """An issue as it stands. `repository` may differ from the one asked for (transferred)."""

    id: int
    repository: int
    number: int
    title: str
    body: str
    labels: tuple[str, ...]
    is_open: bool
    author: ForgePerson
    url: str
    is_pull_request: bool = False
    #: Only people with write access may comment there.
    locked: bool = False


@dataclass(frozen=True)
class IssueRef:
    """An issue named by repository id and number."""

    repository: int
    number: int


class LinkSource(StrEnum):
    """How a pull request was found to stand for a task."""

    CLOSING = "closing"
    KEYWORD = "keyword"
    COMMAND = "command"
    #: No pull request was merged: a decider said where the change is.
    LANDED = "landed"


@dataclass(frozen=True)
class TakenBack:
    """What a commit or pull request says it reverts: a commit (its hash or the beginning of it), a pull request of
    the same repository by its number, or a change by its title."""

    sha: str = ""
    pull: int = 0
    title: str = ""


@dataclass(frozen=True)
class CommitInfo:
    """One commit. `author` is None where the forge knows no account; `at`: when it was made (its committer's word).

    Co-authors from trailers: forge ids where the address there holds one, else what the trailer says.
    """

    sha: str
    message: str
    author: ForgePerson | None
    co_authors: tuple[str, ...] = ()
    co_author_ids: tuple[int, ...] = ()
    url: str = ""
    at: datetime | None = None
    takes_back: tuple[TakenBack, ...] = ()


@dataclass(frozen=True)
class Pushed:
    """What came onto a branch, oldest first; `head` is the last commit that was looked at, empty for no branch.

    `etag` is the forge's mark for nothing having come since `head`; empty where something may have.
    """

    head: str
    commits: tuple[CommitInfo, ...]
    etag: str = ""


@dataclass(frozen=True)
class ReviewInfo:
    """An approving review and the head it was given on."""

    person: ForgePerson
    sha: str


@dataclass(frozen=True)
class PullRequestInfo:
    """A pull request as it stands, with everything that decides about money.

    `closes` are the issues it closes by the forge's own list, and by closing keywords in title, body or commits;
    `merged_by` is None while it isn't merged. Only `merged` means merged. `paths`: the first hundred files that it
    changes, or none where they aren't known.
    """

    id: int
    repository: int
    number: int
    title: str
    body: str
    url: str
    author: ForgePerson
    is_open: bool
    draft: bool
    merged: bool
    merged_at: datetime | None
    merged_by: ForgePerson | None
    merge_sha: str
    head_sha: str
    base: str
    base_is_default: bool
    closes: tuple[tuple[IssueRef, LinkSource], ...]
    commits: tuple[CommitInfo, ...]
    approvals: tuple[ReviewInfo, ...]
    #: Who put it into the queue, where a bot or a queue merged it.
    enqueued_by: ForgePerson | None = None
    takes_back: tuple[TakenBack, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommentInfo:
    """A comment on an issue or pull request (`number` names either); `edited` since it was written, by whomever."""

    id: int
    number: int
    body: str
    author: ForgePerson
    on_pull_request: bool
    edited: bool = False
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True)
class CheckRun:
    """What to show in a pull request's merge box; always neutral: money never blocks a merge."""

    head_sha: str
    title: str
    summary: str
    details_url: str
    name: str = "bountyhub"


@dataclass(frozen=True)
class InstallationInfo:
    """An installation of the App on an account."""

    id: int
    account_id: int
    account: str
    suspended: bool
    #: Permissions that are needed and weren't given, as the forge words them.
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForgeEvent:
    """A verified delivery, parsed: only a hint what to read again. Ids are None where the event has none.

    `event` and `action` are words of the table in `bot.handlers`, into which every forge's own are translated.

    `comment_body` is what a comment said when the event happened: only to be compared with what it says now.
    `label` is the one that was put on or taken off, `label_id` its number; `paths` the files that a push touched, as
    far as it names them.
    """

    event: str
    action: str
    installation: int | None
    repository: int | None
    issue: int | None
    pull_request: int | None
    comment: int | None
    sender: ForgePerson | None
    is_own_app: bool
    #: Our own App's account did it (`is_own_app`: or it happened to a comment of ours).
    is_by_us: bool = False
    comment_body: str = ""
    label: str = ""
    label_id: int | None = None
    ref: str = ""
    paths: tuple[str, ...] = ()


@runtime_checkable
class Forge(AppForge, ForgeFiles, ForgeLists, ForgeWriting, PollingForge, Protocol):
    """A code forge. Every method may raise the errors of `ports.errors`. Repositories are named by id.

    Reads use the installation's token where `installation` is known, else the App's public access. Issues and pull
    requests of private repositories are gone, whoever may read them.
    """

    def find_repository(self, owner: str, name: str) -> RepositoryInfo: ...

    def read_repository(self, repository: int) -> RepositoryInfo: ...

    def read_installation(self, installation: int) -> InstallationInfo: ...

    def installations(self) -> list[int]:
        """Every installation of the App, suspended ones too."""

    def read_person(self, person: int) -> ForgePerson:
        """An account by its number, with its login of now; raises OutsideGone when it was deleted."""

    def installed_repositories(self, installation: int) -> list[RepositoryInfo]:
        """The public repositories an installation covers."""

    def read_issue(self, repository: int, number: int) -> IssueInfo: ...

    def read_pull_request(self, repository: int, number: int) -> PullRequestInfo: ...

    def pulls_naming(self, repository: int, number: int) -> list[int]:
        """Numbers of the open pull requests that seem to close an issue; which they really close, each one tells."""

    def pushed(self, repository: int, branch: str, since: str, etag: str = "") -> Pushed:
        """What came onto a branch since a commit (a former `head`), or in the last days where it is empty or gone."""

    def landed_commit(self, repository: int, sha: str, branches: Sequence[str]) -> CommitInfo | None:
        """A commit, by its hash or the beginning of it, when it is on one of these branches."""

    def find_person(self, repository: int, login: str) -> ForgePerson:
        """Somebody by their name, asked for as the App in a repository; raises OutsideGone."""

    def pulls_of_commit(self, repository: int, sha: str) -> list[int]:
        """Numbers of the merged pull requests that brought a commit, by its hash or the beginning of it."""

    def permission(self, repository: int, person: ForgePerson) -> Permission: ...

    def read_comment(self, repository: int, comment: int) -> CommentInfo: ...

    def comments_since(self, repository: int, number: int, since: datetime) -> list[CommentInfo]:
        """Those on an issue or pull request that were written or changed since a moment, in the order of their ids."""

    def changed_comments(self, repository: int, since: datetime, etag: str = "") -> Changes[CommentInfo]:
        """The same for a whole repository, oldest change first; none where the list still is what `etag` stands for."""

    def put_check_run(self, repository: int, check: CheckRun, existing: int | None) -> int:
        """Create or update the App's check run on a head; the id of the one that stands there now."""

    def find_check_run(self, repository: int, head_sha: str, name: str = "bountyhub") -> int | None: ...
