"""What the App asks of GitHub and why: the one list behind the manifest, `doctor` and each installation's check."""

from __future__ import annotations

from typing import Any

#: Permission → the level needed. `read` is contained in `write`.
PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
#: Why, for whoever has to say yes to each.
REASONS = {
    "checks": "shows in the merge box what merging pays",
    "contents": "reads commits, for co-authors and reverts",
    "issues": "reads issues, and keeps one comment on each funded one",
    "metadata": "reads names and roles",
    "pull_requests": "reads pull requests, and answers commands there",
}
#: What is subscribed to; installations' own events come unasked.
EVENTS = ("issue_comment", "issues", "pull_request", "push", "repository")
_LEVELS = ("none", "read", "write", "admin")


def missing(given: dict[str, Any]) -> tuple[str, ...]:
    """Needed permissions that aren't among the given ones, as `checks:write`."""
    return tuple(f"{name}:{level}" for name, level in PERMISSIONS.items() if _level(given.get(name)) < _level(level))


def missing_events(subscribed: list[str]) -> tuple[str, ...]:
    """Needed events that aren't subscribed to."""
    return tuple(event for event in EVENTS if event not in subscribed)


def _level(word: Any) -> int:
    return _LEVELS.index(word) if word in _LEVELS else 0
