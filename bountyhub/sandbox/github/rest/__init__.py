"""GitHub's REST API: importing this package registers its handlers on the blueprint."""

from __future__ import annotations

from flask import Response

from bountyhub.sandbox.github.calls import API, blueprint, error_response
from bountyhub.sandbox.github.errors import not_found
from bountyhub.sandbox.github.rest import (
    app,
    checks,
    comments,
    commits,
    deliveries,
    issues,
    labels,
    milestones,
    pulls,
    repos,
    users,
)

__all__ = [
    "app", "checks", "comments", "commits", "deliveries", "issues", "labels", "milestones", "pulls", "repos", "users",
]  # fmt: skip


@blueprint.route(f"{API}/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown(rest: str) -> Response:
    """Anything the stand-in does not speak is answered as GitHub answers an unknown address."""
    return error_response(not_found())
