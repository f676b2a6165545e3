"""Refusals of the projects feature."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict, DomainError, Forbidden


class BranchesRefused(DomainError):
    """A list of branches that can't be."""

    status = 422
    code = "branches_refused"


class BlockedHere(Forbidden):
    """A project's maintainers blocked this person; `reason` is for them to read."""

    code = "blocked"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The maintainers of this project have blocked you: “{reason}”",
            advice="What you gave before stays yours: you can take it back.",
        )


class BlockRefused(Conflict):
    """Somebody who can't be blocked, or whose block this person can't lift."""

    code = "block_refused"


class ProjectPaused(Conflict):
    """A paused project takes no new tasks; `reason` is its deciders'."""

    code = "project_paused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"This project is paused and takes no new tasks: “{reason}”", advice="Try again later.")


class PauseWrong(DomainError):
    """A pause without a reason, or with an end that can't be; `field` is the one to look at."""

    status = 422
    code = "pause_wrong"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class BlockWrong(DomainError):
    """A form that names nobody, or gives no reason; `field` is the one to look at."""

    status = 422
    code = "block_wrong"

    def __init__(self, message: str, *, field: str, advice: str = "") -> None:
        super().__init__(message, advice=advice)
        self.field = field
