"""Pull requests: opened from forks, pushed to, drafted, reviewed, merged, and what a merge closes."""

from __future__ import annotations

from typing import Any

import pytest
from github import GithubException

from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def opened(hub: Hub, **given: Any) -> dict[str, Any]:
    """Bo's pull request that fixes issue 1."""
    return hub.do("open_pull_request", **{"repo": INKWELL, "as": "bo", "title": "Notes", "body": "Fixes #1"} | given)


def test_somebody_without_write_access_comes_from_a_fork(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    pull = repo.get_pull(opened(hub, branch="notes")["number"])
    assert (pull.head.label, pull.head.repo.full_name, pull.base.ref) == ("bo:notes", "bo/inkwell", "main")
    assert pull.head.repo.fork


def test_a_maintainer_works_in_the_repository_itself(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    assert repo.get_pull(opened(hub, **{"as": "eve"})["number"]).head.repo.full_name == INKWELL


def test_an_open_pull_request_has_a_merge_commit_but_is_not_merged(hub: Hub) -> None:
    pull = hub.install().get_repo(INKWELL).get_pull(opened(hub)["number"])
    assert pull.merge_commit_sha
    assert not pull.merged and pull.merged_at is None and pull.mergeable


def test_commits_and_co_authors_are_listed(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub, commits=["First", "Second"], co_authors=["dara"])["number"]
    commits = list(repo.get_pull(number).get_commits())
    assert [commit.author.login for commit in commits] == ["bo", "bo"]
    assert "Co-authored-by: Dara Okafor <dara@example.test>" in commits[0].commit.message


def test_the_life_of_a_pull_request_is_told(hub: Hub) -> None:
    hub.install()
    number = opened(hub)["number"]
    where = {"repo": INKWELL, "number": number}
    hub.do("edit_pull_request", **where, title="Footnotes", draft=True)
    hub.do("edit_pull_request", **where, draft=False)
    hub.do("push", **where)
    hub.do("review", **where, as_="eve")
    hub.do("close", **where)
    hub.do("reopen", **where)
    assert hub.ear.names(8) == [
        "pull_request.opened",
        "pull_request.edited",
        "pull_request.converted_to_draft",
        "pull_request.ready_for_review",
        "pull_request.synchronize",
        "pull_request_review.submitted",
        "pull_request.closed",
        "pull_request.reopened",
    ]


def test_a_push_moves_the_head(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    made = opened(hub)
    pushed = hub.do("push", repo=INKWELL, number=made["number"], messages=["More"])
    assert hub.ear.next().name == "pull_request.opened"
    body = hub.ear.next().body
    assert (body["before"], body["after"]) == (made["head_sha"], pushed["head_sha"])
    assert repo.get_pull(made["number"]).head.sha == pushed["head_sha"]


def test_another_base_is_told_with_the_former_one(hub: Hub) -> None:
    hub.install()
    number = opened(hub)["number"]
    hub.do("edit_pull_request", repo=INKWELL, number=number, base="next")
    hub.ear.next()
    assert hub.ear.next().body["changes"]["base"]["ref"] == {"from": "main"}


def test_a_review_belongs_to_the_head_it_saw(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    made = opened(hub)
    hub.do("review", repo=INKWELL, number=made["number"], as_="eve")
    hub.do("push", repo=INKWELL, number=made["number"])
    (review,) = repo.get_pull(made["number"]).get_reviews()
    assert (review.state, review.commit_id, review.user.login) == ("APPROVED", made["head_sha"], "eve")


def test_nobody_approves_their_own(hub: Hub) -> None:
    number = opened(hub)["number"]
    assert hub.try_to("review", repo=INKWELL, number=number, as_="bo").status_code == 422


# ---------------------------------------------------------------- merging


@pytest.mark.parametrize("method, parents", [("merge", 2), ("squash", 1), ("rebase", 1)])
def test_a_merge_lands_a_commit_on_the_base(hub: Hub, method: str, parents: int) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub)["number"]
    sha = hub.do("merge", repo=INKWELL, number=number, method=method, as_="eve")["sha"]
    pull = repo.get_pull(number)
    assert pull.merged_by is not None
    assert (pull.merged, pull.merged_by.login, pull.merge_commit_sha) == (True, "eve", sha)
    assert len(repo.get_commit(sha).parents) == parents
    assert repo.get_commits()[0].sha == sha


def test_a_merge_closes_its_issue_after_itself(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub)["number"]
    hub.do("merge", repo=INKWELL, number=number)
    assert hub.ear.names(4) == ["pull_request.opened", "pull_request.closed", "push", "issues.closed"]
    closer = repo.get_issue(1).closed_by
    assert closer is not None and closer.login == "ana"


def test_the_closed_event_of_a_merge_says_merged(hub: Hub) -> None:
    hub.install()
    number = opened(hub)["number"]
    hub.ear.next()
    hub.do("merge", repo=INKWELL, number=number)
    pull = hub.ear.next().body["pull_request"]
    assert pull["merged"] and pull["merged_by"]["login"] == "ana" and pull["merged_at"].endswith("Z")


def test_a_commit_message_closes_too(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub, body="", commits=["Step one", "Closes #2"])["number"]
    hub.do("merge", repo=INKWELL, number=number)
    assert repo.get_issue(2).state == "closed"


@pytest.mark.parametrize("body, base", [("Fixes #1", "next"), ("`Fixes #1`", "main"), ("> Fixes #1", "main")])
def test_what_a_merge_does_not_close(hub: Hub, body: str, base: str) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub, body=body, base=base)["number"]
    hub.do("merge", repo=INKWELL, number=number)
    assert repo.get_issue(1).state == "open"


def test_somebody_elses_issue_stays_open(hub: Hub) -> None:
    hub.do("create_repository", owner="dara", name="mine")
    made = hub.do("open_pull_request", repo="dara/mine", as_="dara", title="x", body="Fixes ana/inkwell#1")
    hub.do("merge", repo="dara/mine", number=made["number"])
    assert hub.get("/repos/ana/inkwell/issues/1").json()["state"] == "open"


def test_an_issue_of_another_repository_closes_for_somebody_who_may_write_there(hub: Hub) -> None:
    made = hub.do("open_pull_request", repo="eve/almanac", as_="bo", title="x", body="Fixes ana/inkwell#1")
    hub.do("merge", repo="eve/almanac", number=made["number"], as_="eve")
    assert hub.get("/repos/ana/inkwell/issues/1").json()["state"] == "closed"


@pytest.mark.parametrize("login, status", [("bo", 403), ("dara", 403), ("eve", 200), ("ana", 200)])
def test_only_people_who_may_write_merge(hub: Hub, login: str, status: int) -> None:
    number = opened(hub)["number"]
    assert hub.try_to("merge", repo=INKWELL, number=number, as_=login).status_code == status


def test_drafts_and_closed_ones_and_moved_heads_are_not_merged(hub: Hub) -> None:
    draft, closed, moved = (opened(hub, draft=draft)["number"] for draft in (True, False, False))
    hub.do("close", repo=INKWELL, number=closed)
    statuses = [hub.try_to("merge", repo=INKWELL, number=number).status_code for number in (draft, closed)]
    assert statuses == [405, 405]
    assert hub.try_to("merge", repo=INKWELL, number=moved, sha="0" * 40).status_code == 409


def test_nothing_is_merged_twice(hub: Hub) -> None:
    number = opened(hub)["number"]
    hub.do("merge", repo=INKWELL, number=number)
    assert hub.try_to("merge", repo=INKWELL, number=number).status_code == 405
    assert hub.try_to("reopen", repo=INKWELL, number=number).status_code == 422


def test_the_app_itself_may_not_merge(hub: Hub) -> None:
    pull = hub.install().get_repo(INKWELL).get_pull(opened(hub)["number"])
    with pytest.raises(GithubException) as refused:
        pull.merge()
    assert refused.value.status == 403


def test_merged_at_is_business_time(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    number = opened(hub)["number"]
    hub.sandbox.clock.advance(10)
    hub.do("merge", repo=INKWELL, number=number)
    merged_at = repo.get_pull(number).merged_at
    assert merged_at is not None
    assert abs(merged_at.timestamp() - hub.sandbox.clock.now()) < 5


def test_a_bot_opens_a_pull_request(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    made = opened(hub, **{"as": "helpful-bot[bot]"})
    assert repo.get_pull(made["number"]).user.type == "Bot"


def test_a_push_on_the_branch_is_told(hub: Hub) -> None:
    hub.install()
    made = hub.do("push", repo=INKWELL, messages=['Revert "Notes"'])
    heard = hub.ear.next()
    assert heard.name == "push"
    assert (heard.body["ref"], heard.body["after"]) == ("refs/heads/main", made["commits"][0])
