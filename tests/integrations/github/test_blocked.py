"""Comments of somebody who is blocked from the project: no word from the bot, and only objections are heard."""

from __future__ import annotations

from bountyhub.kit.database import transaction
from bountyhub.people.operations import actor_of_person, sign_in_with_forge
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from tests.integrations.github.hub import Hub


def block(hub: Hub, login: str) -> None:
    with transaction() as session:
        by = actor_of_person(session, sign_in_with_forge(session, hub.person("ana"), None))
        project = hub.repository().project_id
        work.block_person(session, project, by, Permission.ADMIN, hub.person(login), Permission.READ, "Spam.")


def test_commands_get_no_reply_and_change_nothing(hub: Hub) -> None:
    task = hub.open_task()
    block(hub, "bo")
    number = hub.pull()
    hub.deliver()
    before, commands = hub.said(number), ["/claim #1", "/claim nonsense", "/bountyhub help"]
    for text in commands:
        comment = hub.comment(number, text, "bo")
        assert hub.reactions(comment) == ["confused"]
    assert [said for said in hub.said(number) if said not in before] == [
        "/claim #1",
        "/claim nonsense",
        "/bountyhub help",
    ]
    assert hub.claims(task) == []


def test_somebody_else_is_answered_as_always(hub: Hub) -> None:
    hub.open_task()
    block(hub, "bo")
    assert hub.reactions(hub.comment(1, "/bountyhub help", "dara")) == ["+1"]


def test_an_objection_is_heard_without_a_word(hub: Hub) -> None:
    hub.open_task()
    block(hub, "bo")
    before = len(hub.said(1))
    comment = hub.comment(1, "/object it does not work\n/bountyhub help", "bo")
    assert hub.reactions(comment) == ["confused"]  # there is nothing to object to
    assert len(hub.said(1)) == before + 1
