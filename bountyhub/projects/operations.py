"""Verbs of projects: what the forge says of installations, repositories and roles. Called by the forge integration."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bountyhub import settings
from bountyhub.events import audit
from bountyhub.kit import clock
from bountyhub.kit.database import find_or_make
from bountyhub.ports import forge_key
from bountyhub.ports.forge import InstallationInfo, Permission, RepositoryInfo
from bountyhub.projects.errors import BranchesRefused
from bountyhub.projects.models import (
    BotAction,
    BotVerb,
    BranchHead,
    ForgeApp,
    ForgeReading,
    Installation,
    Project,
    Repository,
    Role,
)
from bountyhub.projects.rules import LANGUAGES, branch_names


def record_installation(session: Session, info: InstallationInfo, repositories: list[RepositoryInfo]) -> Installation:
    """Know an installation as it stands; repositories it no longer covers lose it.

    `repositories` are the public ones: what is known to be private stays, until it is said to have lost the App.
    """
    row = _installation(session, info)
    row.suspended_at = (row.suspended_at or clock.now()) if info.suspended else None
    row.removed_at = None
    if row.missing != list(info.missing):
        row.missing = list(info.missing)
        audit.record(session, forge_key(), "app_permissions", "installation", row.id, missing=row.missing)
    covered = [record_repository(session, one) for one in sorted(repositories, key=lambda one: one.id)]
    for repository in covered:
        repository.installation_id = row.id
    keep = {repository.id for repository in covered}
    for repository in session.scalars(
        select(Repository).where(Repository.installation_id == row.id).order_by(Repository.id)
    ):
        if repository.id not in keep and not repository.private:
            repository.installation_id = None
    return row


def _installation(session: Session, info: InstallationInfo) -> Installation:
    query = select(Installation).where(Installation.forge_id == info.id).with_for_update(key_share=True)
    row = find_or_make(session, lambda: session.scalars(query).first(), lambda: _new_installation(session, info))
    row.account = info.account
    return row


def _new_installation(session: Session, info: InstallationInfo) -> Installation:
    row = Installation(forge_id=info.id, account=info.account, account_forge_id=info.account_id, created_at=clock.now())
    session.add(row)
    session.flush()
    audit.record(session, forge_key(), "app_installed", "installation", row.id, account=info.account)
    return row


def remove_installation(
    session: Session, forge_id: int, repository_forge_ids: list[int] | None, *, suspended: bool = False
) -> list[Repository]:
    """Take the App off all (None) or some repositories; those that lost it. A suspended one may come back."""
    query = select(Installation).where(Installation.forge_id == forge_id).with_for_update(key_share=True)
    row = session.scalars(query).first()
    if row is None:
        return []
    covered = select(Repository).where(Repository.installation_id == row.id)
    if repository_forge_ids is None and suspended:
        row.suspended_at = row.suspended_at or clock.now()
    elif repository_forge_ids is None:
        row.removed_at = row.removed_at or clock.now()
    else:
        covered = covered.where(Repository.forge_id.in_(repository_forge_ids))
    lost = list(session.scalars(covered.order_by(Repository.id)))
    for repository in lost:
        repository.installation_id = None
        audit.record(session, forge_key(), "app_removed", "repository", repository.id)
    return lost


def record_repository(session: Session, info: RepositoryInfo) -> Repository:
    """Know a repository by its number as it stands now; a new one brings its own project."""
    # NO KEY: claims of its tasks, which name it, don't wait.
    query = select(Repository).where(Repository.forge == forge_key(), Repository.forge_id == info.id)
    query = query.with_for_update(key_share=True)
    row = find_or_make(session, lambda: session.scalars(query).first(), lambda: _new_repository(session, info))
    if info.private:
        row.private = True  # what it is called from now on is nobody's business
        return row
    if row.full_name != f"{info.owner}/{info.name}":
        detail = {"old": row.full_name, "new": f"{info.owner}/{info.name}"}
        audit.record(session, forge_key(), "repository_renamed", "repository", row.id, **detail)
        _rename_project(session, row, info)
    row.owner, row.name, row.url = info.owner, info.name, info.url
    row.forge_created_at = info.created_at or row.forge_created_at
    row.default_branch, row.private, row.archived = info.default_branch, info.private, info.archived
    return row


def _new_repository(session: Session, info: RepositoryInfo) -> Repository:
    project = Project(
        name=f"{info.owner}/{info.name}", description=info.description[:500], licence=info.licence,
        currency=settings.current().CURRENCIES[0], created_at=clock.now(),
    )  # fmt: skip
    session.add(project)
    session.flush()
    row = Repository(
        project_id=project.id, forge=forge_key(), forge_id=info.id, owner=info.owner, name=info.name, url=info.url,
        default_branch=info.default_branch, private=info.private, archived=info.archived, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _rename_project(session: Session, row: Repository, info: RepositoryInfo) -> None:
    project = session.get_one(Project, row.project_id)
    if project.name == row.full_name:
        project.name = f"{info.owner}/{info.name}"


def begin_app(session: Session, state_digest: str, person_id: int) -> ForgeApp | None:
    """Write down that the forge is asked for a new App's keys; None when this state was used before."""
    used = select(ForgeApp).where(ForgeApp.state_digest == state_digest)
    if session.scalars(used).first() is not None:
        return None
    row = ForgeApp(state_digest=state_digest, person_id=person_id, asked_at=clock.real_now())
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return None
    return row


