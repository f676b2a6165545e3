"""The one status comment on an issue: posted once, edited in place, left alone where somebody removed it."""

from __future__ import annotations

import logging

from bountyhub.events.registry import Run, job
from bountyhub.integrations.github import texts
from bountyhub.integrations.github.turns import one_at_a_time, step_back_for_earlier
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone, OutsideRefused
from bountyhub.projects.queries import installation_of
from bountyhub.work.operations import record_comment
from bountyhub.work.queries import TaskStatus, task_status

log = logging.getLogger("bountyhub.github")
#: Kept instead of a digest when somebody deleted our comment: we don't post it again.
DELETED = "deleted"


@job("forge.sync_comment", queue="forge")
def sync_comment(run: Run, task: int) -> None:
    """Bring the status comment of a task up to date."""
    with one_at_a_time("comment", task):
        step_back_for_earlier(run)
        with reading() as session:
            status = task_status(session, task)
            installed = installation_of(session, status.repository_forge_id) is not None
        body = texts.status_comment(status)
        if installed and status.comment_digest not in (DELETED, texts.digest(body)):
            _put(run, status, body)


def _put(run: Run, status: TaskStatus, body: str) -> None:
    comment, digest = status.comment_id, texts.digest(body)
    try:
        comment, there = _post_or_edit(status, body)
        digest = digest if there else DELETED
    except (OutsideGone, OutsideRefused) as refusal:
        # A locked issue, an archived repository: the next change of the text tries again.
        log.warning("status comment of task %s: %s", status.task_id, refusal)
    with transaction() as session:
        record_comment(session, status.task_id, comment_id=comment, digest=digest)
        run.done(session)


def _post_or_edit(status: TaskStatus, body: str) -> tuple[int | None, bool]:
    """The comment's id and whether it is there; found by its marker when its id was lost with a crash."""
    repository, number = status.repository_forge_id, status.issue_number
    comment = status.comment_id
    if comment is None:
        comment = forge().find_own_comment(repository, number, texts.comment_marker(status.task_id))
    if comment is None:
        return forge().create_comment(repository, number, body), True
    there = forge().edit_comment(repository, comment, body)
    return (comment if there else None), there
