"""Pure rules of projects: what a permission lets its holder do here.

`permission` is the forge's word in growing order: none 0, read 1, triage 2, write 3, maintain 4, admin 5.
"""

from __future__ import annotations

WRITE, MAINTAIN = 3, 4


def is_maintainer(permission: int) -> bool:
    """Whether this permission may merge, and so open tasks and count as an independent merger."""
    return permission >= WRITE


def is_decider(permission: int) -> bool:
    """Whether this permission decides about claims and objections."""
    return permission >= MAINTAIN
