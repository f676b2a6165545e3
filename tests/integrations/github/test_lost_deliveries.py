"""The walk of GitHub's delivery log: what failed is asked for, once in a while, until it came or is too old."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bountyhub.bot import lost, rules_lost
from bountyhub.bot.jobs import deliveries
from bountyhub.bot.models import LostDelivery
from bountyhub.events import alarms
from bountyhub.integrations.github import polling
from bountyhub.integrations.github.forge import GitHubForge
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from bountyhub.ports.errors import OutsideGone
from tests.integrations.github.hub import Hub
from tests.sandbox.github.test_deliveries import eventually

NOON = datetime.fromisoformat("2026-11-29T12:00:00+00:00")


def all_were_tried(hub: Hub) -> bool:
    """Whether the stand-in has written down how its deliveries went."""
    with hub.github.running.sandbox.store.transaction() as tx:
        return not [row for row in tx.all("delivery", ref="waiting") if row["source"] == "github"]


def walk(hub: Hub) -> None:
    """One walk of the log."""
    eventually(partial(all_were_tried, hub))
    hub.sweep("forge.walk_deliveries")
    eventually(partial(all_were_tried, hub))


def asked(hub: Hub) -> list[str]:
    """What GitHub was asked to send again, oldest first."""
    lines = hub.github.do("deliveries")["deliveries"]
    return [line["guid"] for line in reversed(lines) if line["redelivery"]]


def begin(hub: Hub) -> int:
    """A task, and everything that was told so far has come."""
    task = hub.open_task()
    hub.deliver()
    return task


def lose_one(hub: Hub, title: str = "Better") -> str:
    """An issue is edited, and the delivery fails; its GUID."""
    hub.github.do("edit_issue", repo="ana/inkwell", number=1, title=title)
    guid = str(hub.deliveries()[-1]["id"])
    hub.lose_deliveries()
    return guid


def receive(hub: Hub, guid: str) -> None:
    hub.posted.discard(guid)
    hub.deliver()


def states() -> dict[str, str]:
    with reading() as session:
        return {row.guid: str(row.state) for row in session.scalars(select(LostDelivery))}


def later(monkeypatch: pytest.MonkeyPatch, wait: timedelta) -> None:
    """Protocol time of the application goes on; the stand-in's doesn't."""
    now = clock.real_now() + wait
    monkeypatch.setattr(clock, "real_now", lambda: now)


def test_a_failed_delivery_is_asked_for_and_comes(any_hub: Hub) -> None:
    hub = any_hub
    task = begin(hub)
    guid = lose_one(hub)
    walk(hub)
    assert asked(hub) == [guid]
    receive(hub, guid)
    assert hub.task(task).title == "Better"
    walk(hub)
    assert (states()[guid], asked(hub)) == ("came", [guid])


def test_what_is_in_the_inbox_is_not_asked_for(hub: Hub) -> None:
    begin(hub)
    hub.do("edit_issue", number=1, title="Better")
    walk(hub)
    assert (asked(hub), states()) == ([], {})


def test_what_came_between_walk_and_asking_is_not_asked_for(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(hub)
    guid = lose_one(hub)
    monkeypatch.setattr(deliveries, "APART", timedelta(0))
    eventually(partial(all_were_tried, hub))
    with monkeypatch.context() as patched:
        patched.setattr(hub, "work", lambda *names: None)
        hub.sweep("forge.walk_deliveries")
    receive(hub, guid)
    hub.work()
    assert (asked(hub), states()) == ([], {guid: "came"})


def test_it_is_asked_for_again_later_and_ever_later(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(hub)
    guid = lose_one(hub)
    counts = []
    for wait in (0, 9, 2, 11, 10, 41):
        later(monkeypatch, timedelta(minutes=wait))
        walk(hub)
        counts.append(asked(hub).count(guid))
    assert counts == [1, 1, 2, 2, 3, 4]


def test_what_fails_again_and_again_is_an_alarm_until_it_comes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(hub)
    guid = lose_one(hub)
    for _ in range(4):
        later(monkeypatch, timedelta(hours=1))
        walk(hub)
    with reading() as session:
        (alarm,) = alarms.open_alarms(session)
    assert (alarm.kind, alarm.text[:2]) == ("deliveries", "1 ")
    receive(hub, guid)
    walk(hub)
    with reading() as session:
        assert alarms.open_alarms(session) == []


@pytest.mark.parametrize("github_says_so", [True, False])
def test_what_is_too_old_is_left_to_polling(hub: Hub, monkeypatch: pytest.MonkeyPatch, github_says_so: bool) -> None:
    def gone(_self: GitHubForge, _attempt: int) -> None:
        raise OutsideGone("too old")

    begin(hub)
    guid = lose_one(hub)
    if github_says_so:
        monkeypatch.setattr(GitHubForge, "send_again", gone)
    walk(hub)
    later(monkeypatch, timedelta() if github_says_so else rules_lost.KEPT)
    walk(hub)
    assert states() == {guid: "given_up"}


def test_a_long_log_is_walked_in_pieces_and_nothing_is_left_out(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(hub)
    monkeypatch.setattr(polling, "PAGE", 2)
    monkeypatch.setattr(deliveries, "PAGES", 1)
    guids = {lose_one(hub, title) for title in "abcde"}
    for _ in range(4):
        walk(hub)
        with reading() as session:
            assert lost.walked_at(session) is not None
    assert guids <= set(states())
    newest = lose_one(hub, "newest")
    for _ in range(9):
        walk(hub)
    assert newest in states()
    assert all(asked(hub).count(guid) == 1 for guid in guids)


def test_an_ask_whose_record_was_lost_is_made_again_and_handled_once(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(hub)
    guid = lose_one(hub)

    def crash(_row: LostDelivery) -> None:
        raise AssertionError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(lost, "note_ask", crash)
        with pytest.raises(AssertionError):
            walk(hub)
    hub.work()
    eventually(partial(all_were_tried, hub))
    assert asked(hub) == [guid, guid]
    receive(hub, guid)
    receive(hub, guid)
    assert [event.delivery_id for event in hub.inbox()].count(guid) == 1


@pytest.mark.parametrize(("asks", "minutes"), [(1, 10), (2, 20), (3, 40), (6, 320), (7, 360), (99, 360)])
def test_waits_grow_up_to_six_hours(asks: int, minutes: int) -> None:
    assert rules_lost.next_ask(asks, NOON) - NOON == timedelta(minutes=minutes)


def test_three_days_are_too_old() -> None:
    assert rules_lost.is_too_old(NOON - timedelta(days=3), NOON)
    assert not rules_lost.is_too_old(NOON - timedelta(days=3) + timedelta(seconds=1), NOON)
