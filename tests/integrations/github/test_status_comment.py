"""One status comment, never noise: coalesced, respected where deleted, silent where locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bountyhub import settings
from bountyhub.events.models import OutboxJob
from bountyhub.kit import clock
from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import OPERATOR
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from bountyhub.work.models import LabelState, Removed
from tests.integrations.github.hub import Hub


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Protocol time stands still and moves on by so many seconds when told to."""
    begin, ahead = clock.real_now(), [timedelta(0)]

    def moved() -> datetime:
        return begin + ahead[0]

    def move(seconds: float) -> None:
        ahead[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(clock, "real_now", moved)
    return move


def pause(seconds: int) -> None:
    settings.use(settings.current().model_copy(update={"GITHUB_COMMENT_PAUSE": seconds}))


def work_due(hub: Hub) -> None:
    """What is due at this moment, and what follows from it; nothing that waits for its time."""
    for _ in range(20):
        with reading() as session:
            due = (OutboxJob.finished_at.is_(None)) & (OutboxJob.run_at <= clock.real_now())
            query = select(OutboxJob).where(due, OutboxJob.every.is_(None)).order_by(OutboxJob.id)
            rows = [row for row in session.scalars(query) if row.name.startswith(("forge.", "work."))]
        if not rows:
            return
        for row in rows:
            hub.run(row)


def comment_of(hub: Hub, task: int) -> int:
    found = hub.status(task).comment.comment_id
    assert found is not None
    return found


def delete(hub: Hub, task: int, by: str = "ana") -> None:
    hub.do("delete_comment", id=comment_of(hub, task), **{"as": by})


# ---------------------------------------------------------------- not often


def test_fifty_changes_are_at_most_one_edit_in_ten_seconds_and_the_last_state_arrives(
    hub: Hub, later: Callable[[float], None], points: list[str]
) -> None:
    task = hub.open_task()
    pause(10)
    points.clear()
    edits: list[int] = []
    for _ in range(50):
        hub.fund(task, 1000)
        work_due(hub)
        edits.append(points.count("call.after:edit_comment"))
        later(0.5)
    assert edits[-1] <= 3 and edits[18] == 0
    later(10)
    work_due(hub)
    (said,) = hub.said(1)
    assert "500 € held for this issue by 50 backers" in said
    assert points.count("call.after:edit_comment") <= 4
    with reading() as session:
        waiting = OutboxJob.finished_at.is_(None) & (OutboxJob.name == "forge.sync_comment")
        assert session.scalars(select(OutboxJob).where(waiting)).all() == []


def test_a_new_round_of_an_issue_goes_on_in_the_same_comment(hub: Hub) -> None:
    first = hub.open_task()
    with transaction() as session:
        work.cancel_task(session, first, OPERATOR, Permission.ADMIN, "Not now.")
    hub.work()
    second = hub.open_task()
    assert second != first
    assert len(hub.said(1)) == 1
    assert hub.status(second).url in hub.said(1)[0]
    hub.ask("forge.sync_comment", task=first)
    assert hub.status(second).url in hub.said(1)[0]


def test_a_comment_whose_answer_was_lost_is_not_posted_twice(hub: Hub, points: list[str]) -> None:
    task = hub.open_task()
    assert "call.after:create_comment" in points
    with transaction() as session:
        row = work.comments.lock_comment(session, task)
        row.comment_id, row.digest = None, ""
    hub.ask("forge.sync_comment", task=task)
    assert len(hub.said(1)) == 1
    assert comment_of(hub, task)


# ---------------------------------------------------------------- deleted


def test_what_a_maintainer_deleted_stays_away_and_the_label_goes_on(hub: Hub) -> None:
    task = hub.open_task()
    hub.label_funded()
    delete(hub, task)
    assert hub.status(task).comment.removed is Removed.BY_MAINTAINER
    hub.fund(task)
    hub.work()
    assert hub.said(1) == []
    assert hub.status(task).comment.label is LabelState.OURS


def test_one_found_missing_stays_away_too(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("delete_comment", repo="ana/inkwell", id=comment_of(hub, task), **{"as": "ana"})
    hub.lose_deliveries()
    hub.fund(task)
    hub.work()
    assert hub.status(task).comment.removed is Removed.BY_SOMEBODY
    assert hub.said(1) == []


@pytest.mark.parametrize("sender", ["bountyhub[bot]", "cleo"])
def test_what_no_maintainer_deleted_is_posted_anew(hub: Hub, sender: str) -> None:
    task = hub.open_task()
    delete(hub, task, by=sender)
    assert hub.status(task).comment.removed is Removed.NO
    assert len(hub.said(1)) == 1


def test_a_maintainer_brings_it_back(hub: Hub) -> None:
    task = hub.open_task()
    delete(hub, task)
    with transaction() as session:
        assert work.show_again(session, task, OPERATOR)
    with transaction() as session:
        assert not work.show_again(session, task, OPERATOR)
    hub.work()
    assert len(hub.said(1)) == 1


def test_somebody_elses_deleted_comment_is_nothing_to_us(hub: Hub) -> None:
    task = hub.open_task()
    text = hub.said(1)[0]
    made = hub.github.do("comment", repo="ana/inkwell", number=1, body=text, **{"as": "dara"})
    hub.do("delete_comment", id=made["id"], **{"as": "ana"})
    assert hub.status(task).comment.removed is Removed.NO


# ---------------------------------------------------------------- hidden, locked, archived


def test_a_hidden_comment_is_edited_once_a_day_at_most(
    hub: Hub, later: Callable[[float], None], points: list[str]
) -> None:
    task = hub.open_task()
    hub.github.do("hide_comment", repo="ana/inkwell", id=comment_of(hub, task))
    later(25 * 3600)
    hub.fund(task)
    work_due(hub)
    assert hub.status(task).comment.hidden
    points.clear()
    for _ in range(8):
        later(3600)
        hub.fund(task)
        work_due(hub)
    assert points.count("call.after:edit_comment") == 0
    later(17 * 3600)
    work_due(hub)
    assert points.count("call.after:edit_comment") == 1
    assert "450 €" in hub.said(1)[0]


def test_a_locked_issue_is_left_alone_until_it_is_unlocked(hub: Hub, points: list[str]) -> None:
    task = hub.open_task()
    hub.do("lock", number=1)
    points.clear()
    hub.fund(task)
    hub.work()
    assert not [name for name in points if "comment" in name]
    hub.do("lock", number=1, locked=False)
    assert "50 €" in hub.said(1)[0]


def test_a_refused_write_is_remembered_and_tried_again_when_the_issue_is_unlocked(hub: Hub, points: list[str]) -> None:
    hub.github.do("lock", repo="ana/inkwell", number=1)
    hub.lose_deliveries()
    task = hub.open_task()
    with transaction() as session:
        work.comments.lock_comment(session, task).locked = False
    hub.ask("forge.sync_comment", task=task)
    assert hub.status(task).comment.refused == "403"
    points.clear()
    hub.fund(task)
    hub.work()
    assert not [name for name in points if "comment" in name]
    hub.do("lock", number=1, locked=False)
    assert "50 €" in hub.said(1)[0]


def test_an_archived_repository_is_left_alone_until_it_is_one_no_more(hub: Hub, points: list[str]) -> None:
    hub.do("archive_repository")
    task = hub.open_task()
    points.clear()
    hub.fund(task)
    hub.work()
    assert hub.said(1) == []
    assert not [name for name in points if "comment" in name]
    hub.do("archive_repository", archived=False)
    assert len(hub.said(1)) == 1


def test_the_older_pull_request_is_named_whichever_was_heard_of_first(hub: Hub) -> None:
    task = hub.open_task()
    older, newer = hub.pull(branch="one"), hub.pull(branch="two")
    for row in reversed(hub.deliveries()):
        hub.post(row["event"].partition(".")[0], row["body"].encode(), row["id"])
        hub.work()
    assert [one.pull_number for one in hub.status(task).claims] == [older, newer]
    assert f"#{older}" in hub.status(task).next_step.text
