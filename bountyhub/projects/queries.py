"""Reads about projects, repositories and roles."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from bountyhub.kit.errors import NotFound
from bountyhub.people.models import Identity
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Block, BranchHead, Installation, PolicyDecider, Project, Repository, Role
from bountyhub.projects.policies import named_people
from bountyhub.projects.rules_policy import deciding


def repository_by_forge_id(session: Session, forge_id: int) -> Repository | None:
    """A repository by the forge's number."""
    return session.scalars(select(Repository).where(Repository.forge_id == forge_id)).first()


def repository(session: Session, id: int) -> Repository:
    """A repository by our id; raises NotFound."""
    row = session.get(Repository, id)
    if row is None:
        raise NotFound("There is no such repository.")
    return row


def installation_of(session: Session, repository_forge_id: int) -> int | None:
    """The forge's number of the live installation that covers a repository."""
    return session.scalars(
        select(Installation.forge_id)
        .join(Repository, Repository.installation_id == Installation.id)
        .where(Repository.forge_id == repository_forge_id, Installation.removed_at.is_(None))
    ).first()


def paying_branches(session: Session, repository: Repository) -> list[str]:
    """The branches of a repository whose merges pay: its default one, then those that its project lists."""
    listed = listed_branches(session, repository)
    return [repository.default_branch, *(branch for branch in listed if branch != repository.default_branch)]


def head_of(session: Session, repository_id: int, branch: str) -> str:
    """The last commit of a branch that was looked at; empty where none was."""
    return look_of(session, repository_id, branch)[0]


def look_of(session: Session, repository_id: int, branch: str) -> tuple[str, str]:
    """The same, and the forge's mark of what came since then; both empty where nothing was looked at."""
    query = select(BranchHead.sha, BranchHead.etag)
    query = query.where(BranchHead.repository_id == repository_id, BranchHead.branch == branch)
    found = session.execute(query).first()
    return ("", "") if found is None else (found.sha, found.etag)


def pays(session: Session, repository: Repository, branch: str, *, is_default: bool) -> bool:
    """Whether a merge into a branch pays; `is_default` is what the forge says of it now."""
    return is_default or branch in listed_branches(session, repository)


def listed_branches(session: Session, repository: Repository) -> list[str]:
    """The branches besides the default one whose merges pay: those that its project lists, and its policy file."""
    listed = session.get_one(Project, repository.project_id).branches
    return list(dict.fromkeys([*listed, *repository.policy_now.branches]))


def languages_of(session: Session, repository: Repository) -> tuple[str, ...]:
    """What the bot speaks in a repository: as its policy file says, else as its project chose."""
    chosen = session.get_one(Project, repository.project_id).languages
    return repository.policy_now.languages or tuple(chosen.split(","))


def owner_of(session: Session, repository_forge_id: int) -> str:
    """The name of the account that a repository belongs to, empty for one we don't know."""
    return session.scalars(select(Repository.owner).where(Repository.forge_id == repository_forge_id)).first() or ""


def is_installed(session: Session, repository: Repository) -> bool:
    """Whether the App is on this repository, public as it must be, and not suspended."""
    if repository.installation_id is None or repository.private:
        return False
    row = session.get_one(Installation, repository.installation_id)
    return row.removed_at is None and row.suspended_at is None


def installed_repositories(session: Session, limit: int = 200) -> list[Repository]:
    """Repositories that the App is on."""
    query = select(Repository).where(Repository.installation_id.is_not(None)).order_by(Repository.id)
    return list(session.scalars(query.limit(limit)))


def permission_of(session: Session, repository_id: int, person_id: int | None) -> Permission:
    """What the forge last said of a person, and the policy file; NONE where neither did. For showing buttons only."""
    if person_id is None:
        return Permission.NONE
    said = select(Role.permission).where(Role.repository_id == repository_id, Role.person_id == person_id)
    named = is_named(person_id).where(PolicyDecider.repository_id == repository_id)
    level, decides = session.execute(select(said.scalar_subquery(), named.exists())).one()
    return Permission(deciding(level or Permission.NONE, named=decides))


def is_named(person_id: int) -> Select[int]:
    """The repositories whose policy file names one of somebody's accounts a decider."""
    query = select(PolicyDecider.repository_id).join(Identity, Identity.forge_id == PolicyDecider.forge_id)
    return query.where(Identity.person_id == person_id)


def project(session: Session, id: int) -> Project:
    """A project by id; raises NotFound."""
    row = session.get(Project, id)
    if row is None:
        raise NotFound("There is no such project.")
    return row


def repositories_of(session: Session, project_id: int) -> list[Repository]:
    """The repositories of a project."""
    return list(session.scalars(select(Repository).where(Repository.project_id == project_id).order_by(Repository.id)))


def deciders(session: Session, repository_id: int) -> list[int]:
    """People who, as forge and policy file last said, decide in a repository: who gets a decider's mails."""
    query = select(Role.person_id).where(Role.repository_id == repository_id)
    found = session.scalars(query.where(Role.permission >= int(Permission.MAINTAIN)))
    return sorted({*found, *named_people(session, repository_id)})


def block_of(session: Session, project_id: int, person_id: int | None) -> Block | None:
    """The block of a person in a project, under any of their forge accounts; one query, none signed out."""
    if person_id is None:
        return None
    return _standing(session, project_id, Identity.person_id == person_id)


def is_blocked(session: Session, project_id: int, person_id: int | None) -> bool:
    """Whether a person is blocked from a project; somebody signed out is nobody who could be."""
    return block_of(session, project_id, person_id) is not None


def block_of_account(session: Session, project_id: int, forge_id: int) -> Block | None:
    """The block of a forge account (its number there), or of another account of the same person; one query."""
    person = select(Identity.person_id).where(Identity.forge_id == forge_id, Identity.person_id.is_not(None))
    theirs = (Identity.forge_id == forge_id) | Identity.person_id.in_(person)
    return _standing(session, project_id, theirs)


def _standing(session: Session, project_id: int, theirs: ColumnElement[bool]) -> Block | None:
    query = select(Block).join(Identity, Identity.id == Block.identity_id).where(theirs)
    query = query.where(Block.project_id == project_id, Block.lifted_at.is_(None))
    return session.scalars(query.order_by(Block.id)).first()
