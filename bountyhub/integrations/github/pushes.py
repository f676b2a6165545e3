"""What came onto a branch, and which pull requests brought a commit. Used by `forge.py`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import quote

from github.Requester import Requester

from bountyhub.integrations.github import reading
from bountyhub.integrations.github.client import PAGE, Api, Json
from bountyhub.kit import clock
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge import CommitInfo, Pushed

#: Of a branch whose head we don't know, as far as GitHub keeps failed deliveries.
FIRST_LOOK = timedelta(days=3)
FIRST_PAGES = 3
#: Pages of a hundred commits that one look goes through; the next one begins where it ended.
COMPARED_PAGES = 10


def pushed(api: Api, by: Requester, repository: int, branch: str, since: str, etag: str = "") -> Pushed:
    """Commits of a branch since a former head; since a few days where there is none, or a forced push removed it."""
    if since:
        try:
            return _compared(api, by, f"/repositories/{repository}/compare", branch, since, etag)
        except OutsideGone:
            pass
    return _latest(api, by, f"/repositories/{repository}/commits", branch)


def _compared(api: Api, by: Requester, path: str, branch: str, since: str, etag: str) -> Pushed:
    """GitHub lists what the branch has and `since` hasn't, oldest first."""
    path = f"{path}/{since}...{quote(branch, safe='')}"
    first, mark = api.get_if_changed(by, path, etag, per_page=PAGE, page=1)
    if first is None or not first["commits"]:
        return Pushed(since, (), mark)
    listed = first["commits"]
    if len(listed) == PAGE:
        listed = api.get_list(by, path, within="commits", pages=COMPARED_PAGES)
    found = tuple(map(reading.commit, listed))
    return Pushed(found[-1].sha if found else since, found)


def _latest(api: Api, by: Requester, path: str, branch: str) -> Pushed:
    since = (clock.now() - FIRST_LOOK).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        head = api.get(by, path, sha=branch, per_page=1)
        wanted: Json = {"sha": branch, "since": since}
        found = api.get_list(by, path, pages=FIRST_PAGES, parameters=wanted)
    except OutsideGone:
        return Pushed("", ())
    commits = tuple(map(reading.commit, reversed(found)))
    return Pushed(str(head[0]["sha"]) if head else "", commits)


def pulls_of(api: Api, by: Requester, repository: int, sha: str) -> list[int]:
    """https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit."""
    try:
        found = api.get_list(by, f"/repositories/{repository}/commits/{sha}/pulls", pages=1)
    except OutsideGone:
        return []
    except OutsideRefused as refusal:
        if refusal.code == "422":  # no commit has that hash
            return []
        raise
    here = (pull for pull in found if pull["base"]["repo"]["id"] == repository)
    return [int(pull["number"]) for pull in here if pull.get("merged_at")]


def landed(api: Api, by: Requester, repository: int, sha: str, branches: Sequence[str]) -> CommitInfo | None:
    """A commit that is on one of these branches: compared with it, it has nothing that the branch hasn't."""
    path = f"/repositories/{repository}"
    for branch in branches:
        try:
            found = api.get(by, f"{path}/compare/{quote(branch, safe='')}...{sha}", per_page=1)
        except OutsideGone:
            continue
        if found["status"] in ("behind", "identical"):
            return next(map(reading.commit, [api.get(by, f"{path}/commits/{sha}")]))
    return None
