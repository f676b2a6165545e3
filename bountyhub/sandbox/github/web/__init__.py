"""The pages of the GitHub stand-in: importing this package registers them on the blueprint."""

from __future__ import annotations

from bountyhub.sandbox.github.web import (
    access,
    accounts,
    home,
    installing,
    issues,
    manifests,
    pulls,
    repository,
    settings,
)

__all__ = ["access", "accounts", "home", "installing", "issues", "manifests", "pulls", "repository", "settings"]
