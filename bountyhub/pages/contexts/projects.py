"""Projects in a list, one project, and the open issues of a repository for its maintainers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bountyhub.funding.models import Contribution
from bountyhub.kit.money import Money
from bountyhub.ledger.models import Account
from bountyhub.pages.contexts.bot import RemovedRow, removed_rows
from bountyhub.pages.contexts.funding import blocked_note
from bountyhub.pages.contexts.parts import TaskRow, task_row
from bountyhub.pages.contexts.policy import PublicPolicy, public_policies
from bountyhub.payouts.models import ProjectPayee
from bountyhub.people import queries as people
from bountyhub.ports import forge
from bountyhub.ports.forge import IssueInfo, Permission
from bountyhub.projects import queries as projects
from bountyhub.projects.models import Installation, PolicyDecider, Project, Repository, Role
from bountyhub.projects.rules import MAINTAIN, is_decider, is_maintainer
from bountyhub.projects.rules_policy import deciding
from bountyhub.tasks.models import OVER, Task
from bountyhub.work import listing
from bountyhub.work import queries as work
from bountyhub.work.listing import Wanted
from bountyhub.work.step_facts import why_it_waits

PAGE = 20


def install_url() -> str:
    """Where a maintainer installs the App."""
    return forge().site.install_url


@dataclass(frozen=True)
class ProjectRow:
    """One project of the list."""

    url: str
    name: str
    licence: str
    task_count: int
    held: list[Money]
    repositories: int


@dataclass(frozen=True)
class ProjectList:
    """One page of projects."""

    rows: list[ProjectRow]
    next_url: str | None


def project_list(session: Session, after: int) -> ProjectList:
    """Projects by number after one already seen; four queries."""
    query = select(Project).where(Project.id > after).order_by(Project.id).limit(PAGE + 1)
    found = session.scalars(query).all()
    shown = found[:PAGE]
    ids = [project.id for project in shown]
    tasks, repositories, held = _task_counts(session, ids), _repository_counts(session, ids), _held(session, ids)
    rows = [
        ProjectRow(f"/projects/{p.id}", p.name, p.licence, tasks.get(p.id, 0), held[p.id], repositories.get(p.id, 0))
        for p in shown
    ]
    return ProjectList(rows, f"/projects?after={ids[-1]}" if len(found) > PAGE else None)


def _task_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(Task.project_id, func.count()).where(Task.project_id.in_(ids)).group_by(Task.project_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _repository_counts(session: Session, ids: Sequence[int]) -> dict[int, int]:
    query = select(Repository.project_id, func.count()).where(Repository.project_id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query.group_by(Repository.project_id))}


def _held(session: Session, ids: Sequence[int]) -> dict[int, list[Money]]:
    query = (
        select(Task.project_id, Account.currency, -func.sum(Account.balance))
        .join(Contribution, Contribution.task_id == Task.id)
        .join(Account, (Account.contribution == Contribution.ref) & (Account.kind == "escrow"))
        .where(Task.project_id.in_(ids), Account.balance != 0)
        .group_by(Task.project_id, Account.currency)
        .order_by(Account.currency)
    )
    found: dict[int, list[Money]] = defaultdict(list)
    for project_id, currency, amount in session.execute(query):
        found[project_id].append(Money(int(amount), currency))
    return found


@dataclass(frozen=True)
class RepositoryView:
    """One repository of a project."""

    full_name: str
    url: str
    installed: bool
    default_branch: str


@dataclass(frozen=True)
class ProjectView:
    """One project."""

    id: int
    name: str
    url: str
    licence: str
    description: str
    repositories: list[RepositoryView]
    maintainers: list[str]
    held: list[Money]
    released: list[Money]
    #: Where merges pay besides the default branches, and where only a policy file says so.
    branches: list[str]
    policy_branches: list[str]


@dataclass(frozen=True)
class ProjectPage:
    """The page of a project; `branches_url` for deciders.

    `import_url`, `desk_url` and `removed` (comments) for those who may open tasks there.
    """

    project: ProjectView
    rows: list[TaskRow]
    next_url: str | None
    import_url: str | None
    install_url: str | None
    payee_name: str
    payee_url: str | None
    desk_url: str | None
    removed: list[RemovedRow]
    branches_url: str | None
    blocked_note: str
    pause_note: str
    policies: list[PublicPolicy]


def project_page(session: Session, project_id: int, person_id: int | None, after: str) -> ProjectPage:
    """The page for this reader; raises NotFound."""
    project = projects.project(session, project_id)
    found = listing.find_tasks(session, Wanted(project_id=project.id), after)
    repositories, url = _repositories(session, project.id), f"/projects/{project.id}"
    installed = [repository for repository, live in repositories if live]
    highest = highest_permission(session, project.id, person_id)
    maintaining = is_maintainer(highest)
    return ProjectPage(
        project=ProjectView(
            id=project.id, name=project.name, url=url, licence=project.licence, description=project.description,
            repositories=[RepositoryView(r.full_name, r.url, live, r.default_branch) for r, live in repositories],
            maintainers=_maintainers(session, project.id), held=_held(session, [project.id])[project.id],
            released=_released(session, project.id), branches=project.branches,
            policy_branches=_policy_branches(project, [row for row, _ in repositories if not row.private]),
        ),
        rows=[task_row(row) for row in found.rows],
        next_url=f"{url}?after={found.next}" if found.next else None,
        import_url=f"{url}/issues" if installed and maintaining else None,
        install_url=None if installed else install_url(), payee_name=_payee_name(session, project.id),
        payee_url=f"{url}/payee" if _decides(session, project.id, person_id) else None,
        desk_url=f"{url}/desk" if maintaining else None,
        removed=removed_rows(session, project.id) if maintaining else [],
        branches_url=f"{url}/branches" if installed and is_decider(highest) else None,
        pause_note=why_it_waits(project.pause) if project.pause is not None else "",
        blocked_note=blocked_note(projects.block_of(session, project.id, person_id)),
        policies=public_policies(session, [row for row, _ in repositories if not row.private]),
    )  # fmt: skip


def _policy_branches(project: Project, repositories: Sequence[Repository]) -> list[str]:
    named = dict.fromkeys(branch for row in repositories for branch in row.policy_now.branches)
    known = {*project.branches, *(row.default_branch for row in repositories)}
    return [branch for branch in named if branch not in known]


def _payee_name(session: Session, project_id: int) -> str:
    """Whose account takes what developers send on to the project."""
    row = session.get(ProjectPayee, project_id)
    return people.names(session, {row.person_id}).get(row.person_id, "") if row is not None else ""


def _decides(session: Session, project_id: int, person_id: int | None) -> bool:
    query = select(Role.id).join(Repository, Repository.id == Role.repository_id)
    query = query.where(Repository.project_id == project_id, Role.permission >= MAINTAIN, Role.person_id == person_id)
    if person_id is None:
        return False
    return session.scalars(query.limit(1)).first() is not None or _is_named(session, project_id, person_id)


def _is_named(session: Session, project_id: int, person_id: int) -> bool:
    """Whether the policy file of one of its repositories names somebody a decider."""
    named = projects.is_named(person_id).join(Repository, Repository.id == PolicyDecider.repository_id)
    return session.scalar(select(named.where(Repository.project_id == project_id).exists())) or False


def repository_views(session: Session, project_id: int) -> list[RepositoryView]:
    """A project's repositories; one query."""
    return [
        RepositoryView(r.full_name, r.url, live, r.default_branch) for r, live in _repositories(session, project_id)
    ]


