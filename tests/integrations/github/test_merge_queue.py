"""A merge queue merges in its own name: who put the pull request into it, or approved its head, decides."""

from __future__ import annotations

import pytest

from tests.integrations.github.hub import Hub


@pytest.mark.parametrize(
    ("author", "by", "approved", "state"),
    [
        ("bo", "ana", False, "released"),
        ("eve", "eve", False, "window"),
        ("eve", "eve", True, "released"),
    ],
)
def test_who_enqueued_or_approved_decides(hub: Hub, author: str, by: str, approved: bool, state: str) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull(**{"as": author})
    hub.deliver()
    if approved:
        hub.do("review", number=number, event="APPROVE", **{"as": "ana"})
    hub.do("merge", number=number, queued=True, **{"as": by})
    assert hub.forge.read_pull_request(hub.repository().forge_id, number).merged_by is not None
    assert hub.claims(task)[0].state == state


def test_the_queue_and_who_used_it_are_told_apart(hub: Hub) -> None:
    hub.open_task()
    number = hub.pull()
    hub.do("merge", number=number, queued=True, **{"as": "ana"})
    pull = hub.forge.read_pull_request(hub.repository().forge_id, number)
    assert pull.merged_by is not None
    assert pull.enqueued_by is not None
    assert (pull.merged_by.login, pull.merged_by.is_bot) == ("github-merge-queue[bot]", True)
    assert (pull.enqueued_by.login, pull.enqueued_by.id) == ("ana", hub.person("ana").id)
