"""The label of funded issues, where a project wants one: put on while money is held, and taken off again."""

from __future__ import annotations

from bountyhub import settings
from bountyhub.kit.database import transaction
from bountyhub.ports import forge
from bountyhub.projects.models import BotVerb
from bountyhub.projects.operations import note_bot_action
from bountyhub.tasks.models import OVER
from bountyhub.work.models import LabelState
from bountyhub.work.operations import record_label
from bountyhub.work.queries import TaskStatus

HELD, NOT_HELD, OFF = "Money is held for this issue.", "No money is held any more.", "The project switched it off."


def sync(status: TaskStatus) -> None:
    """Put the label on or take it off. One that people put there, or took off, is theirs."""
    name, state = settings.current().GITHUB_LABEL, status.comment.label
    funded = bool(status.held.amount) and status.state not in OVER
    if status.labelled and funded and state is LabelState.NONE:
        if name.lower() in (label.lower() for label in status.carries):
            _record(status, LabelState.THEIRS)
            return
        forge().add_label(status.repository_forge_id, status.issue_number, name)
        _record(status, LabelState.OURS, BotVerb.LABEL, HELD)
    elif state is LabelState.OURS and not (status.labelled and funded):
        forge().remove_label(status.repository_forge_id, status.issue_number, name)
        _record(status, LabelState.NONE, BotVerb.UNLABEL, NOT_HELD if status.labelled else OFF)


def _record(status: TaskStatus, state: LabelState, what: BotVerb | None = None, why: str = "") -> None:
    with transaction() as session:
        record_label(session, status.task_id, state)
        if what is not None:
            note_bot_action(session, status.repository_forge_id, status.issue_number, what, why)
