"""The one status comment on an issue: posted once, edited in place and not often, left alone where somebody removed it.

What changes meanwhile waits for the pause to end and is written together: the last state always arrives.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bountyhub import settings
from bountyhub.bot import texts
from bountyhub.bot.jobs import labels
from bountyhub.bot.turns import one_at_a_time, step_back_for_earlier
from bountyhub.events import outbox
from bountyhub.events.registry import Run, job
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused
from bountyhub.projects.models import BotVerb
from bountyhub.projects.operations import note_bot_action
from bountyhub.projects.queries import installation_of
from bountyhub.work import operations as work
from bountyhub.work.models import Removed
from bountyhub.work.queries import TaskStatus, task_status

log = logging.getLogger("bountyhub.bot")
#: How often a comment that somebody hid is edited, and how often it is asked whether one is hidden.
HIDDEN_PAUSE = LOOK_PAUSE = timedelta(days=1)
FIRST = "The issue’s task is shown there for the first time."


@job("forge.sync_comment", queue="forge")
def sync_comment(run: Run, task: int) -> None:
    """Bring the status comment of a task's issue, and its label, up to date."""
    with reading() as session:
        status = task_status(session, task)
    with one_at_a_time("comment", status.repository_forge_id, status.issue_number):
        step_back_for_earlier(run)
        with reading() as session:
            status = task_status(session, task)
            installed = installation_of(session, status.repository_forge_id) is not None
        if not installed or not status.is_newest or status.comment.locked or status.comment.refused:
            return
        try:
            labels.sync(status)
            _sync(run, status)
        except NotInstalled as refusal:
            log.warning("status comment of task %s: %s", task, refusal)  # shown anew when the App comes back
        except (OutsideGone, OutsideRefused) as refusal:
            log.warning("status comment of task %s: %s", task, refusal)
            _refused(run, task, refusal)


def _sync(run: Run, status: TaskStatus) -> None:
    body = texts.status_comment(status)
    if status.comment.removed is not Removed.NO or status.comment.digest == texts.digest(body):
        return
    comment = status.comment.comment_id
    if status.quiet and comment is None and status.comment.tried_at is None:
        return  # an import of two hundred issues isn't news on any of them
    if comment is None:
        _post(run, status, body)
        return
    if not _is_due(run, status):
        return
    if _is_hidden(status):
        # Found out just now: its day begins with the last edit.
        with reading() as session:
            status = task_status(session, status.task_id)
        if not _is_due(run, status):
            return
    _edit(run, status, comment, body)


def _is_due(run: Run, status: TaskStatus) -> bool:
    """Whether the pause since the last edit is over; else this is asked for again at its end, once for all changes."""
    due = next_write(status)
    if due is None or due <= clock.real_now():
        return True
    with transaction() as session:
        key = f"comment:{status.task_id}"
        run.done(session)
        outbox.add(session, "forge.sync_comment", key=key, run_at=due, task=status.task_id)
    return False


def next_write(status: TaskStatus) -> datetime | None:
    """The earliest moment of the next edit, protocol time; None where nothing was written yet."""
    pause = HIDDEN_PAUSE if status.comment.hidden else timedelta(seconds=settings.current().GITHUB_COMMENT_PAUSE)
    return status.comment.written_at and status.comment.written_at + pause


def _is_hidden(status: TaskStatus) -> bool:
    """Whether somebody minimised it, asked once a day: a comment that is hidden isn't worth more edits."""
    row, now = status.comment, clock.real_now()
    if row.comment_id is None or (row.looked_at is not None and now < row.looked_at + LOOK_PAUSE):
        return False
    hidden = forge().is_hidden(status.repository_forge_id, status.issue_number, row.comment_id)
    with transaction() as session:
        work.record_look(session, status.task_id, hidden=hidden)
    return hidden


def _post(run: Run, status: TaskStatus, body: str) -> None:
    """Post it; where an earlier try's answer may have been lost, it is looked for first by its marker."""
    with transaction() as session:
        tried = work.try_comment(session, status.task_id)
    repository, number = status.repository_forge_id, status.issue_number
    found = forge().find_own_comment(repository, number, texts.MARKER) if tried else None
    if found is not None:  # a try before posted it, and nobody was told
        _edit(run, status, found, body, lost=True)
        return
    made = forge().create_comment(repository, number, body)
    _record(run, status, made, body, BotVerb.COMMENT)


def _edit(run: Run, status: TaskStatus, comment: int, body: str, *, lost: bool = False) -> None:
    if forge().edit_comment(status.repository_forge_id, comment, body):
        _record(run, status, comment, body, *([BotVerb.COMMENT] if lost else []), BotVerb.EDIT)
        return
    with transaction() as session:  # who did it, its webhook tells
        work.record_removal(session, status.task_id, Removed.BY_SOMEBODY)
        run.done(session)


def _record(run: Run, status: TaskStatus, comment: int, body: str, *did: BotVerb) -> None:
    repository, number = status.repository_forge_id, status.issue_number
    with transaction() as session:
        work.record_comment(session, status.task_id, comment_id=comment, digest=texts.digest(body))
        for what in did:
            why = FIRST if what is BotVerb.COMMENT else f"What it says changed: {texts.headline(status)}."
            note_bot_action(session, repository, number, what, why, comment)
        run.done(session)


def _refused(run: Run, task: int, refusal: OutsideGone | OutsideRefused) -> None:
    """A locked issue, an archived repository: remembered, not tried again before it is read as writable."""
    code = refusal.code if isinstance(refusal, OutsideRefused) else "gone"
    with transaction() as session:
        work.record_refusal(session, task, code)
        run.done(session)
