"""What a repository lists: open issues, labels, milestones. Used by `forge.py`.

https://docs.github.com/en/rest/issues/issues#list-repository-issues
"""

from __future__ import annotations

from typing import Any

from github.Requester import Requester

from bountyhub.integrations.github import reading
from bountyhub.integrations.github.client import PAGE, Api, Json
from bountyhub.ports.forge import IssueInfo
from bountyhub.ports.forge_lists import LabelInfo, MilestoneInfo, Narrowed

ISSUES_A_PAGE = 30
#: So many pages of labels and milestones.
MOST_PAGES = 3
NEWEST = {"state": "open", "sort": "created", "direction": "desc"}


def open_issues(api: Api, by: Requester, repository: int, page: int) -> list[IssueInfo]:
    """GitHub mixes pull requests into its list, so ours is cut from the whole beginning of it."""
    wanted, listed = page * ISSUES_A_PAGE, list[Json]()
    for theirs in range(1, 11):
        found = api.get(by, f"/repositories/{repository}/issues", per_page=PAGE, page=theirs, **NEWEST)
        listed += [item for item in found if "pull_request" not in item]
        if len(listed) >= wanted or len(found) < PAGE:
            break
    return [reading.issue(item, repository) for item in listed[wanted - ISSUES_A_PAGE : wanted]]


def open_items(api: Api, by: Requester, repository: int, page: int, narrowed: Narrowed) -> list[IssueInfo]:
    """One page of GitHub's list as it is."""
    path, wanted = f"/repositories/{repository}/issues", _parameters(narrowed)
    found = api.get(by, path, per_page=PAGE, page=page, **NEWEST, **wanted)
    return [reading.issue(item, repository) for item in found]


def _parameters(narrowed: Narrowed) -> dict[str, Any]:
    """A comma stands between two labels for GitHub, so one in a label's name can't be asked for."""
    wanted: dict[str, Any] = {"milestone": narrowed.milestone} if narrowed.milestone else {}
    if narrowed.label and "," not in narrowed.label:
        wanted["labels"] = narrowed.label
    return wanted


def labels(api: Api, by: Requester, repository: int) -> list[LabelInfo]:
    """In GitHub's order, by name."""
    found = api.get_list(by, f"/repositories/{repository}/labels", pages=MOST_PAGES)
    return [LabelInfo(item["id"], item["name"]) for item in found]


def milestones(api: Api, by: Requester, repository: int) -> list[MilestoneInfo]:
    """Open ones, the next due first."""
    found = api.get_list(by, f"/repositories/{repository}/milestones", pages=MOST_PAGES, parameters={"state": "open"})
    return [MilestoneInfo(item["number"], item["title"]) for item in found]
