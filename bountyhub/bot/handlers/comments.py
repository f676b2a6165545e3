"""A comment that was written or deleted: new ones may command something, which `obeying` carries out."""

from __future__ import annotations

from dataclasses import replace

from bountyhub.bot import obeying, positions, reads
from bountyhub.bot.handlers import deleted
from bountyhub.events.registry import Run
from bountyhub.kit.database import reading
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommentInfo, ForgeEvent
from bountyhub.projects.queries import repository_by_forge_id

ACTIONS = frozenset(("created", "deleted"))


def changed(run: Run, hint: ForgeEvent) -> None:
    """A new comment may command something, a deleted one may have been ours."""
    (deleted.deleted if hint.action == "deleted" else created)(run, hint)


def created(run: Run, hint: ForgeEvent) -> None:
    """Carry out what a new comment commands, after those before it that no webhook told of."""
    if hint.repository is None or hint.comment is None or not _is_listened_to(hint):
        reads.finish(run)
        return
    comment = _comment(hint.repository, hint.comment)
    if comment is None or not obeying.pending([comment]):
        reads.finish(run)
        return
    if comment.body != hint.comment_body:
        comment = replace(comment, edited=True)
    earlier = _earlier(hint.repository, comment)
    obeying.obey(run, hint.repository, comment.number, [*earlier, comment])


def _earlier(repository: int, comment: CommentInfo) -> list[CommentInfo]:
    """What was written before on the same issue or pull request, since the last look at all comments."""
    with reading() as session:
        since, _ = positions.begin(session, positions.comments_of(repository))
    found = forge().comments_since(repository, comment.number, since)
    return [one for one in found if one.id < comment.id and one.created_at is not None and one.created_at >= since]


def _is_listened_to(hint: ForgeEvent) -> bool:
    if hint.is_own_app or (hint.sender is not None and hint.sender.is_bot):
        return False
    with reading() as session:
        known = repository_by_forge_id(session, hint.repository or 0)
        return known is not None and known.installation_id is not None and not known.private


def _comment(repository: int, comment: int) -> CommentInfo | None:
    try:
        return forge().read_comment(repository, comment)
    except OutsideGone:
        return None
