"""A webhook's body as a hint what to read again. Pure; tolerant, because GitHub sends what it likes.

Used by `handlers`: nothing in here is believed, only looked up.
"""

from __future__ import annotations

from typing import Any

from bountyhub.integrations.github import reading
from bountyhub.ports.forge import ForgeEvent, ForgePerson

Json = dict[str, Any]


def parse(event: str, payload: Json, *, app_id: str, slug: str) -> ForgeEvent:
    """The ids and numbers in a delivery, None where it has none."""
    sender = _person(payload.get("sender"))
    own_login = sender is not None and sender.is_bot and sender.login == f"{slug}[bot]"
    issue, pull = _object(payload, "issue"), _object(payload, "pull_request")
    return ForgeEvent(
        event=event, action=_text(payload.get("action")), installation=_number(_object(payload, "installation"), "id"),
        repository=_number(_object(payload, "repository"), "id"), issue=_number(issue, "number"),
        pull_request=_number(pull, "number") or (_number(issue, "number") if "pull_request" in issue else None),
        comment=_number(_object(payload, "comment"), "id"), sender=sender,
        is_own_app=own_login or _by_app(payload, app_id), is_by_us=own_login,
        comment_body=_text(_object(payload, "comment").get("body")), ref=_text(payload.get("ref")),
        label=_text(_object(payload, "label").get("name")), label_id=_number(_object(payload, "label"), "id"),
        paths=_paths(payload.get("commits")),
    )  # fmt: skip


def _by_app(payload: Json, app_id: str) -> bool:
    app = _object(_object(payload, "comment"), "performed_via_github_app")
    return str(app.get("id", "")) == app_id


def _person(data: Any) -> ForgePerson | None:
    if isinstance(data, dict) and type(data.get("id")) is int and isinstance(data.get("login"), str):
        return reading.person(data)
    return None


def _paths(commits: Any) -> tuple[str, ...]:
    """What the commits of a push add, change and remove; a very long push names only a part of it."""
    named = (
        one.get(how) for one in _list(commits) if isinstance(one, dict) for how in ("added", "modified", "removed")
    )
    return tuple(dict.fromkeys(path for paths in named for path in _list(paths) if isinstance(path, str)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(payload: Json, name: str) -> Json:
    found = payload.get(name)
    return found if isinstance(found, dict) else {}


def _number(data: Json, name: str) -> int | None:
    found = data.get(name)
    return found if type(found) is int and 0 < found < 2**63 else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
