"""Merging, taking back, pull requests, issues and comments, done by buttons: pressed once, pressed twice."""

from __future__ import annotations

import pytest

from bountyhub.cli.demo.browser import Browser
from tests.sandbox.github.hub import Hub
from tests.sandbox.github.pressing import INKWELL, person, told, twice


def opened(hub: Hub, commits: tuple[str, ...] = ("One", "Two"), **given: object) -> int:
    made = hub.do("open_pull_request", repo=INKWELL, as_="bo", title="Mend it", commits=list(commits), **given)
    return int(made["number"])


def pull(number: int) -> str:
    return f"/github/{INKWELL}/pull/{number}"


def messages(hub: Hub) -> list[str]:
    return [one["commit"]["message"] for one in hub.get(f"/repos/{INKWELL}/commits").json()]


# ---------------------------------------------------------------- merging and taking back


@pytest.mark.parametrize(
    ("words", "landed"),
    [
        ("Merge pull request", ["Merge pull request #{} from bo/patch-1\n\nMend it", "Two", "One"]),
        ("Squash and merge", ["Mend it (#{})\n\n* One\n\n* Two"]),
        ("Rebase and merge", ["Two", "One"]),
        ("Merge by the queue", ["Merge pull request #{} from bo/patch-1\n\nMend it", "Two", "One"]),
    ],
)
def test_each_way_to_merge_has_its_button(hub: Hub, words: str, landed: list[str]) -> None:
    number, ana = opened(hub), person(hub, "ana")
    twice(ana, ana.open(pull(number)), words)
    assert messages(hub)[: len(landed)] == [text.format(number) for text in landed]
    assert len(messages(hub)) == len(landed)
    merger = hub.get(f"/repos/{INKWELL}/pulls/{number}").json()["merged_by"]["login"]
    assert merger == ("github-merge-queue[bot]" if "queue" in words else "ana")


def test_the_revert_button_pressed_twice_opens_one_pull_request(hub: Hub) -> None:
    number, ana = opened(hub), person(hub, "ana")
    merged = ana.press(ana.open(pull(number)), "Squash and merge")
    again = twice(ana, merged, "Revert", to="/revert")
    assert again.url.endswith(f"/pull/{number + 1}")
    assert hub.get(f"/repos/{INKWELL}/pulls/{number + 2}").status_code == 404


@pytest.mark.parametrize(("words", "count"), [("Rebase and merge", 2), ("Merge pull request", 1)])
def test_a_merge_is_reverted_straight_on_the_branch_once(hub: Hub, words: str, count: int) -> None:
    number, ana = opened(hub), person(hub, "ana")
    merged = ana.press(ana.open(pull(number)), words)
    before = messages(hub)
    shas = [one["sha"] for one in hub.get(f"/repos/{INKWELL}/commits").json()]
    twice(ana, merged, "Revert straight on main")
    reverts = messages(hub)[: -len(before)]
    assert len(reverts) == count
    named = [f"This reverts commit {sha}" for sha in shas[:count]]
    assert all(name in text for name, text in zip(reversed(named), reverts, strict=True))


def test_one_commit_is_reverted_from_its_page(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    (sha,) = hub.do("push", repo=INKWELL, messages=["Too quick"])["commits"]
    ana = person(hub, "ana")
    twice(ana, ana.open(f"/github/{INKWELL}/commit/{sha}"), "Revert on main")
    assert messages(hub) == [f'Revert "Too quick"\n\nThis reverts commit {sha}.', "Too quick"]
    assert told(hub) == ["push", "push"]


def test_who_may_not_write_sees_no_such_buttons_and_is_refused(hub: Hub) -> None:
    number, bo = opened(hub), person(hub, "bo")
    page = bo.open(pull(number))
    assert not page.has_button("Rebase and merge") and not page.has_button("Merge by the queue")
    (sha,) = hub.do("push", repo=INKWELL, messages=["Too quick"])["commits"]
    shown = bo.open(f"/github/{INKWELL}/commit/{sha}")
    assert not shown.has_button("Revert")
    ana = person(hub, "ana")
    at_anas = ana.open(f"/github/{INKWELL}/commit/{sha}")
    assert bo.try_to_press(at_anas, "Revert on main").status == 403
    assert Browser(hub.url).try_to_press(at_anas, "Revert on main").status == 401


# ---------------------------------------------------------------- pull requests


def test_a_force_push_puts_other_commits_in_the_place_of_all(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    number = opened(hub)
    before = hub.get(f"/repos/{INKWELL}/pulls/{number}").json()["head"]["sha"]
    bo = person(hub, "bo")
    bo.press(bo.open(pull(number)), "Force-push", message="All anew")
    assert hub.ear.next().name == "pull_request.opened"
    heard = hub.ear.next()
    assert (heard.name, heard.body["before"]) == ("pull_request.synchronize", before)
    found = hub.get(f"/repos/{INKWELL}/pulls/{number}/commits").json()
    assert [one["commit"]["message"] for one in found] == ["All anew"]
    assert heard.body["after"] == found[0]["sha"] != before


def test_draft_and_ready_pressed_twice_are_as_pressed_once(hub: Hub) -> None:
    number, bo = opened(hub), person(hub, "bo")
    drafted = twice(bo, bo.open(pull(number)), "Convert to draft")
    assert drafted.says("Drafts cannot be merged")
    assert not twice(bo, drafted, "Ready for review").says("Drafts cannot be merged")


# ---------------------------------------------------------------- issues and comments


def test_an_issue_is_locked_once_and_unlocked(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    locked = twice(ana, ana.open(f"/github/{INKWELL}/issues/1"), "Lock the conversation")
    assert locked.says("This conversation is locked")
    assert not twice(ana, locked, "Unlock the conversation").says("This conversation is locked")
    assert told(hub) == ["issues.locked", "issues.unlocked"]


def test_an_issue_becomes_a_discussion(hub: Hub) -> None:
    hub.install("ana", INKWELL)
    ana = person(hub, "ana")
    page = twice(ana, ana.open(f"/github/{INKWELL}/issues/1"), "Convert to a discussion")
    assert page.says("closed") and page.says("This conversation is locked")
    assert told(hub) == ["issues.closed", "issues.locked"]


def test_an_issue_is_closed_as_a_duplicate(hub: Hub) -> None:
    ana = person(hub, "ana")
    assert ana.press(ana.open(f"/github/{INKWELL}/issues/1"), "Close as duplicate").says("closed: duplicate")
    assert hub.get(f"/repos/{INKWELL}/issues/1").json()["state_reason"] == "duplicate"


def test_a_comment_is_hidden_and_shown_again(hub: Hub) -> None:
    hub.do("comment", repo=INKWELL, number=1, body="rude", as_="cleo")
    ana = person(hub, "ana")
    hidden = twice(ana, ana.open(f"/github/{INKWELL}/issues/1"), "Hide comment", body="not this")
    assert hidden.says("Show the hidden comment")
    assert not hidden.says("not this")
    assert not ana.press(hidden, "Show comment again").says("Show the hidden comment")
    assert not person(hub, "dara").open(f"/github/{INKWELL}/issues/1").has_button("Hide comment")
