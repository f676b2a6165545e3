"""Reading an issue in one call; whether its comments are hidden; its labels. Used by `forge.py`."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

from github.Requester import Requester

from bountyhub.integrations.github import graph, reading
from bountyhub.integrations.github.client import Api, Json
from bountyhub.integrations.github.graph import WHO, Graph
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.ports.forge import IssueInfo

COLOUR, DESCRIPTION = "1a7f37", "Money is held for the merged solution of this issue"
ISSUE = """query($id: ID!, $number: Int!) { node(id: $id) { ... on Repository { databaseId isPrivate
  issue(number: $number) { fullDatabaseId number title body url state locked repository { databaseId isPrivate }
    author WHO labels(first: 100) { nodes { name } } } } } }""".replace("WHO", WHO)
HIDDEN = """query($id: ID!, $number: Int!) { node(id: $id) { ... on Repository { databaseId
  issue(number: $number) { comments(first: 100) { nodes { fullDatabaseId isMinimized } } } } } }"""


def read(asked: Graph, by: Requester, repository: int, number: int) -> IssueInfo | None:
    """An issue where it was asked for; None for what only REST can tell (moved, gone, or a pull request)."""
    found = (asked.ask(by, repository, ISSUE, number=number) or {}).get("issue")
    if not found or found["repository"]["databaseId"] != repository:
        return None
    if found["repository"]["isPrivate"]:
        raise OutsideGone(f"issue {number} is in a private repository")
    return _info(found, repository)


def _info(found: Json, repository: int) -> IssueInfo:
    author = reading.person(graph.person(found["author"]))
    labels = tuple(label["name"] for label in (found["labels"] or {"nodes": []})["nodes"] if label)
    return IssueInfo(
        id=int(found["fullDatabaseId"]), repository=repository, number=found["number"], title=found["title"],
        body=found["body"] or "", labels=labels, is_open=found["state"] == "OPEN", author=author, url=found["url"],
        locked=bool(found["locked"]),
    )  # fmt: skip


def is_hidden(asked: Graph, by: Requester, repository: int, number: int, comment: int) -> bool:
    """Whether a comment among the first hundred of an issue is minimised."""
    issue = (asked.ask(by, repository, HIDDEN, number=number) or {}).get("issue") or {}
    comments = (issue.get("comments") or {}).get("nodes") or []
    return any(one["isMinimized"] for one in comments if one and int(one["fullDatabaseId"]) == comment)


def ensure_label(api: Api, by: Requester, repository: int, label: str) -> None:
    """Make a label where the repository has none of that name; one that is there stays as it is."""
    path = f"/repositories/{repository}/labels"
    try:
        api.get_object(by, f"{path}/{quote(label, safe='')}")
        return
    except OutsideGone:
        pass
    body = {"name": label, "color": COLOUR, "description": DESCRIPTION}
    try:
        api.write(by, "POST", path, body, name="create_label")
    except OutsideRefused as refusal:
        if refusal.code != "already_exists":
            raise


def add_label(api: Api, by: Requester, repository: int, number: int, label: str) -> None:
    """Put it on; the issue's others stay."""
    ensure_label(api, by, repository, label)
    path = f"/repositories/{repository}/issues/{number}/labels"
    api.change_list(by, "POST", path, {"labels": [label]}, name="add_label")


def remove_label(api: Api, by: Requester, repository: int, number: int, label: str) -> None:
    """Take it off; it may not be there any more."""
    path = f"/repositories/{repository}/issues/{number}/labels/{quote(label, safe='')}"
    with suppress(OutsideGone):
        api.change_list(by, "DELETE", path, None, name="remove_label")
