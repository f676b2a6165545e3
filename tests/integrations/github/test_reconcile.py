"""Roles, and what reconciliation finds that no webhook told."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import sign_in_with_forge
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Role
from bountyhub.projects.operations import record_repository
from bountyhub.projects.queries import deciders
from tests.integrations.github.hub import Hub


def test_roles_are_asked_after_signing_in(hub: Hub) -> None:
    with transaction() as session:
        eve = sign_in_with_forge(session, hub.person("eve"), None).id
    hub.ask("forge.refresh_roles", person=eve)
    with reading() as session:
        assert [role.level for role in session.scalars(select(Role).where(Role.person_id == eve))] == [
            Permission.MAINTAIN
        ]


def test_a_maintainer_who_was_removed_is_none_after_a_while(hub: Hub) -> None:
    with transaction() as session:
        eve = sign_in_with_forge(session, hub.person("eve"), None).id
    hub.ask("forge.refresh_roles", person=eve)
    with reading() as session:
        assert deciders(session, hub.repository().id) == [eve]
    hub.github.do("set_permission", repo="ana/inkwell", login="eve", role="none")
    hub.sweep("forge.reconcile_all")
    with reading() as session:
        assert deciders(session, hub.repository().id) == []


def test_a_merge_and_a_closing_no_webhook_announced_are_found(hub: Hub) -> None:
    merged, closed = hub.open_task(1), hub.open_task(2)
    hub.fund(merged)
    number = hub.pull()
    hub.deliver()
    hub.github.do("merge", repo="ana/inkwell", number=number)
    hub.github.do("close", repo="ana/inkwell", number=2)
    hub.lose_deliveries()
    hub.sweep("forge.reconcile")
    assert hub.claims(merged)[0].state == "released"
    assert not hub.task(closed).issue_open


def test_a_new_link_no_webhook_announced_is_found_and_shown(hub: Hub) -> None:
    task = hub.open_task()
    hub.sweep("forge.reconcile")
    hub.pull()
    hub.lose_deliveries()
    hub.sweep("forge.reconcile")
    assert hub.claims(task)[0].shown_at is not None


def test_a_pull_request_older_than_its_task_is_linked_and_shown(any_hub: Hub) -> None:
    hub = any_hub
    number = hub.pull()
    hub.deliver()
    task = hub.open_task()
    hub.fund(task)
    assert [(claim.pull_number, claim.shown_at is not None) for claim in hub.claims(task)] == [(number, True)]
    hub.do("merge", number=number)
    assert hub.claims(task)[0].state == "released"


def test_a_pull_request_opened_while_its_task_was_wanted_is_linked_when_it_opens(hub: Hub) -> None:
    task = hub.open_task(opened=False)
    hub.pull()
    hub.deliver()
    assert hub.claims(task) == []
    assert hub.open_task() == task
    assert [claim.state for claim in hub.claims(task)] == ["linked"]


def test_a_pull_request_opened_while_the_app_was_away_is_linked_when_it_is_back(hub: Hub) -> None:
    task = hub.open_task()
    first = hub.pull()
    hub.deliver()
    hub.github.do("suspend", account="ana")
    hub.deliver()
    second = hub.pull()
    hub.lose_deliveries()
    hub.github.do("unsuspend", account="ana")
    hub.deliver()
    assert [claim.pull_number for claim in hub.claims(task)] == [first, second]
    assert all(claim.shown_at for claim in hub.claims(task))


def test_a_removal_no_webhook_announced_is_found(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("uninstall", account="ana")
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert hub.repository().installation_id is None
    assert hub.task(task).state == "cancelled"


def test_a_wanted_task_follows_its_issue_without_the_app(hub: Hub) -> None:
    with transaction() as session:
        record_repository(session, hub.forge.find_repository("eve", "almanac"))
    task = hub.open_task(1, "eve/almanac", opened=False)
    hub.github.do("edit_issue", repo="eve/almanac", number=1, title="Better")
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert (hub.task(task).title, hub.task(task).state) == ("Better", "wanted")
    hub.github.do("close", repo="eve/almanac", number=1)
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert hub.task(task).state == "cancelled"
