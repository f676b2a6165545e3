"""What GitHub sees of imports: lists read by page, and no word on an issue before there is money or work."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.kit.database import reading, transaction
from bountyhub.people import operations as people
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Repository
from bountyhub.tasks.imports.models import Chosen, FollowedLabel, ImportItem
from bountyhub.tasks.imports.operations import Choice, begin_import, follow_label, unfollow_label
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from tests.integrations.github.hub import Hub


def bring_in(hub: Hub, choice: Choice) -> dict[int, str]:
    """Ana imports; state of each issue by number."""
    with transaction() as session:
        ana = people.sign_in_with_forge(session, hub.person("ana"), None)
        row = session.get_one(Repository, hub.repository().id)
        begin_import(session, row, choice, people.actor_of_person(session, ana), "n1")
    hub.work("tasks.", "forge.", "work.")
    with reading() as session:
        return {item.number: str(item.state) for item in session.scalars(select(ImportItem))}


def tasks(hub: Hub) -> dict[int, Task]:
    with reading() as session:
        return {task.issue_number: task for task in session.scalars(select(Task))}


def follow(hub: Hub, name: str, *, on: bool = True) -> int:
    """Ana follows a label, or stops; its number."""
    labels = {label.name: label.id for label in hub.forge.labels(hub.repository().forge_id)}
    with transaction() as session:
        row = session.get_one(Repository, hub.repository().id)
        ana = people.actor_of_person(session, people.sign_in_with_forge(session, hub.person("ana"), None))
        if on:
            follow_label(session, row, labels[name], name, ana)
        else:
            unfollow_label(session, row, labels[name], ana)
    return labels[name]


def test_an_import_by_label_writes_on_no_issue(hub: Hub) -> None:
    hub.do("open_pull_request", title="Mend it", **{"as": "bo"})
    hub.do("label", number=6, name="bug")
    assert bring_in(hub, Choice(Chosen.LABEL, name="bug")) == {2: "made", 3: "made", 6: "left_out"}
    assert hub.said(2) == hub.said(3) == []


def test_an_import_of_a_milestone(hub: Hub) -> None:
    hub.do("create_milestone", title="3.0")
    hub.do("put_into_milestone", number=4, milestone=1)
    assert bring_in(hub, Choice(Chosen.MILESTONE, name="3.0", milestone=1)) == {4: "made"}


def test_the_comment_comes_with_the_money(hub: Hub) -> None:
    bring_in(hub, Choice(Chosen.TICKED, numbers=(1, 2)))
    hub.fund(tasks(hub)[1].id)
    hub.work()
    assert "50 €" in hub.said(1)[0]
    assert hub.said(2) == []


def test_the_comment_comes_with_a_pull_request_that_was_there_before(hub: Hub) -> None:
    hub.pull()
    hub.lose_deliveries()
    bring_in(hub, Choice(Chosen.TICKED, numbers=(1, 2)))
    assert len(hub.claims()) == 1
    assert (len(hub.said(1)), hub.said(2)) == (1, [])


def test_a_request_that_is_given_up_says_nothing_on_its_issue(hub: Hub) -> None:
    hub.open_task(1, opened=False)
    hub.do("close", number=1)
    assert tasks(hub)[1].state == "cancelled"
    assert hub.said(1) == []


def test_a_maintainer_s_label_makes_a_task_by_itself(hub: Hub) -> None:
    follow(hub, "help wanted")
    hub.do("label", number=1, name="help wanted", **{"as": "eve"})
    assert [(task.issue_number, task.state) for task in tasks(hub).values()] == [(1, "open")]
    assert hub.said(1) == []


@pytest.mark.parametrize("who", ["bo", "helpful-bot[bot]"])
def test_a_triager_s_or_bot_s_label_makes_none(hub: Hub, who: str) -> None:
    follow(hub, "help wanted")
    hub.do("label", number=1, name="help wanted", **{"as": who})
    assert tasks(hub) == {}


@pytest.mark.parametrize(("who", "made"), [("dara", 0), ("ana", 1)])
def test_a_new_issue_that_brings_its_label_counts_by_who_opened_it(hub: Hub, who: str, made: int) -> None:
    follow(hub, "bug")
    hub.do("open_issue", title="New", labels=["bug"], **{"as": who})
    assert len(tasks(hub)) == made


def test_another_label_a_locked_issue_and_one_taken_off_meanwhile_make_none(hub: Hub) -> None:
    follow(hub, "help wanted")
    hub.do("label", number=1, name="bug")
    hub.do("lock", number=2)
    hub.do("label", number=2, name="help wanted")
    hub.github.do("label", repo="ana/inkwell", number=5, name="help wanted")
    hub.github.do("unlabel", repo="ana/inkwell", number=5, name="help wanted")
    hub.deliver()
    assert tasks(hub) == {}


def test_a_label_begins_nothing_anew_and_opens_what_is_wanted(hub: Hub) -> None:
    follow(hub, "help wanted")
    wanted = hub.open_task(1, opened=False)
    hub.do("label", number=1, name="help wanted")
    assert hub.task(wanted).state == "open"
    hub.do("close", number=1)
    hub.do("reopen", number=1)
    hub.do("unlabel", number=1, name="help wanted")
    hub.do("label", number=1, name="help wanted")
    assert len(tasks(hub)) == 1


def test_no_longer_followed_it_makes_none(hub: Hub) -> None:
    number = follow(hub, "help wanted")
    with reading() as session:
        assert [row.label_forge_id for row in session.scalars(select(FollowedLabel))] == [number]
    follow(hub, "help wanted", on=False)
    hub.do("label", number=1, name="help wanted")
    assert tasks(hub) == {}


@pytest.mark.parametrize("no", ["paused", "policy"])
def test_a_label_makes_none_where_the_project_takes_no_tasks(hub: Hub, no: str) -> None:
    follow(hub, "help wanted")
    if no == "paused":
        with transaction() as session:
            ana = people.actor_of_person(session, people.sign_in_with_forge(session, hub.person("ana"), None))
            project = hub.repository().project_id
            work.pause_project(session, project, ana, Permission.ADMIN, "We release first.", "")
    else:
        hub.do("put_file", path=".github/bountyhub.yml", content="bounties: no\n")
    hub.do("label", number=1, name="help wanted")
    assert tasks(hub) == {}
