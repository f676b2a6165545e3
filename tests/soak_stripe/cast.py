"""Who takes part: backers, builders, and the numbers of their pull requests."""

from __future__ import annotations

from bountyhub.ports.forge import ForgePerson

BACKERS = [ForgePerson(200 + n, f"backer{n}") for n in range(20)]
BUILDERS = [ForgePerson(300 + n, f"builder{n}") for n in range(5)]


def pull_of(issue: int) -> int:
    """The pull request that closes an issue."""
    return 100_000 + issue
