"""Installations, repositories and roles as the forge last said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import NotFound
from bountyhub.ports.forge import InstallationInfo, Permission, RepositoryInfo
from bountyhub.projects import operations as projects
from bountyhub.projects import queries
from bountyhub.projects.models import Installation, Project, Repository, Role
from bountyhub.projects.rules import is_decider, is_maintainer
from tests.builders.at_once import at_once
from tests.builders.forge_says import VICTIM
from tests.builders.world import INSTALLATION, REPOSITORY, World


def install(info: InstallationInfo = INSTALLATION, *repositories: RepositoryInfo) -> None:
    with transaction() as session:
        projects.record_installation(session, info, list(repositories))


def remove(forge_id: int = 77, only: list[int] | None = None) -> int:
    with transaction() as session:
        return len(projects.remove_installation(session, forge_id, only))


def installed(number: int = REPOSITORY.id) -> bool:
    with reading() as session:
        row = queries.repository_by_forge_id(session, number)
        return row is not None and queries.is_installed(session, row)


@pytest.mark.usefixtures("database")
def test_an_installation_said_five_times_is_one() -> None:
    world = World.begin()
    for _ in range(5):
        install(INSTALLATION, REPOSITORY)
    assert [len(world.rows(model)) for model in (Installation, Repository, Project)] == [1, 1, 1]
    assert installed()


@pytest.mark.usefixtures("postgresql")
def test_an_installation_learnt_by_a_page_and_a_webhook_at_once_is_one() -> None:
    world = World.begin()
    before = [len(world.rows(model)) for model in (Installation, Repository, Project)]
    new, covered = replace(INSTALLATION, id=79), [replace(VICTIM, id=9011), replace(VICTIM, id=9012)]
    at_once(*[lambda session: projects.record_installation(session, new, covered)] * 4)
    after = [len(world.rows(model)) for model in (Installation, Repository, Project)]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 2, 2]
    assert installed(9011) and installed(9012)


def test_a_repository_that_left_the_installation_lost_the_app(world: World) -> None:
    install(INSTALLATION, REPOSITORY, VICTIM)
    install(INSTALLATION, VICTIM)
    assert (installed(), installed(VICTIM.id)) == (False, True)


def test_a_suspended_installation_is_as_good_as_none_until_it_is_back(world: World) -> None:
    install(replace(INSTALLATION, suspended=True), REPOSITORY)
    assert not installed()
    install(INSTALLATION, REPOSITORY)
    assert installed()


def test_the_app_can_be_taken_off_some_repositories_or_all(world: World) -> None:
    install(INSTALLATION, REPOSITORY, VICTIM)
    assert remove(only=[VICTIM.id]) == 1
    assert (installed(), installed(VICTIM.id)) == (True, False)
    assert (remove(), remove(), remove(4711)) == (1, 0, 0)
    assert not installed()


def test_an_app_that_was_removed_can_come_back(world: World) -> None:
    remove()
    install(INSTALLATION, REPOSITORY)
    assert installed()
    with reading() as session:
        assert queries.installation_of(session, REPOSITORY.id) == 77


def test_a_renamed_repository_stays_the_same_and_its_project_follows(world: World) -> None:
    install(INSTALLATION, replace(REPOSITORY, owner="guild", name="quill", default_branch="trunk"))
    row, project = world.rows(Repository)[0], world.rows(Project)[0]
    assert (row.full_name, row.default_branch, project.name) == ("guild/quill", "trunk", "guild/quill")
    assert world.read_task().repository_id == row.id
    assert world.actions("repository") == ["repository_renamed"]


def test_a_project_with_a_name_of_its_own_keeps_it(world: World) -> None:
    with transaction() as session:
        session.get_one(Project, 1).name = "Inkwell"
    install(INSTALLATION, replace(REPOSITORY, name="quill"))
    assert world.rows(Project)[0].name == "Inkwell"


def test_each_new_repository_brings_a_project_in_the_sites_currency(world: World) -> None:
    install(INSTALLATION, REPOSITORY, VICTIM)
    assert [(p.name, p.licence, p.currency) for p in world.rows(Project)] == [
        ("ana/inkwell", "GPL-3.0", "EUR"), ("victim/repo", "GPL-3.0", "EUR"),
    ]  # fmt: skip


def test_a_role_is_what_the_forge_last_said(world: World) -> None:
    dara = world.persons["dara"].id
    for permission in (Permission.ADMIN, Permission.WRITE, Permission.MAINTAIN):
        with transaction() as session:
            projects.note_role(session, session.get_one(Repository, 1), dara, permission)
    with reading() as session:
        assert queries.permission_of(session, 1, dara) is Permission.MAINTAIN
        assert queries.permission_of(session, 1, world.persons["bo"].id) is Permission.NONE
        assert queries.permission_of(session, 1, None) is Permission.NONE
        assert queries.deciders(session, 1) == [dara]
    assert len(world.rows(Role)) == 1


@pytest.mark.usefixtures("world")
def test_what_is_not_there_is_not_found() -> None:
    for read in (queries.repository, queries.project):
        with pytest.raises(NotFound), reading() as session:
            read(session, 999)


@pytest.mark.parametrize("permission", Permission)
def test_who_may_merge_and_who_decides(permission: Permission) -> None:
    assert is_maintainer(permission) is (permission.name in ("WRITE", "MAINTAIN", "ADMIN"))
    assert is_decider(permission) is (permission.name in ("MAINTAIN", "ADMIN"))
