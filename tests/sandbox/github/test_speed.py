"""The stand-in stays quick with many issues, so that the application's own speed is what is measured."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from bountyhub.sandbox.github.actions.issues import new_issue
from bountyhub.sandbox.github.world import Urls, World
from tests.sandbox.github.hub import Hub


@contextmanager
def took(times: list[float]) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    times.append(time.perf_counter() - begin)


def many_issues(hub: Hub, count: int) -> None:
    with hub.sandbox.store.transaction() as tx:
        world = World(tx, hub.sandbox.clock.now(), Urls(""))
        repo, author = world.repo_by_name("ana/inkwell"), world.named("cleo")
        assert repo is not None
        for number in range(count):
            repo, _ = new_issue(world, repo, author, f"Issue {number}", "Words")


def test_a_merge_is_answered_and_told_in_a_moment_among_a_thousand_issues(hub: Hub) -> None:
    hub.install()
    many_issues(hub, 1000)
    pulls = [
        hub.do("open_pull_request", repo="ana/inkwell", as_="bo", title="x", body=f"Fixes #{n}")["number"]
        for n in range(10, 21)
    ]
    hub.ear.names(len(pulls))
    answers: list[float] = []
    webhooks: list[float] = []
    for number in pulls:
        with took(webhooks):
            with took(answers):
                hub.do("merge", repo="ana/inkwell", number=number)
            assert hub.ear.next().name == "pull_request.closed"
        hub.ear.names(2)
    # A few milliseconds each on an idle machine; a busy one has quiet moments too.
    assert min(answers) < 0.1
    assert min(webhooks) < 0.2


def test_a_small_list_does_not_read_other_repositories(hub: Hub) -> None:
    many_issues(hub, 1000)
    times: list[float] = []
    for _ in range(9):
        with took(times):
            hub.get("/repos/eve/almanac/issues")
    assert min(times) < 0.1
