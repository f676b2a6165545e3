"""From a delivery to a changed row: only what GitHub says when asked again is recorded, however often it is sent."""

from __future__ import annotations

from sqlalchemy import select

from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Refund
from bountyhub.kit.database import reading
from bountyhub.projects.models import Repository
from tests.integrations.github.hub import Hub


def names() -> set[str]:
    with reading() as session:
        return {row.full_name for row in session.scalars(select(Repository))}


def refunds() -> int:
    with reading() as session:
        return len(session.scalars(select(Refund)).all())


# ---------------------------------------------------------------- installations and repositories


def test_installing_makes_projects_of_public_repositories_only(hub: Hub) -> None:
    assert names() == {"ana/inkwell"}
    hub.github.do("install", account="ana")
    hub.deliver(times=3)
    assert names() == {"ana/inkwell", "ana/mosaic", "ana/pinsel"}
    assert hub.repository("ana/pinsel").installation_id == hub.repository().installation_id


def test_a_repository_taken_off_the_app_loses_it_and_its_money_goes_back(hub: Hub) -> None:
    hub.fund(hub.open_task())
    hub.install("ana", "ana/pinsel")
    assert hub.repository().installation_id is None
    assert hub.repository("ana/pinsel").installation_id is not None
    assert refunds() == 1


