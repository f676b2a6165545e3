"""Lists of what changed since a moment, read in full once and by ETag while nothing does. Used by `forge.py`.

A list is read oldest change first, and each page begins at the last one's moment: what changes meanwhile moves
to the end and is met there, instead of pushing another over the edge of a page.
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from github.Requester import Requester

from bountyhub.integrations.github import reading
from bountyhub.integrations.github.client import PAGE, Api, Json
from bountyhub.kit import clock
from bountyhub.ports.forge import CommentInfo
from bountyhub.ports.forge_polling import Attempts, ChangedItem, Changes

T = TypeVar("T")
#: The next read begins so long before the last change: GitHub's servers may show an older one a little later.
OVERLAP = timedelta(minutes=10)
#: GitHub's times are whole seconds and clocks differ: what changed this lately may change again unseen.
FRESH = timedelta(seconds=30)
#: Pages of one read; the next one goes on where it ended.
PAGES = 10


def changed_issues(api: Api, by: Requester, repository: int, since: datetime, etag: str) -> Changes[ChangedItem]:
    """https://docs.github.com/en/rest/issues/issues#list-repository-issues (pull requests too)."""
    return _walk(api, by, f"/repositories/{repository}/issues", {"state": "all"}, since, etag, reading.changed_item)


def changed_comments(api: Api, by: Requester, repository: int, since: datetime, etag: str) -> Changes[CommentInfo]:
    """https://docs.github.com/en/rest/issues/comments#list-issue-comments-for-a-repository."""
    return _walk(api, by, f"/repositories/{repository}/issues/comments", {}, since, etag, reading.comment)


def _walk(
    api: Api, by: Requester, path: str, wanted: Json, since: datetime, etag: str, shape: Callable[[Json], T]
) -> Changes[T]:
    wanted = {"sort": "updated", "direction": "asc", "per_page": PAGE, **wanted}
    found: dict[int, Json] = {}
    start, page = since, 1
    for turn in range(PAGES):
        listed, mark = api.get_if_changed(by, path, etag if turn == 0 else "", since=iso(start), page=page, **wanted)
        if listed is None:
            return Changes((), since, etag)
        found |= {item["id"]: item for item in listed}
        if len(listed) < PAGE:
            return _complete(list(found.values()), since, mark if turn == 0 else "", shape)
        last = _changed(listed[-1])
        start, page = (last, 1) if last > start else (start, page + 1)
    return Changes(tuple(map(shape, found.values())), start)


def _complete(found: list[Json], since: datetime, mark: str, shape: Callable[[Json], T]) -> Changes[T]:
    newest = max(map(_changed, found), default=since)
    begin = max(since, newest - OVERLAP)
    keeps = begin == since and newest < clock.now() - FRESH
    return Changes(tuple(map(shape, found)), begin, mark if keeps else "")


def _changed(item: Json) -> datetime:
    return datetime.fromisoformat(item["updated_at"])


def attempts(api: Api, by: Requester, cursor: str) -> Attempts:
    """https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook."""
    wanted = {"cursor": cursor} if cursor else {}
    listed, following = api.get_page(by, "/app/hook/deliveries", per_page=PAGE, **wanted)
    return Attempts(tuple(map(reading.attempt, listed)), _cursor(following))


def _cursor(url: str) -> str:
    return (parse_qs(urlsplit(url).query).get("cursor") or [""])[0]


def iso(moment: datetime) -> str:
    """As GitHub writes a moment: whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
