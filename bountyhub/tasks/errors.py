"""Refusals of the tasks feature."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict, DomainError


class TaskTakesNoMoney(Conflict):
    """The task is not (or no longer) open to funding."""

    code = "task_takes_no_money"

    def __init__(self, why: str) -> None:
        super().__init__(why, advice="Nothing was charged.")


class NotAnIssue(DomainError):
    """An address that isn't an issue's."""

    status = 422
    code = "not_an_issue"


class PolicyRefuses(Conflict):
    """The repository's policy file says that this issue is no task."""

    code = "policy_refuses"

    def __init__(self, why: str) -> None:
        super().__init__(why, advice="Its maintainers can change .github/bountyhub.yml.")


class TaskRefuses(Conflict):
    """An event that doesn't happen in the task's state."""

    code = "task_refuses"
