"""What `/landed @author [commit]` is about, asked of the forge before its transaction."""

from __future__ import annotations

from bountyhub.bot.commands import Command, Misused
from bountyhub.kit.database import reading
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import CommitInfo
from bountyhub.projects.queries import paying_branches, repository_by_forge_id
from bountyhub.work.operations.landed import Landed


def look_up(repository: int, one: Command | Misused) -> Landed | Misused:
    """The author and the commit; what to write instead where there is no such person, or it isn't on the branch."""
    if isinstance(one, Misused):
        return one
    login, _, sha = one.argument.partition(" ")
    try:
        author = forge().find_person(repository, login)
    except OutsideGone:
        on = forge().site.name
        return Misused(one.name, f"There is no @{login}. Write `/landed @author` with the author's name on {on}.")
    if not sha:
        return Landed(author)
    branches = _branches(repository)
    commit: CommitInfo | None = forge().landed_commit(repository, sha, branches)
    if commit is None:
        where = ", ".join(f"`{branch}`" for branch in branches)
        return Misused(one.name, f"{sha} is not on {where}. Write `/landed @{login}` with a commit that is.")
    return Landed(author, commit)


def _branches(repository: int) -> list[str]:
    with reading() as session:
        known = repository_by_forge_id(session, repository)
        return paying_branches(session, known) if known is not None else []
