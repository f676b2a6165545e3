"""Refusals of the projects feature."""

from __future__ import annotations

from bountyhub.kit.errors import DomainError


class BranchesRefused(DomainError):
    """A list of branches that can't be."""

    status = 422
    code = "branches_refused"