def record_app(session: Session, id: int, forge_id: int, slug: str, actor: str) -> None:
    """Its keys arrived and are kept."""
    row = session.get_one(ForgeApp, id)
    row.forge_id, row.slug = forge_id, slug[:100]
    audit.record(session, actor, "app_made", "forge_app", row.id, forge_id=forge_id, slug=row.slug)


def note_role(session: Session, repository: Repository, person_id: int, permission: Permission) -> None:
    """Remember what the forge last said a person may do in a repository."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"permission": int(permission), "read_at": clock.now()}
    statement = insert(Role).values(repository_id=repository.id, person_id=person_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["repository_id", "person_id"], set_=values))


def count_reading(session: Session, object: str, times: int) -> bool:
    """Count that an object of the forge is recorded once more; False when it was since it had been `times` times."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(ForgeReading).values(object=object, times=0).on_conflict_do_nothing())
    row = session.get_one(ForgeReading, object, with_for_update=True, populate_existing=True)
    if row.times != times:
        return False
    row.times += 1
    return True


def list_branches(session: Session, project_id: int, text: str, actor: str) -> bool:
    """The branches besides the default ones whose merges pay, from now on; whether the list changed.

    Raises BranchesRefused.
    """
    try:
        names = branch_names(text)
    except ValueError as error:
        raise BranchesRefused(str(error)) from error
    # NO KEY: new tasks, which name the project, don't wait.
    project = session.get_one(Project, project_id, with_for_update={"key_share": True}, populate_existing=True)
    if project.branches == names:
        return False
    audit.record(session, actor, "branches_listed", "project", project.id, old=project.branches, new=names)
    project.branches = names
    return True


def note_head(session: Session, repository_id: int, branch: str, sha: str, etag: str = "") -> None:
    """Remember how far a branch was looked through, and the forge's mark of what came since."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"sha": sha, "read_at": clock.now(), "etag": etag}
    statement = insert(BranchHead).values(repository_id=repository_id, branch=branch, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["repository_id", "branch"], set_=values))


def forget_roles(session: Session, person_id: int) -> None:
    """What somebody may do in repositories is forgotten."""
    session.execute(delete(Role).where(Role.person_id == person_id))


def note_bot_action(
    session: Session, repository_forge_id: int, number: int, what: BotVerb, why: str, forge_id: int | None = None
) -> None:
    """Write down what the bot did to an issue or pull request, and for what reason."""
    query = select(Repository.id).where(Repository.forge == forge_key(), Repository.forge_id == repository_forge_id)
    repository_id = session.scalars(query).first()
    if repository_id is not None:
        session.add(
            BotAction(
                repository_id=repository_id, number=number, what=what, why=why[:200], at=clock.now(), forge_id=forge_id
            )
        )  # fmt: skip


def set_label(session: Session, project_id: int, actor: str, *, on: bool) -> bool:
    """Whether funded issues are labelled; False when that was so already."""
    project = session.get_one(Project, project_id, with_for_update={"key_share": True})
    if project.label_funded == on:
        return False
    project.label_funded = on
    audit.record(session, actor, "label_switched", "project", project.id, on=on)
    return True


def set_languages(session: Session, project_id: int, actor: str, languages: str) -> bool:
    """What the bot speaks there, one of `rules.LANGUAGES`; False when that was so already."""
    assert languages in LANGUAGES, languages
    project = session.get_one(Project, project_id, with_for_update={"key_share": True})
    if project.languages == languages:
        return False
    audit.record(session, actor, "languages_chosen", "project", project.id, old=project.languages, new=languages)
    project.languages = languages
    return True
