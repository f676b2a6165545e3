"""Comparing commits, which pull requests brought one, and GitHub's Revert button."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def merged(hub: Hub, method: str = "merge") -> dict[str, Any]:
    made = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="Mend it", commits=["One", "Two"])
    done: dict[str, Any] = hub.do("merge", repo=INKWELL, number=made["number"], method=method)
    return done


def test_commits_since_another_oldest_first(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    (before,) = hub.do("push", repo=INKWELL, messages=["Before"])["commits"]
    hub.do("push", repo=INKWELL, messages=["First", "Second"])
    found = repo.compare(before, "main")
    assert [commit.commit.message for commit in found.commits] == ["First", "Second"]
    assert (found.status, found.ahead_by, found.behind_by) == ("ahead", 2, 0)
    assert repo.compare("main", before).status == "behind"
    assert repo.compare("main", "main").status == "identical"


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_the_pull_request_that_brought_a_commit(hub: Hub, method: str) -> None:
    repo = hub.install().get_repo(INKWELL)
    done = merged(hub, method)
    sha = repo.get_commits()[0].sha
    assert [pull.number for pull in repo.get_commit(sha).get_pulls()] == [done["number"]]


def test_a_rebase_gives_commits_new_hashes(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    done = merged(hub, "rebase")
    landed = [commit.sha for commit in list(repo.get_commits())[:2]]
    assert not set(landed) & set(done["commits"])


def test_the_revert_button_opens_a_pull_request_in_githubs_words(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    done = merged(hub)
    made = hub.do("revert", repo=INKWELL, number=done["number"])
    pull = repo.get_pull(made["number"])
    assert (pull.title, pull.body) == ('Revert "Mend it"', f"Reverts {INKWELL}#{done['number']}")
    assert f"This reverts commit {done['sha']}." in pull.get_commits()[0].commit.message


def test_only_a_merged_pull_request_is_reverted(hub: Hub) -> None:
    made = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="Mend it")
    assert hub.try_to("revert", repo=INKWELL, number=made["number"]).status_code == 422
