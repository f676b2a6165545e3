"""What a repository's policy file decides, and what it doesn't; pure. The file itself is read by `policy_file.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

#: Days of a window where no policy says more; a policy may only lengthen them.
WINDOW_DAYS, LONGEST_WINDOW = 7, 30
#: The maintainers' cut in hundredths of a percent, at most.
LARGEST_CUT = 2_000
#: Attempts at one task at once, where no policy says otherwise, and at most.
ATTEMPTS, MOST_ATTEMPTS = 5, 20
CLAIMS = ("open", "attempt_required")
#: `permission` of somebody whom the policy names a decider, at least: what `rules.MAINTAIN` says.
DECIDER = 4


@dataclass(frozen=True)
class Policy:
    """A valid file's words; every field's default holds where the file, or its key, is missing.

    `maintainers_cut` in hundredths of a percent, `windows` in days. `deciders` are logins: who they are is asked of the
    forge once and kept by number. `languages` empty: the project's own setting.
    """

    bounties: bool = True
    labels: tuple[str, ...] = ()
    maintainers_cut: int = 0
    branches: tuple[str, ...] = ()
    windows: int = WINDOW_DAYS
    deciders: tuple[str, ...] = ()
    claims: str = "open"
    attempts: int = ATTEMPTS
    languages: tuple[str, ...] = ()


DEFAULTS = Policy()


def as_json(policy: Policy) -> dict[str, Any]:
    """A policy as it is kept: only what differs from the defaults, which may be named differently one day."""
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(policy).items()}
    return {one.name: kept[one.name] for one in fields(Policy) if getattr(policy, one.name) != one.default}


def from_json(kept: dict[str, Any]) -> Policy:
    """The policy that `as_json` kept; words that are no longer known are left out."""
    known = {one.name for one in fields(Policy)}
    found: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in known
    }
    return Policy(**found)


def may_become_task(policy: Policy, labels: Iterable[str]) -> bool:
    """Whether an issue with these labels may be a task: any, where the policy names no label. Case doesn't count."""
    return not policy.labels or opens_itself(policy, labels)


def opens_itself(policy: Policy, labels: Iterable[str]) -> bool:
    """Whether an issue with these labels becomes a task without anybody's click."""
    named = {label.lower() for label in policy.labels}
    return policy.bounties and bool(named & {label.lower() for label in labels})


def deciding(permission: int, *, named: bool) -> int:
    """What somebody may do who is named as a decider: never less than the forge says, at least decide."""
    return max(permission, DECIDER) if named else permission


def window_days(kept: Iterable[int]) -> int:
    """How long one window is for money that came under these policies: as long as any of it was promised."""
    return max([WINDOW_DAYS, *kept])


def needs_attempt(policy: Policy) -> bool:
    """Whether only who said before that they are on it may claim."""
    return policy.claims == "attempt_required"


def changes(old: Policy, new: Policy) -> list[tuple[str, str, str]]:
    """(key, before, after) of what differs, in words for people, in the order of the file's description."""
    names = [one.name for one in fields(Policy)]
    return [(name, say(old, name), say(new, name)) for name in names if getattr(old, name) != getattr(new, name)]


def say(policy: Policy, key: str) -> str:
    """The value of a key in words for people."""
    value = getattr(policy, key)
    if key == "bounties":
        return "yes" if value else "no"
    if key == "maintainers_cut":
        return f"{cut(value)} %"
    if key == "windows":
        return f"{value} days"
    if isinstance(value, tuple):
        return ", ".join(value) or {"labels": "any issue", "languages": "as set on the bot's page"}.get(key, "none")
    return str(value)


def cut(points: int) -> str:
    """Hundredths of a percent as people write them: 1250 is 12.5."""
    return f"{points / 100:.2f}".rstrip("0").rstrip(".")
