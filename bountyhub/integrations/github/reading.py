"""GitHub's JSON as the forge-neutral values of `ports.forge`. Pure; used by `forge.py` and `deliveries.py`."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bountyhub.bot import reverts
from bountyhub.integrations.github import needs
from bountyhub.ports.forge import (
    CommentInfo,
    CommitInfo,
    ForgePerson,
    InstallationInfo,
    IssueInfo,
    Permission,
    RepositoryInfo,
    ReviewInfo,
)
from bountyhub.ports.forge_app import NewApp
from bountyhub.ports.forge_polling import Attempt, ChangedItem

Json = dict[str, Any]

_CO_AUTHOR = re.compile(r"^co-authored-by:[ \t]*(.{3,300}?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
#: The address GitHub gives people who hide theirs.
#: https://docs.github.com/en/account-and-profile/reference/email-addresses-reference
_NOREPLY = re.compile(r"<([0-9]{1,18})\+[^@<>\s]+@users\.noreply\.[^@<>\s]+>", re.IGNORECASE)
#: The login that nobody else can have: https://github.com/ghost.
GHOST = "ghost"
_ROLES = {
    "none": Permission.NONE,
    "read": Permission.READ,
    "triage": Permission.TRIAGE,
    "write": Permission.WRITE,
    "maintain": Permission.MAINTAIN,
    "admin": Permission.ADMIN,
}


def person(data: Json | None) -> ForgePerson:
    """A user, organisation or bot; a deleted account is sent as null, or as the user who stands for all of them."""
    if not data or data["login"] == GHOST:
        return ForgePerson(0, GHOST)
    return ForgePerson(
        id=data["id"], login=data["login"], is_bot=data.get("type") == "Bot",
        avatar_url=data.get("avatar_url") or "", name=data.get("name") or "",
    )  # fmt: skip


def repository(data: Json, installation: int | None) -> RepositoryInfo:
    """A repository; GitHub's `NOASSERTION` means that no licence was recognised."""
    licence = (data.get("license") or {}).get("spdx_id") or ""
    return RepositoryInfo(
        id=data["id"], owner=data["owner"]["login"], name=data["name"],
        default_branch=data.get("default_branch") or "main", private=bool(data["private"]),
        archived=bool(data.get("archived")), licence="" if licence == "NOASSERTION" else licence,
        description=data.get("description") or "", url=data["html_url"], installation=installation,
        created_at=moment(data["created_at"]) if data.get("created_at") else None,
    )  # fmt: skip


def issue(data: Json, repository_id: int) -> IssueInfo:
    """An issue (or a pull request seen as one)."""
    return IssueInfo(
        id=data["id"], repository=repository_id, number=data["number"], title=data["title"],
        body=data.get("body") or "", labels=tuple(_label(label) for label in data.get("labels") or ()),
        is_open=data["state"] == "open", author=person(data.get("user")), url=data["html_url"],
        is_pull_request=bool(data.get("pull_request")), locked=bool(data.get("locked")),
    )  # fmt: skip


def comment(data: Json) -> CommentInfo:
    """A comment on an issue or pull request; only its address says which."""
    number = int(data["issue_url"].rsplit("/", 1)[-1])
    on_pull_request = f"/pull/{number}#" in data["html_url"]
    return CommentInfo(
        data["id"], number, data.get("body") or "", person(data.get("user")), on_pull_request,
        edited=data["updated_at"] != data["created_at"], created_at=moment(data["created_at"]),
        updated_at=moment(data["updated_at"]),
    )  # fmt: skip


def changed_item(data: Json) -> ChangedItem:
    """An issue or pull request in a list of issues."""
    return ChangedItem(data["number"], "pull_request" in data, datetime.fromisoformat(data["updated_at"]))


def attempt(data: Json) -> Attempt:
    """A line of the App's delivery log."""
    event = ".".join(filter(None, (data["event"], data.get("action"))))
    taken = 200 <= int(data["status_code"]) < 300
    return Attempt(data["id"], data["guid"], event, datetime.fromisoformat(data["delivered_at"]), taken)


def commit(data: Json) -> CommitInfo:
    """One commit; `author` is null where no account has that address."""
    message = data["commit"]["message"]
    author = person(data["author"]) if data.get("author") else None
    trailers = {trailer: _NOREPLY.search(trailer) for trailer in _CO_AUTHOR.findall(message)}
    nameless = tuple(trailer for trailer, found in trailers.items() if found is None)
    ids = tuple(int(found[1]) for found in trailers.values() if found is not None)
    made = (data["commit"].get("committer") or {}).get("date")
    return CommitInfo(
        data["sha"], message, author, nameless, ids, url=data.get("html_url") or "", at=moment(made),
        takes_back=reverts.of_message(message),
    )  # fmt: skip


def approvals(reviews: list[Json]) -> tuple[ReviewInfo, ...]:
    """Each reviewer's approval that still stands: a later request for changes (or a dismissal) takes it back."""
    last: dict[int, Json] = {}
    for review in reviews:
        if review.get("user") and review["state"] in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED"):
            last[review["user"]["id"]] = review
    standing = [review for review in last.values() if review["state"] == "APPROVED"]
    return tuple(ReviewInfo(person(review["user"]), review.get("commit_id") or "") for review in standing)


def permission(data: Json) -> Permission:
    """`role_name` tells maintain from write; a role of the organisation's own making counts as its base."""
    roles = (data.get("role_name"), data.get("permission"))
    return next((_ROLES[role] for role in roles if role in _ROLES), Permission.NONE)


def installation(data: Json) -> InstallationInfo:
    """An installation of the App."""
    account = data["account"]
    return InstallationInfo(
        data["id"], account["id"], account.get("login") or account.get("slug") or "", bool(data["suspended_at"]),
        needs.missing(data.get("permissions") or {}),
    )  # fmt: skip


def new_app(data: Json) -> NewApp:
    """An App made from a manifest."""
    return NewApp(
        id=data["id"], slug=data.get("slug") or "", client_id=data["client_id"], private_key=data["pem"],
        webhook_secret=data.get("webhook_secret") or "", client_secret=data["client_secret"],
    )  # fmt: skip


def moment(text: str | None) -> datetime | None:
    """An ISO time of GitHub, aware."""
    return datetime.fromisoformat(text) if text else None


def _label(label: Json | str) -> str:
    return label if isinstance(label, str) else label.get("name") or ""
