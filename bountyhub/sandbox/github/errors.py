"""The refusals of the GitHub stand-in in GitHub's own shape; raised by actions and API handlers alike.

Rendered as JSON for the API and the control endpoints, and as a page for a person who clicked.
"""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.github.com/rest"


class GithubError(Exception):
    """One refused request: `status` and `body` are what the API answers."""

    def __init__(self, status: int, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.extra = extra
        self.headers: dict[str, str] = {}

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "documentation_url": DOCS}
        # The published description of a validation error knows no `status`.
        return body | self.extra if self.status == 422 else body | {"status": str(self.status)} | self.extra


class MovedIssue(Exception):
    """The issue asked for was transferred; the API layer turns this into a redirect."""

    def __init__(self, repo: int, number: int) -> None:
        super().__init__(f"moved to {repo}/{number}")
        self.repo, self.number = repo, number


def not_found() -> GithubError:
    return GithubError(404, "Not Found")


def bad_credentials() -> GithubError:
    return GithubError(401, "Bad credentials")


def not_accessible() -> GithubError:
    return GithubError(403, "Resource not accessible by integration")


def forbidden(sentence: str) -> GithubError:
    return GithubError(403, sentence)


def gone() -> GithubError:
    return GithubError(410, "This issue was deleted")


def invalid(resource: str, field: str, code: str = "invalid") -> GithubError:
    """422 as GitHub words it: `code` is one of missing, missing_field, invalid, already_exists."""
    return GithubError(422, "Validation Failed", errors=[{"resource": resource, "field": field, "code": code}])


def moved(location: str, *, keep_method: bool) -> GithubError:
    """301 for a GET, 307 for anything that writes: clients must not lose their body, and many do."""
    error = GithubError(307 if keep_method else 301, "Moved Permanently", url=location)
    error.headers["Location"] = location
    return error
