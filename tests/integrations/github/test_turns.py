"""An older read is never recorded after a newer one, whichever process made it."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.bot import reads, turns
from bountyhub.bot.turns import Turn, in_order
from bountyhub.kit.database import reading, transaction
from bountyhub.ports.errors import RetryAt
from bountyhub.projects.models import ForgeReading
from tests.integrations.github.hub import Hub


def record(turn: Turn) -> str:
    with transaction() as session:
        turn.take(session)
    return turn.object


def times(object: str) -> int:
    with reading() as session:
        return session.get_one(ForgeReading, object).times


def by_another_process(object: str) -> None:
    with reading() as session:
        row = session.get(ForgeReading, object)
    record(Turn(object, row.times if row else 0))


def test_a_read_that_was_overtaken_is_made_again(database: str) -> None:
    assert database
    begun: list[int] = []

    def read(turn: Turn) -> str:
        begun.append(turn.times)
        if len(begun) == 1:
            by_another_process("issue:1:2")
        return record(turn)

    assert in_order("issue", 1, 2, do=read) == "issue:1:2"
    assert (begun, times("issue:1:2")) == ([0, 1], 2)


def test_one_that_is_overtaken_again_and_again_is_put_off(sqlite: str) -> None:
    assert sqlite

    def read(turn: Turn) -> str:
        by_another_process(turn.object)
        return record(turn)

    with pytest.raises(RetryAt):
        in_order("issue", 1, 2, do=read)
    assert times("issue:1:2") == turns.MOST_READS


def test_an_issue_reopened_while_it_was_read_as_closed_is_open(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    task = hub.open_task()
    repository = hub.repository().forge_id
    hub.github.do("close", repo="ana/inkwell", number=1)
    read, reopened = reads._issue, list[int]()

    def slowly(repository: int, number: int) -> Any:
        found = read(repository, number)
        if not reopened:
            reopened.append(number)
            hub.github.do("reopen", repo="ana/inkwell", number=1)
            by_another_process(f"issue:{repository}:{number}")
        return found

    monkeypatch.setattr(reads, "_issue", slowly)
    hub.ask("forge.read_issue", repository=repository, number=1)
    assert (hub.task(task).issue_open, hub.task(task).ends_at) == (True, None)
