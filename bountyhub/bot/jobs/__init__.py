"""What the domain asks of the forge by name after a commit, and the sweeps that find what no webhook told.

Importing this package registers the jobs.
"""

from __future__ import annotations

from bountyhub.bot.jobs import (
    answers,
    checks,
    comments,
    deliveries,
    followed,
    people,
    policies,
    policy_checks,
    reconcile,
    rereads,
    roles,
)

__all__ = [
    "answers", "checks", "comments", "deliveries", "followed", "people", "policies", "policy_checks", "reconcile",
    "rereads", "roles",
]  # fmt: skip
