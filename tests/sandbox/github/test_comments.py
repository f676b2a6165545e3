"""The bot's comments through PyGithub: written, edited in place, reacted to, and coming back as webhooks."""

from __future__ import annotations

import pytest
from github import GithubException

from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def test_the_apps_comment_comes_back_as_a_webhook_of_its_bot(hub: Hub) -> None:
    comment = hub.install().get_repo(INKWELL).get_issue(1).create_comment("Hello")
    heard = hub.ear.next()
    assert heard.name == "issue_comment.created"
    assert heard.body["comment"]["id"] == comment.id > 2**31
    assert heard.body["sender"]["login"] == "bountyhub[bot]"
    assert heard.body["comment"]["performed_via_github_app"]["slug"] == "bountyhub"


def test_a_comment_is_edited_in_place_and_deleted(hub: Hub) -> None:
    issue = hub.install().get_repo(INKWELL).get_issue(1)
    comment = issue.create_comment("one")
    comment.edit("two")
    assert [one.body for one in issue.get_comments()] == ["two"]
    comment.delete()
    assert list(issue.get_comments()) == []
    assert hub.ear.names(3) == [f"issue_comment.{action}" for action in ("created", "edited", "deleted")]


def test_a_comment_is_found_by_repository_id(hub: Hub) -> None:
    github = hub.install()
    repo = github.get_repo(INKWELL)
    comment = repo.get_issue(1).create_comment("one")
    _, body = github.requester.requestJsonAndCheck("GET", f"/repositories/{repo.id}/issues/comments/{comment.id}")
    assert body["body"] == "one"


def test_the_app_may_not_touch_other_peoples_comments(hub: Hub) -> None:
    hub.install()
    made = hub.do("comment", repo=INKWELL, number=1, body="mine", as_="cleo")
    answer = hub.send("PATCH", f"/repos/ana/inkwell/issues/comments/{made['id']}", hub.token(), body="yours")
    assert answer.status_code == 403


def test_a_reaction_is_given_once(hub: Hub) -> None:
    comment = hub.install().get_repo(INKWELL).get_issue(1).create_comment("one")
    first, again = comment.create_reaction("+1"), comment.create_reaction("+1")
    assert first.id == again.id
    assert [reaction.content for reaction in comment.get_reactions()] == ["+1"]


@pytest.mark.nonsense
def test_an_unknown_reaction_is_refused(hub: Hub) -> None:
    comment = hub.install().get_repo(INKWELL).get_issue(1).create_comment("one")
    with pytest.raises(GithubException) as refused:
        comment.create_reaction("shrug")
    assert refused.value.status == 422


@pytest.mark.nonsense
def test_an_empty_comment_is_refused(hub: Hub) -> None:
    with pytest.raises(GithubException) as refused:
        hub.install().get_repo(INKWELL).get_issue(1).create_comment("  ")
    assert refused.value.status == 422


def test_a_locked_issue_refuses_the_app_but_not_its_maintainer(hub: Hub) -> None:
    issue = hub.install().get_repo(INKWELL).get_issue(1)
    hub.do("lock", repo=INKWELL, number=1)
    with pytest.raises(GithubException) as refused:
        issue.create_comment("Hello")
    assert refused.value.status == 403
    hub.do("comment", repo=INKWELL, number=1, body="still here", as_="ana")


def test_nothing_is_written_where_the_app_is_not_installed(hub: Hub) -> None:
    github = hub.install("ana", "ana/pinsel")
    issue = github.get_repo(INKWELL).get_issue(1)
    with pytest.raises(GithubException) as refused:
        issue.create_comment("Hello")
    assert refused.value.status == 403


@pytest.mark.nonsense
def test_a_body_that_is_no_json_is_refused(hub: Hub) -> None:
    hub.install()
    headers = {"Authorization": f"Bearer {hub.token()}"}
    url = f"{hub.api}/repos/ana/inkwell/issues/1/comments"
    assert hub.session.post(url, data="{oops", headers=headers, timeout=5).status_code == 400
