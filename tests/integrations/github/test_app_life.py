"""The App on an account: suspended, removed, back again, lacking a permission; who is told, and how often."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people import operations as people
from bountyhub.people.models import Identity, Person
from bountyhub.people.queries import identities_to_read
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Installation, Repository
from bountyhub.projects.operations import note_role
from tests.integrations.github.hub import Hub


def installation() -> Installation:
    with reading() as session:
        return session.scalars(select(Installation)).one()


def mails(hub: Hub) -> list[tuple[str, str]]:
    """Address and subject of everything written since, in its order."""
    hub.work("notify.")
    with reading() as session:
        return [(row.to, row.subject) for row in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def decider(hub: Hub) -> None:
    """Ana decides in her editor and has an address."""
    with transaction() as session:
        ana = people.sign_in_with_forge(session, hub.person("ana"), "ana@example.test")
        note_role(session, session.get_one(Repository, hub.repository().id), ana.id, Permission.ADMIN)


def with_ready_pull(hub: Hub) -> int:
    task = hub.open_task()
    decider(hub)
    hub.fund(task)
    hub.pull()
    hub.deliver()
    mails(hub)
    return task


def test_a_suspended_installation_is_known_as_suspended_not_as_removed(hub: Hub) -> None:
    hub.open_task()
    hub.github.do("suspend", account="ana")
    hub.deliver(times=3)
    row = installation()
    assert (row.suspended_at is not None, row.removed_at) == (True, None)
    assert hub.repository().installation_id is None
    hub.github.do("uninstall", account="ana")
    hub.deliver(times=3)
    assert installation().removed_at is not None


def test_deciders_are_told_once_that_the_app_left(hub: Hub) -> None:
    hub.open_task()
    decider(hub)
    hub.github.do("uninstall", account="ana")
    hub.deliver(times=3)
    hub.ask("forge.sync_installation", installation=installation().forge_id)
    told = [subject for to, subject in mails(hub) if to == "ana@example.test"]
    assert told.count("bountyhub was removed from ana/inkwell") == 1


def test_back_in_time_stops_the_clock_and_whoever_was_told_of_the_end_is_told(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.github.do("suspend", account="ana")
    hub.deliver(times=3)
    ending = [m for m in mails(hub) if m[1].startswith("Ends on")]
    assert [to for to, _ in ending] == ["cleo@example.test"]
    assert "removed bountyhub" in hub.status(task).next_step.detail
    hub.github.do("unsuspend", account="ana")
    hub.deliver(times=3)
    assert hub.task(task).ends_at is None
    assert sorted(to for to, subject in mails(hub) if subject.startswith("Goes on")) == [
        "ana@example.test", "cleo@example.test",
    ]  # fmt: skip


def test_a_return_that_no_webhook_told_of_is_found_in_the_slow_round(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.github.do("uninstall", account="ana")
    hub.deliver()
    hub.github.do("install", account="ana", repos=["ana/inkwell"])
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert hub.task(task).ends_at is None
    assert hub.repository().installation_id is not None


def test_at_the_end_of_the_notice_the_app_is_looked_for_once_more(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.github.do("uninstall", account="ana")
    hub.deliver()
    hub.github.do("install", account="ana", repos=["ana/inkwell"])
    hub.lose_deliveries()
    clock.set_offset(timedelta(days=15))
    hub.sweep("work.sweep_ends")
    assert (hub.task(task).state, hub.task(task).ends_at) == ("open", None)


def test_without_the_app_the_notice_ends_the_task(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.github.do("uninstall", account="ana")
    hub.deliver()
    clock.set_offset(timedelta(days=15))
    hub.sweep("work.sweep_ends")
    assert (hub.task(task).state, hub.task(task).ends_reason) == ("cancelled", "app_gone")


# ---------------------------------------------------------------- permissions


def test_an_installation_without_a_needed_permission_is_noted_and_its_deciders_told_once(hub: Hub) -> None:
    decider(hub)
    hub.github.do("app_asks", permissions="checks:read,contents:read,issues:write,metadata:read,pull_requests:write")
    hub.github.do("accept_permissions", account="ana")
    hub.deliver(times=3)
    hub.ask("forge.sync_installation", installation=installation().forge_id)
    assert installation().missing == ["checks:write"]
    wanted = "bountyhub needs permissions on ana"
    assert [to for to, subject in mails(hub) if subject == wanted] == ["ana@example.test"]


def test_accepted_permissions_bring_the_check_run(hub: Hub) -> None:
    hub.open_task()
    hub.github.do("app_asks", permissions="checks:read,contents:read,issues:write,metadata:read,pull_requests:write")
    hub.github.do("accept_permissions", account="ana")
    hub.deliver()
    hub.pull()
    for row in hub.deliveries():
        hub.posted.add(row["id"])
        hub.post(row["event"].partition(".")[0], row["body"].encode(), row["id"])
    hub.work("inbox.github")
    claim = hub.claims()[0]
    assert hub.checks(claim.head_sha) == []
    hub.github.do("app_asks", permissions="checks:write,contents:read,issues:write,metadata:read,pull_requests:write")
    hub.github.do("accept_permissions", account="ana")
    hub.deliver(times=3)
    assert installation().missing == []
    assert len(hub.checks(claim.head_sha)) == 1


# ---------------------------------------------------------------- archived, hidden


def test_an_archived_repositorys_task_ends_with_notice_and_goes_on_when_it_is_unarchived(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.do("archive_repository")
    assert hub.task(task).ends_reason == "archived"
    assert "archived" in hub.status(task).next_step.detail
    hub.do("archive_repository", archived=False)
    assert (hub.task(task).ends_at, hub.task(task).ends_reason) == (None, None)


def test_an_archived_repositorys_task_without_a_pull_request_ends_at_once(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    hub.do("archive_repository")
    assert (hub.task(task).state, hub.task(task).ends_reason) == ("cancelled", "archived")


def test_a_repository_that_is_public_again_in_time_stops_the_clock(hub: Hub) -> None:
    task = with_ready_pull(hub)
    hub.do("privatize")
    assert hub.task(task).ends_at is not None
    hub.do("privatize", private=False)
    assert hub.task(task).ends_at is None
    assert hub.repository().installation_id is not None


def test_an_issue_made_a_discussion_ends_as_a_closed_one(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("convert_to_discussion", number=1)
    assert hub.task(task).ends_reason == "issue_closed"


# ---------------------------------------------------------------- branches and people


def test_a_pull_request_that_follows_a_renamed_default_branch_still_counts(hub: Hub) -> None:
    hub.open_task()
    hub.pull()
    hub.deliver()
    hub.do("rename_branch", to="trunk")
    claim = hub.claims()[0]
    assert (claim.state, claim.base, claim.base_counts) == ("linked", "trunk", True)
    assert hub.repository().default_branch == "trunk"


def login_of(forge_id: int) -> tuple[str, str]:
    """What their account and they themselves are called here."""
    with reading() as session:
        row = session.scalars(select(Identity).where(Identity.forge_id == forge_id)).one()
        person = session.get(Person, row.person_id) if row.person_id else None
        return row.login, person.name if person else ""


def test_a_rename_that_nobody_told_of_is_found_by_the_hourly_look(hub: Hub) -> None:
    hub.open_task()
    ana = hub.github.person("ana")
    hub.github.do("rename_person", login="ana", to="ana-almeida")
    hub.lose_deliveries()
    hub.sweep("forge.refresh_people")
    assert login_of(ana) == ("ana", "ana")
    clock.set_offset(timedelta(days=4))
    hub.sweep("forge.refresh_people")
    assert login_of(ana) == ("ana-almeida", "ana-almeida")


def test_a_renamed_account_with_the_app_is_followed_at_once(hub: Hub) -> None:
    task = hub.open_task()
    ana = hub.github.person("ana")
    hub.github.do("rename_person", login="ana", to="ana-almeida")
    hub.deliver(times=3)
    assert login_of(ana) == ("ana-almeida", "ana-almeida")
    assert installation().account == "ana-almeida"
    assert hub.repository("ana-almeida/inkwell").id == hub.task(task).repository_id


def test_a_login_taken_by_somebody_else_names_only_them(hub: Hub) -> None:
    hub.open_task()
    hub.pull()
    hub.deliver()
    bo = hub.github.person("bo")
    hub.github.do("rename_person", login="bo", to="bo-lindqvist")
    hub.github.do("create_person", login="bo")
    hub.do("push", number=hub.claims()[0].pull_number)
    assert login_of(bo)[0] == "bo-lindqvist"


def test_a_deleted_account_is_called_ghost_and_asked_for_no_more(hub: Hub) -> None:
    hub.open_task()
    hub.pull()
    hub.deliver()
    bo = hub.github.person("bo")
    hub.github.do("delete_person", login="bo")
    hub.lose_deliveries()
    clock.set_offset(timedelta(days=4))
    hub.sweep("forge.refresh_people")
    assert login_of(bo)[0] == "ghost"
    with reading() as session:
        assert bo not in identities_to_read(session, clock.now() + timedelta(days=9), 100)


def test_a_deleted_authors_pull_request_pays_nobody(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull()
    hub.github.do("delete_person", login="bo")
    hub.deliver(times=3)
    hub.do("merge", number=number, **{"as": "eve"})
    assert hub.task(task).state == "open"
    assert [claim.state for claim in hub.claims(task)] in ([], ["late"])


def test_whoever_acts_under_another_login_is_read_again(hub: Hub) -> None:
    hub.open_task()
    hub.pull()
    hub.deliver()
    bo = hub.github.person("bo")
    hub.github.do("rename_person", login="bo", to="bo-lindqvist")
    hub.comment(1, "Nearly there.", "bo-lindqvist")
    assert login_of(bo)[0] == "bo-lindqvist"


def test_an_issue_reopened_after_its_completion_releases_nothing_twice(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull()
    hub.deliver()
    hub.do("merge", number=number)
    assert hub.task(task).state == "completed"
    before = [(claim.id, claim.state, claim.released_at) for claim in hub.claims()]
    hub.do("reopen", number=1)
    hub.sweep("forge.reconcile_all")
    assert hub.task(task).state == "completed"
    assert [(claim.id, claim.state, claim.released_at) for claim in hub.claims()] == before
    again = hub.open_task()
    assert (again != task, hub.task(again).previous_id) == (True, task)
    assert hub.claims(again) == []
