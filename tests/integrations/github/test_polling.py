"""Commands that no webhook told of: found by polling, obeyed once, in the order they were written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bountyhub.bot import obeying, positions
from bountyhub.bot.models import HandledComment
from bountyhub.events.models import OutboxJob
from bountyhub.integrations.github import polling
from bountyhub.kit import clock
from bountyhub.kit.database import reading
from tests.builders.at_once import at_once
from tests.integrations.github.hub import Hub


def say(hub: Hub, number: int, body: str, by: str) -> int:
    """A comment that is announced in vain."""
    made = hub.github.do("comment", repo="ana/inkwell", number=number, body=body, **{"as": by})
    hub.lose_deliveries()
    return int(made["id"])


def answered(hub: Hub) -> list[int]:
    """The comments that were answered, in order."""
    query = select(OutboxJob).where(OutboxJob.name == "forge.answer").order_by(OutboxJob.id)
    with reading() as session:
        return [int(job.args["comment"]) for job in session.scalars(query)]


def test_a_command_that_no_webhook_told_of_is_carried_out_once(any_hub: Hub) -> None:
    hub = any_hub
    task = hub.open_task()
    number = hub.pull("Mends it")
    hub.deliver()
    comment = say(hub, number, "/claim #1", "bo")
    hub.sweep("forge.reconcile")
    hub.sweep("forge.reconcile")
    assert [(claim.pull_number, str(claim.source)) for claim in hub.claims(task)] == [(number, "command")]
    hub.posted.clear()
    hub.deliver()  # everything comes late after all
    assert answered(hub) == [comment]
    assert hub.reactions(comment) == ["+1"]
    assert len(hub.said(number)) == 2


def test_a_webhook_that_came_leaves_polling_nothing_to_do(hub: Hub) -> None:
    hub.open_task()
    comment = hub.comment(1, "/bounty 50 EUR", "dara")
    hub.sweep("forge.reconcile")
    assert answered(hub) == [comment]


def test_what_was_written_before_is_carried_out_before(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("Mends it")
    hub.deliver()
    first = say(hub, number, "/claim #1", "bo")
    second = hub.comment(number, "/unlink", "ana")
    hub.sweep("forge.reconcile")
    assert answered(hub) == [first, second]
    assert hub.claims(task)[0].cut_at is not None


def test_an_edited_comment_is_not_obeyed_by_polling_either(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("Mends it")
    hub.deliver()
    comment = say(hub, number, "/claim #1", "bo")
    hub.github.running.sandbox.clock.advance(1)
    hub.github.do("edit_comment", repo="ana/inkwell", id=comment, body="/claim #1 ", **{"as": "ana"})
    hub.lose_deliveries()
    hub.sweep("forge.reconcile")
    assert hub.claims(task) == []
    assert hub.reactions(comment) == ["confused"]
    assert obeying.EDITED in hub.said(number)[-1]


def test_what_was_written_while_the_app_was_away_is_not_obeyed(hub: Hub) -> None:
    hub.open_task()
    hub.pull()
    hub.deliver()
    hub.github.do("suspend", account="ana")
    hub.deliver()
    comment = say(hub, 1, "/bounty 50 EUR", "dara")
    hub.github.running.sandbox.clock.advance(1)
    clock.set_offset(timedelta(days=1))
    hub.github.do("unsuspend", account="ana")
    hub.deliver()
    later = say(hub, 1, "/bounty 50 EUR", "dara")
    hub.sweep("forge.reconcile")
    assert answered(hub) == [later] != [comment]


@pytest.mark.parametrize("by", ["helpful-bot[bot]"])
def test_bots_are_not_listened_to(hub: Hub, by: str) -> None:
    hub.open_task()
    say(hub, 1, "/bounty 50 EUR", by)
    hub.sweep("forge.reconcile")
    assert answered(hub) == []


def test_a_list_of_many_pages_is_read_to_its_end(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PAGE", 2)
    hub.open_task()
    comments = [say(hub, 1, "/bounty 50 EUR", "dara") for _ in range(7)]
    hub.sweep("forge.reconcile")
    assert answered(hub) == comments


def test_a_list_longer_than_one_read_goes_on_in_the_next(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PAGE", 2)
    monkeypatch.setattr(polling, "PAGES", 2)
    hub.open_task()
    days = [say_a_day_later(hub) for _ in range(6)]
    for _ in range(4):
        hub.sweep("forge.reconcile")
    assert answered(hub) == days


def say_a_day_later(hub: Hub) -> int:
    hub.github.running.sandbox.clock.advance(1)
    return say(hub, 1, "/bounty 50 EUR", "dara")


def test_a_read_whose_record_was_lost_is_read_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.open_task()
    comment = say(hub, 1, "/bounty 50 EUR", "dara")

    def crash(*_: object) -> None:
        raise AssertionError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(positions, "note", crash)
        with pytest.raises(AssertionError):
            hub.sweep("forge.reconcile")
    hub.sweep("forge.reconcile")
    hub.work()
    assert answered(hub) == [comment]


def test_two_at_once_take_a_comment_once(postgresql: str) -> None:
    assert postgresql

    def take(session: Session) -> bool:
        return positions.take_comment(session, 7)

    assert set(at_once(take, take)) == {False, True}
    with reading() as session:
        assert [row.comment_id for row in session.scalars(select(HandledComment))] == [7]
