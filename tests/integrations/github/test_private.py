"""A repository that went private says nothing here any more, whatever the App may still read of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit.database import reading
from bountyhub.ports.errors import OutsideGone
from bountyhub.tasks.models import TaskRevision
from tests.integrations.github.conftest import Inkwell
from tests.integrations.github.github_sandbox import settings_for
from tests.integrations.github.hub import Hub

SECRET = "CONFIDENTIAL merger"


def texts() -> str:
    with reading() as session:
        return "\n".join(f"{one.title}\n{one.body}" for one in session.scalars(select(TaskRevision)))


def test_an_issue_edited_in_private_is_not_published(hub: Hub) -> None:
    task = hub.open_task()
    before = hub.task(task).title
    hub.do("privatize")
    hub.do("edit_issue", number=1, title=SECRET, body=SECRET)
    assert (hub.task(task).title, hub.task(task).state) == (before, "cancelled")
    assert SECRET not in texts()


def test_an_edit_heard_of_before_the_hiding_is_not_published_and_ends_the_task(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("privatize", repo="ana/inkwell")
    hub.lose_deliveries()
    hub.do("edit_issue", number=1, title=SECRET, body=SECRET)
    assert SECRET not in texts() + hub.task(task).title
    assert (hub.repository().private, hub.task(task).state) == (True, "cancelled")


def test_a_pull_request_edited_in_private_is_not_published(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull()
    hub.deliver()
    hub.github.do("privatize", repo="ana/inkwell")
    hub.lose_deliveries()
    hub.do("edit_pull_request", number=number, title=SECRET)
    assert [claim.title for claim in hub.claims(task)] == ["Mend it"]


def test_a_name_given_in_private_is_not_published(hub: Hub) -> None:
    hub.open_task()
    hub.do("privatize")
    hub.do("rename_repository", name="project-x")
    assert hub.repository().private


def test_a_repository_that_is_public_again_is_followed_again(hub: Hub) -> None:
    task = hub.open_task()
    hub.pull()
    hub.deliver()
    hub.do("privatize")
    assert hub.task(task).ends_reason == "issue_gone"
    hub.do("privatize", private=False)
    hub.do("edit_issue", number=1, title="Better footnotes")
    assert (hub.repository().private, hub.task(task).title) == (False, "Better footnotes")
    assert hub.task(task).ends_at is None


def test_a_hiding_that_no_webhook_told_is_no_removal_of_the_app(hub: Hub) -> None:
    task = hub.open_task()
    hub.pull()
    hub.deliver()
    hub.github.do("privatize", repo="ana/inkwell")
    hub.lose_deliveries()
    for _ in range(2):
        hub.sweep("forge.reconcile_all")
        assert (hub.repository().private, hub.task(task).ends_reason) == (True, "issue_gone")
    assert hub.repository().installation_id is not None


def test_a_hidden_repository_that_is_taken_off_the_app_has_lost_it(hub: Hub) -> None:
    hub.open_task()
    hub.do("privatize")
    hub.github.do("uninstall", account="ana")
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert hub.repository().installation_id is None


def test_commands_of_a_hidden_repository_are_not_obeyed(hub: Hub) -> None:
    hub.open_task()
    number = hub.pull()
    hub.deliver()
    hub.do("privatize")
    said = hub.comment(number, "/bountyhub help", by="ana")
    hub.deliver()
    hub.sweep("forge.reconcile")
    hub.github.do("privatize", repo="ana/inkwell", private=False)  # only to look
    assert hub.reactions(said) == []


def test_an_issue_moved_out_of_sight_is_gone(inkwell: Inkwell) -> None:
    inkwell.github.do("install", account="ana")
    inkwell.github.do("transfer_issue", repo="ana/inkwell", number=1, to="ana/secret")
    with pytest.raises(OutsideGone):
        inkwell.forge.read_issue(inkwell.id, 1)


def test_what_lost_the_app_is_not_read_with_its_owners_installation(inkwell: Inkwell) -> None:
    forge = GitHubForge(settings_for(inkwell.github), lambda repository: None, lambda repository: "Ana")
    assert forge.read_repository(inkwell.id).name == "inkwell"
    inkwell.github.do("privatize", repo="ana/inkwell")
    with pytest.raises(OutsideGone):
        forge.read_repository(inkwell.id)
