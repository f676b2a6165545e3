"""What the forge says, as values: people, Ana's repository, issues, pull requests before and after their merge."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bountyhub.kit import clock
from bountyhub.ports.forge import (
    CommentInfo,
    CommitInfo,
    ForgePerson,
    IssueInfo,
    IssueRef,
    LinkSource,
    PullRequestInfo,
    RepositoryInfo,
    ReviewInfo,
)

ANA, BO, CLEO, DARA, EVE = (ForgePerson(n, name) for n, name in enumerate(["ana", "bo", "cleo", "dara", "eve"], 101))
BOT = ForgePerson(150, "helpful-bot[bot]", is_bot=True)
REPOSITORY = RepositoryInfo(
    id=9001, owner="ana", name="inkwell", default_branch="main", private=False, archived=False, licence="GPL-3.0",
    description="Notes", url="http://127.0.0.1/ana/inkwell", installation=77,
)  # fmt: skip
#: Somebody else's repository, a project of its own.
VICTIM = replace(REPOSITORY, id=9002, owner="victim", name="repo", url="http://127.0.0.1/victim/repo", installation=78)


def issue(number: int = 12, *, is_open: bool = True, **changes: Any) -> IssueInfo:
    """Issue `number` of Ana's repository."""
    made = IssueInfo(
        id=5_000_000_000 + number, repository=REPOSITORY.id, number=number, title=f"Export number {number}",
        body="Please.", labels=("enhancement",), is_open=is_open, author=DARA, url=f"{REPOSITORY.url}/issues/{number}",
    )  # fmt: skip
    return replace(made, **changes)


def closing(*numbers: int, repository: int = REPOSITORY.id) -> tuple[tuple[IssueRef, LinkSource], ...]:
    """Closing references to issues of a repository."""
    return tuple((IssueRef(repository, number), LinkSource.CLOSING) for number in numbers)


def pull(
    number: int = 40, *, closes: tuple[int, ...] = (12,), author: ForgePerson = BO, **changes: Any
) -> PullRequestInfo:
    """Pull request `number`, open, ready, into the default branch, closing those issues."""
    made = PullRequestInfo(
        id=6_000_000_000 + number, repository=REPOSITORY.id, number=number, title=f"Build it {number}",
        body="Fixes #12", url=f"{REPOSITORY.url}/pull/{number}", author=author, is_open=True, draft=False,
        merged=False, merged_at=None, merged_by=None, merge_sha="", head_sha=f"head{number}", base="main",
        base_is_default=True, closes=closing(*closes), commits=(), approvals=(),
    )  # fmt: skip
    return replace(made, **changes)


def commit_by(person: ForgePerson | None, *co_authors: str, known: tuple[ForgePerson, ...] = ()) -> CommitInfo:
    """A commit and its trailers; `known`: those whose address names their account."""
    return CommitInfo("c0ffee", "Build it", person, co_authors, tuple(one.id for one in known))


def merged(
    open_pull: PullRequestInfo, by: ForgePerson | None = ANA, at: datetime | None = None, **changes: Any
) -> PullRequestInfo:
    """The same pull request after its merge; moments of the forge are whole seconds."""
    at = (at or clock.now()).replace(microsecond=0) + timedelta(seconds=0 if at else 1)
    return replace(open_pull, is_open=False, merged=True, merged_by=by, merged_at=at, merge_sha="m", **changes)


def closed(open_pull: PullRequestInfo) -> PullRequestInfo:
    """The same pull request closed without a merge."""
    return replace(open_pull, is_open=False)


def approval(by: ForgePerson, of: PullRequestInfo) -> ReviewInfo:
    """An approving review on the head as it is."""
    return ReviewInfo(by, of.head_sha)


def comment(author: ForgePerson, number: int = 40, *, on_pull_request: bool = True) -> CommentInfo:
    """A comment under an issue or pull request."""
    return CommentInfo(id=7_000, number=number, body="", author=author, on_pull_request=on_pull_request)
