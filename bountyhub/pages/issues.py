"""From an issue's pasted address to its task: reads repository, issue and permission through the forge, then writes.

Called by the page that takes addresses, and by the button that opens a task; everything outside happens before the
one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from bountyhub.http.session import require_person
from bountyhub.kit.database import reading, transaction
from bountyhub.pages.acting import actor_now, ask_permission, identity_now
from bountyhub.pages.addresses import ForgeAddress, read_issue_address
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import InstallationInfo, IssueInfo, Permission, RepositoryInfo
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Repository
from bountyhub.projects.operations import note_role, record_installation, record_repository
from bountyhub.projects.rules import is_maintainer
from bountyhub.tasks.errors import NotAnIssue, TaskRefuses
from bountyhub.tasks.models import OVER, Task
from bountyhub.tasks.operations import create_task
from bountyhub.work.operations import record_issue


@dataclass(frozen=True)
class _Seen:
    """What the forge said; `installation` only where we didn't know of it yet."""

    repository: RepositoryInfo
    issue: IssueInfo
    permission: Permission
    installation: tuple[InstallationInfo, list[RepositoryInfo]] | None


def known_task(text: str) -> int | None:
    """The task of an address that is one already, without asking the forge; raises NotAnIssue."""
    address = read_issue_address(text, forge().site.web_url)
    query = (
        select(Task.id)
        .join(Repository, Repository.id == Task.repository_id)
        .where(func.lower(Repository.owner) == address.owner.lower(), Task.issue_number == address.number)
        .where(func.lower(Repository.name) == address.name.lower())
        .order_by(Task.state.in_(OVER), Task.id.desc())
    )
    with reading() as session:
        return session.scalars(query).first()


def make_task(text: str) -> Task:
    """The task of a pasted address: open when a maintainer of an installed repository asks, else wanted.

    Raises NotAnIssue, SignInNeeded, OutsideError.
    """
    person = require_person()
    seen = _read(read_issue_address(text, forge().site.web_url))
    with transaction() as session:
        if seen.installation is not None:
            record_installation(session, *seen.installation)
        repository = record_repository(session, seen.repository)
        note_role(session, repository, person.id, seen.permission)
        opened = projects.is_installed(session, repository) and is_maintainer(seen.permission)
        return create_task(session, repository, seen.issue, actor_now(session), opened=opened)


def follow_issue_of(task_id: int) -> None:
    """Take over what the forge says of a task's issue now; raises TaskRefuses where it shows none, OutsideError."""
    with reading() as session:
        task = session.get_one(Task, task_id)
        repository = projects.repository(session, task.repository_id)
    try:
        issue = forge().read_issue(repository.forge_id, task.issue_number)
    except OutsideGone:
        raise TaskRefuses(f"{forge().site.name} doesn’t show its issue any more.", advice="Was it deleted?") from None
    with transaction() as session:
        record_issue(session, issue)


def _read(address: ForgeAddress) -> _Seen:
    repository = _repository(address)
    issue = _issue(address, repository)
    identity = identity_now(require_person())
    permission = ask_permission(repository.id, identity) if repository.installation else Permission.NONE
    return _Seen(repository, issue, permission, _unknown_installation(repository))


def _repository(address: ForgeAddress) -> RepositoryInfo:
    none = NotAnIssue(
        f"There is no public repository {address.owner}/{address.name}.", advice="Check the address."
    )  # the same for a private one: nobody learns here that it exists
    try:
        repository = forge().find_repository(address.owner, address.name)
    except OutsideGone:
        raise none from None
    if repository.private and ask_permission(repository.id, identity_now(require_person())) is Permission.NONE:
        raise none
    if repository.private:
        raise NotAnIssue("That repository is private.", advice="Only issues of public repositories can be funded.")
    if repository.archived:
        raise NotAnIssue("That repository is archived: nothing is merged there any more.", advice="Choose another.")
    return repository


def _issue(address: ForgeAddress, repository: RepositoryInfo) -> IssueInfo:
    try:
        issue = forge().read_issue(repository.id, address.number)
    except OutsideGone:
        raise NotAnIssue(f"There is no issue #{address.number} there.", advice="Check its number.") from None
    if issue.repository != repository.id:
        raise NotAnIssue("That issue was moved to another repository.", advice=f"Paste its new address: {issue.url}")
    return issue


def _unknown_installation(repository: RepositoryInfo) -> tuple[InstallationInfo, list[RepositoryInfo]] | None:
    """The installation the forge names and no webhook told us of yet."""
    if repository.installation is None:
        return None
    with reading() as session:
        if projects.installation_of(session, repository.id) == repository.installation:
            return None
    return forge().read_installation(repository.installation), forge().installed_repositories(repository.installation)
