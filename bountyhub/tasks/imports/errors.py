"""Refusals of imports and followed labels."""

from __future__ import annotations

from bountyhub.kit.errors import Conflict, DomainError


class NothingChosen(DomainError):
    """An import of nothing."""

    status = 422
    code = "nothing_chosen"

    def __init__(self, message: str = "No issue was chosen.") -> None:
        super().__init__(message, advice="Choose a label or a milestone, or tick issues in the list.")


class ImportRuns(Conflict):
    """Another import of the same repository is under way."""

    code = "import_runs"

    def __init__(self) -> None:
        super().__init__(
            "Another import from this repository is under way.",
            advice="Wait until it is done, or stop it, then begin this one again.",
        )


class TooManyLabels(Conflict):
    """More followed labels than one repository may have."""

    code = "too_many_labels"