def test_removing_the_app_ends_its_tasks_and_installing_again_makes_new_ones_possible(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("uninstall", account="ana")
    hub.deliver(times=3)
    assert hub.repository().installation_id is None
    assert hub.task(task).state == "cancelled"
    hub.install()
    assert hub.repository().installation_id is not None


def test_a_suspension_with_a_ready_pull_request_gives_notice_and_its_end_takes_it_back(any_hub: Hub) -> None:
    hub = any_hub
    task = hub.open_task()
    hub.fund(task)
    hub.pull()
    hub.deliver()
    hub.github.do("suspend", account="ana")
    hub.deliver(times=3)
    assert (hub.task(task).state, hub.task(task).ends_reason) == ("open", "app_gone")
    hub.github.do("unsuspend", account="ana")
    hub.deliver(times=3)
    assert hub.checks(hub.claims(task)[0].head_sha)[0]["output"]["title"] == hub.title(hub.claims(task)[0].id)
    assert (hub.task(task).ends_at, hub.repository().installation_id is not None) == (None, True)


def test_a_late_delivery_of_an_installation_that_is_gone_brings_nothing_back(hub: Hub) -> None:
    hub.github.do("install", account="eve")
    hub.github.do("uninstall", account="eve")
    created, deleted = hub.deliveries()
    assert hub.post("installation", deleted["body"].encode()) == 202
    hub.work()
    assert hub.post("installation", created["body"].encode()) == 202
    hub.work()
    assert names() == {"ana/inkwell"}


def test_a_rename_and_an_archive_are_followed(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("rename_repository", name="quill")
    row = hub.repository("ana/quill")
    assert (row.url.endswith("ana/quill"), row.archived) == (True, False)
    hub.do("archive_repository", repo="ana/quill")
    assert hub.repository("ana/quill").archived
    assert hub.task(task).repository_id == row.id


def test_a_transfer_to_an_account_with_the_app_keeps_the_task(any_hub: Hub) -> None:
    hub = any_hub
    task = hub.open_task()
    hub.fund(task)
    hub.github.do("install", account="eve")
    hub.deliver()
    hub.do("transfer_repository", owner="eve")
    row = hub.repository("eve/inkwell")
    assert row.installation_id is not None
    assert (hub.task(task).state, hub.task(task).ends_at, refunds()) == ("open", None, 0)


def test_going_private_ends_the_tasks(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    hub.do("privatize")
    assert hub.task(task).state == "cancelled"
    assert refunds() == 1


def test_a_deleted_repository_ends_the_tasks(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("delete_repository")
    assert hub.task(task).state == "cancelled"


# ---------------------------------------------------------------- issues


def test_title_labels_and_text_stay_in_step(hub: Hub) -> None:
    task = hub.open_task()
    before = hub.task(task).revision
    hub.do("edit_issue", number=1, title="Better footnotes", body="Really.")
    hub.do("label", number=1, name="urgent")
    now = hub.task(task)
    assert (now.title, "urgent" in now.labels, now.revision) == ("Better footnotes", True, before + 1)
    hub.do("unlabel", number=1, name="urgent")
    assert "urgent" not in hub.task(task).labels


def test_closing_starts_the_clock_and_reopening_stops_it(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("close", number=1)
    assert (hub.task(task).issue_open, hub.task(task).ends_reason) == (False, "issue_closed")
    hub.do("reopen", number=1)
    assert (hub.task(task).issue_open, hub.task(task).ends_at) == (True, None)


def test_closed_then_reopened_before_anything_was_handled_is_open(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("close", repo="ana/inkwell", number=1)
    hub.github.do("reopen", repo="ana/inkwell", number=1)
    for row in reversed(hub.deliveries()):
        assert hub.post("issues", row["body"].encode(), row["id"]) == 202
    hub.work()
    assert (hub.task(task).issue_open, hub.task(task).ends_at) == (True, None)


def test_a_deleted_issue_ends_its_task(any_hub: Hub) -> None:
    hub = any_hub
    task = hub.open_task()
    hub.fund(task)
    hub.do("delete_issue", number=1)
    assert (hub.task(task).state, hub.task(task).issue_exists, refunds()) == ("cancelled", False, 1)


def test_an_issue_moved_to_another_project_ends_its_task(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("transfer_issue", number=1, to="ana/pinsel")
    assert hub.task(task).state == "cancelled"


def test_a_forged_deletion_ends_nothing(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    repository = {"id": hub.repository().forge_id}
    assert hub.post("issues", {"action": "deleted", "issue": {"number": 1}, "repository": repository}) == 202
    assert hub.post("repository", {"action": "deleted", "repository": repository}) == 202
    assert hub.post("installation", {"action": "deleted", "installation": {"id": 61_000_001}}) == 202
    hub.work()
    assert (hub.task(task).state, hub.task(task).ends_at, refunds()) == ("open", None, 0)
    assert hub.repository().installation_id is not None


def test_an_issue_nobody_made_a_task_of_changes_nothing(hub: Hub) -> None:
    hub.do("edit_issue", number=2, title="Other")
    hub.do("open_issue", title="New")
    assert all(event.handled_at for event in hub.inbox())


def test_a_removed_app_noticed_while_reading_is_recorded(hub: Hub) -> None:
    task = hub.open_task()
    hub.do("edit_issue", number=1, title="Better")
    hub.github.do("edit_issue", repo="ana/inkwell", number=1, title="Best")
    hub.github.do("suspend", account="ana")
    announced = [row for row in hub.deliveries() if row["event"].startswith("issues")]
    hub.lose_deliveries()
    assert hub.post("issues", announced[0]["body"].encode()) == 202
    hub.work()
    assert (hub.repository().installation_id, hub.task(task).state) == (None, "cancelled")


# ---------------------------------------------------------------- pull requests


def test_the_loop_from_issue_to_release(any_hub: Hub) -> None:
    hub = any_hub
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull()
    hub.deliver(times=3)
    (claim,) = hub.claims(task)
    assert (claim.state, claim.pull_number, claim.shown_at is not None) == ("linked", number, True)
    hub.do("merge", number=number)
    (claim,) = hub.claims(task)
    assert (claim.state, claim.independent) == ("released", True)
    assert hub.task(task).state == "merged"
    assert all(event.handled_at for event in hub.inbox())


def test_a_merge_of_which_the_closed_issue_is_told_first_is_a_merge(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull()
    hub.deliver(times=3)
    hub.github.do("merge", repo="ana/inkwell", number=number)
    told = [row for row in hub.deliveries() if row["event"].startswith("issues")]
    hub.lose_deliveries()
    assert hub.post("issues", told[-1]["body"].encode()) == 202
    hub.work()
    assert (hub.claims(task)[0].state, hub.task(task).state) == ("released", "merged")
    with reading() as session:
        assert "task_end_announced" not in session.scalars(select(AuditEvent.action)).all()


def test_a_merge_heard_of_before_everything_else_is_a_late_claim(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull()
    hub.github.do("merge", repo="ana/inkwell", number=number)
    for row in reversed(hub.deliveries()):
        assert hub.post(row["event"].partition(".")[0], row["body"].encode(), row["id"]) == 202
    hub.work()
    (claim,) = hub.claims(task)
    assert claim.state == "late"


def test_editing_drafting_pushing_closing_and_reopening(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("nothing yet", draft=True)
    hub.deliver(times=3)
    assert hub.claims(task) == []
    hub.do("edit_pull_request", number=number, body="Fixes #1")
    assert [(claim.state, claim.draft) for claim in hub.claims(task)] == [("linked", True)]
    hub.do("edit_pull_request", number=number, draft=False)
    assert not hub.claims(task)[0].draft
    hub.do("edit_pull_request", number=number, draft=True)
    assert hub.claims(task)[0].draft
    before = hub.claims(task)[0].head_sha
    hub.do("push", number=number)
    pushed = hub.claims(task)[0]
    assert (pushed.head_sha != before, pushed.check_sha) == (True, pushed.head_sha)
    hub.do("close", number=number)
    assert hub.claims(task)[0].state == "closed"
    hub.do("reopen", number=number)
    assert hub.claims(task)[0].state == "linked"
    hub.do("edit_pull_request", number=number, body="not any more")
    assert hub.claims(task)[0].state == "unlinked"


def test_words_in_somebody_elses_repository_claim_nothing(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("install", account="eve")
    hub.deliver()
    number = hub.pull("Fixes ana/inkwell#1", repo="eve/almanac")
    hub.github.do("merge", repo="eve/almanac", number=number)
    hub.deliver(times=3)
    assert hub.claims(task) == []


def test_a_body_edited_after_the_merge_waits_for_a_decider(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("nothing")
    hub.do("merge", number=number)
    hub.do("edit_pull_request", number=number, body="Fixes #1")
    assert [claim.state for claim in hub.claims(task)] == ["late"]
