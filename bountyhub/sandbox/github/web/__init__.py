"""The pages of the GitHub stand-in: importing this package registers them on the blueprint."""

from __future__ import annotations

from bountyhub.sandbox.github.web import access, home, installing, issues, manifests, pulls, repository

__all__ = ["access", "home", "installing", "issues", "manifests", "pulls", "repository"]
