"""The bot's status comment was deleted: whose wish was it?

A maintainer's is respected. Our own doing is nobody's wish, and neither is that of somebody without write access, which
can't be: then the next change posts it anew.
"""

from __future__ import annotations

from bountyhub.bot import lookups, reads, texts
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import ForgeEvent, ForgePerson
from bountyhub.projects.rules import is_maintainer
from bountyhub.work.models import Removed
from bountyhub.work.operations import record_removal


def deleted(run: Run, hint: ForgeEvent) -> None:
    """Record the removal of our comment, once it is really gone."""
    if hint.repository is None or hint.issue is None or hint.comment is None:
        reads.finish(run)
        return
    with reading() as session:
        may_be_new = hint.is_own_app and texts.MARKER in hint.comment_body
        task = lookups.task_commented(session, hint.repository, hint.issue, hint.comment, may_be_new=may_be_new)
    if task is None or _is_there(hint.repository, hint.comment):
        reads.finish(run)
        return
    by = _by(hint.repository, hint.sender, by_us=hint.is_by_us)
    with transaction() as session:
        record_removal(session, task, by)
        run.done(session)


def _is_there(repository: int, comment: int) -> bool:
    try:
        forge().read_comment(repository, comment)
    except OutsideGone:
        return False
    return True


def _by(repository: int, sender: ForgePerson | None, *, by_us: bool) -> Removed:
    if sender is None:
        return Removed.BY_SOMEBODY
    if sender.is_bot:  # another bot works for the maintainers who installed it
        return Removed.NO if by_us else Removed.BY_MAINTAINER
    try:
        permission = forge().permission(repository, sender)
    except OutsideGone:
        return Removed.BY_SOMEBODY
    return Removed.BY_MAINTAINER if is_maintainer(permission) else Removed.NO
