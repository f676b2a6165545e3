"""Issues and labels through PyGithub, and the events they cause."""

from __future__ import annotations

import pytest
from github import GithubException, UnknownObjectException

from tests.sandbox.github.hub import Hub

INKWELL = "ana/inkwell"


def test_the_seeded_issues_are_listed_newest_first(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    numbers = [issue.number for issue in repo.get_issues()]
    assert numbers == [5, 4, 3, 2, 1]
    assert repo.get_issue(1).id > 2**31


def test_lists_come_in_pages_and_by_label(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    bugs = repo.get_issues(labels=["bug"])
    assert [issue.number for issue in bugs] == [3, 2]
    answer = hub.get("/repos/ana/inkwell/issues?per_page=2&page=2", hub.token())
    assert [issue["number"] for issue in answer.json()] == [3, 2]
    assert {'rel="prev"', 'rel="next"', 'rel="last"'} <= set(answer.headers["Link"].replace(",", "").split())


def test_a_pull_request_is_listed_as_an_issue_that_says_so(hub: Hub) -> None:
    github = hub.install()
    made = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="A change")
    issue = github.get_repo(INKWELL).get_issue(made["number"])
    assert issue.pull_request is not None
    assert github.get_repo(INKWELL).get_issue(1).pull_request is None


def test_numeric_addresses_answer_like_names(hub: Hub) -> None:
    github = hub.install()
    repo = github.get_repo(INKWELL)
    by_id = github.get_repo(repo.id)
    assert by_id.full_name == INKWELL
    _, body = github.requester.requestJsonAndCheck("GET", f"/repositories/{repo.id}/issues/1")
    assert body["title"] == repo.get_issue(1).title


def test_the_life_of_an_issue_is_told(hub: Hub) -> None:
    hub.install()
    number = hub.do("open_issue", repo=INKWELL, title="New", as_="cleo", labels=["bug"])["number"]
    for action, more in (
        ("edit_issue", {"title": "Newer"}),
        ("label", {"name": "funded"}),
        ("unlabel", {"name": "funded"}),
        ("lock", {}),
        ("close", {}),
        ("reopen", {}),
        ("delete_issue", {}),
    ):
        hub.do(action, repo=INKWELL, number=number, **more)
    told = ["opened", "edited", "labeled", "unlabeled", "locked", "closed", "reopened", "deleted"]
    assert hub.ear.names(8) == [f"issues.{action}" for action in told]


def test_an_edit_names_the_former_title_only(hub: Hub) -> None:
    hub.install()
    before = hub.get("/repos/ana/inkwell/issues/2").json()["title"]
    hub.do("edit_issue", repo=INKWELL, number=2, title="Dots")
    assert hub.ear.next().body["changes"] == {"title": {"from": before}}


def test_the_app_labels_and_closes(hub: Hub) -> None:
    issue = hub.install().get_repo(INKWELL).get_issue(2)
    issue.add_to_labels("funded")
    assert "funded" in [label.name for label in issue.get_labels()]
    issue.remove_from_labels("funded")
    issue.edit(state="closed", state_reason="not_planned")
    assert hub.ear.names(3) == ["issues.labeled", "issues.unlabeled", "issues.closed"]
    assert (issue.state, issue.state_reason) == ("closed", "not_planned")


@pytest.mark.nonsense
def test_labels_are_made_once(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    repo.create_label("funded", "00aa00", "Has money")
    with pytest.raises(GithubException) as refused:
        repo.create_label("Funded", "00aa00")
    assert refused.value.status == 422
    assert refused.value.data["errors"][0]["code"] == "already_exists"


def test_a_deleted_issue_is_gone(hub: Hub) -> None:
    repo = hub.install().get_repo(INKWELL)
    hub.do("delete_issue", repo=INKWELL, number=3)
    with pytest.raises(GithubException) as refused:
        repo.get_issue(3)
    assert refused.value.status == 410
    assert hub.try_to("close", repo=INKWELL, number=3).status_code == 410


def test_a_transferred_issue_redirects_to_its_new_place(hub: Hub) -> None:
    github = hub.install()
    hub.do("comment", repo=INKWELL, number=3, body="me too", as_="cleo")
    new = hub.do("transfer_issue", repo=INKWELL, number=3, to="ana/pinsel")
    moved = github.get_repo(INKWELL).get_issue(3)
    assert (moved.number, moved.repository.full_name) == (new["number"], "ana/pinsel")
    assert [comment.body for comment in moved.get_comments()] == ["me too"]
    assert hub.ear.names(3) == ["issue_comment.created", "issues.transferred", "issues.opened"]


def test_the_transfer_event_names_both_places(hub: Hub) -> None:
    hub.install()
    new = hub.do("transfer_issue", repo=INKWELL, number=3, to="ana/pinsel")
    body = hub.ear.next().body
    assert (body["issue"]["number"], body["repository"]["full_name"]) == (3, INKWELL)
    assert body["changes"]["new_issue"]["id"] == new["id"]
    assert body["changes"]["new_repository"]["full_name"] == "ana/pinsel"


def test_a_missing_issue_is_not_found(hub: Hub) -> None:
    with pytest.raises(UnknownObjectException):
        hub.install().get_repo(INKWELL).get_issue(999)


def test_what_is_not_installed_stays_silent(hub: Hub) -> None:
    hub.install("ana", "ana/pinsel")
    hub.do("open_issue", repo=INKWELL, title="Unheard")
    hub.do("open_issue", repo="ana/pinsel", title="Heard")
    assert hub.ear.next().body["issue"]["title"] == "Heard"


def test_the_number_of_open_issues_follows(hub: Hub) -> None:
    repo = hub.install().get_repo("ana/pinsel")
    assert repo.open_issues_count == 4
    hub.do("close", repo="ana/pinsel", number=1)
    hub.do("delete_issue", repo="ana/pinsel", number=2)
    repo.update()
    assert repo.open_issues_count == 2