def _repositories(session: Session, project_id: int) -> list[tuple[Repository, bool]]:
    live = Installation.removed_at.is_(None) & Installation.suspended_at.is_(None)
    query = select(Repository, Installation.id).outerjoin(
        Installation, (Installation.id == Repository.installation_id) & live
    )
    query = query.where(Repository.project_id == project_id).order_by(Repository.id)
    return [(repository, installation is not None) for repository, installation in session.execute(query)]


def _maintainers(session: Session, project_id: int) -> list[str]:
    """Deciders that signed in here."""
    query = select(Role.person_id).join(Repository, Repository.id == Role.repository_id)
    query = query.where(Repository.project_id == project_id, Role.permission >= MAINTAIN)
    return sorted(people.names(session, set(session.scalars(query))).values())


def _released(session: Session, project_id: int) -> list[Money]:
    found = work.released(session, Task.project_id == project_id)
    return [Money(amount, currency) for currency, amount in sorted(found.items()) if amount]


def maintains(session: Session, project_id: int, person_id: int | None) -> bool:
    """Whether somebody may merge in one of its repositories, as the forge last said."""
    return is_maintainer(highest_permission(session, project_id, person_id))


def highest_permission(session: Session, project_id: int, person_id: int | None) -> Permission:
    """The most that somebody may do in any of a project's repositories, as the forge last said."""
    if person_id is None:
        return Permission.NONE
    query = select(func.max(Role.permission)).join(Repository, Repository.id == Role.repository_id)
    highest = session.scalars(query.where(Repository.project_id == project_id, Role.person_id == person_id)).first()
    return Permission(deciding(highest or Permission.NONE, named=_is_named(session, project_id, person_id)))


@dataclass(frozen=True)
class IssueRow:
    """One open issue; `task_url` once it is a task."""

    number: int
    title: str
    url: str
    labels: tuple[str, ...]
    author: str
    task_url: str | None


def issue_rows(session: Session, repository: Repository, issues: Sequence[IssueInfo]) -> list[IssueRow]:
    """Open issues as the forge lists them, each with the task that lives; one query."""
    query = select(Task.issue_number, Task.id).where(Task.repository_id == repository.id)
    query = query.where(Task.issue_number.in_([issue.number for issue in issues]), Task.state.not_in(OVER))
    tasks = {number: f"/tasks/{task_id}" for number, task_id in session.execute(query)}
    return [
        IssueRow(i.number, i.title, i.url, i.labels, i.author.login, tasks.get(i.number)) for i in issues
    ]  # fmt: skip
