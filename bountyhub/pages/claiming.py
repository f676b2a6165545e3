"""A signed-in developer claims a task with their pull request's address: the same as `/claim` in a comment there."""

from __future__ import annotations

from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.pages.acting import actor_now, identity_now
from bountyhub.pages.addresses import ForgeAddress, read_pull_address
from bountyhub.payouts.errors import NeedsForgeAccount
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import PullRequestInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task
from bountyhub.work.errors import CommandRefused
from bountyhub.work.operations.commands import claim_by_author


def claim_with(task_id: int, typed: str) -> int:
    """Claim a task with a pasted address; the pull request's number.

    Raises SignInNeeded, NeedsForgeAccount, NotFound, NotAnIssue, CommandRefused, OutsideError.
    """
    identity = identity_now(require_person())
    if identity is None:
        raise NeedsForgeAccount()
    task, repository = _task(task_id)
    pull = _read(read_pull_address(typed, forge().site.web_url), repository)
    if pull.author.id != identity.forge_id:
        raise CommandRefused("Only the author of a pull request can claim with it.", advice="Ask them to.")
    with transaction() as session:
        claim_by_author(session, actor_now(session), repository, pull, task.issue_number)
    return pull.number


def _task(task_id: int) -> tuple[Task, Repository]:
    with reading() as session:
        task = session.get(Task, task_id)
        if task is None:
            raise NotFound("There is no such task.")
        return task, projects.repository(session, task.repository_id)


def _read(address: ForgeAddress, repository: Repository) -> PullRequestInfo:
    """The pull request, when it is in the task's own repository."""
    elsewhere = CommandRefused(
        f"That pull request is not in {repository.full_name}.", advice="Only merges there are paid."
    )
    if not _is_name_of(address, repository):
        raise elsewhere
    try:
        return forge().read_pull_request(repository.forge_id, address.number)
    except OutsideGone:
        raise CommandRefused("There is no such pull request.", advice="Check its address.") from None


def _is_name_of(address: ForgeAddress, repository: Repository) -> bool:
    """Asked of the forge, which knows old names too; no other repository's existence is told."""
    try:
        return forge().find_repository(address.owner, address.name).id == repository.forge_id
    except OutsideGone:
        return False
