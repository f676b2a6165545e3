"""`/attempt`, `/unattempt` and `/split` in comments, through GitHub's protocol; each delivered three times."""

from __future__ import annotations

from tests.integrations.github.hub import Hub


def test_who_is_on_it_stands_in_the_issues_comment(hub: Hub) -> None:
    task = hub.open_task()
    said = hub.comment(1, "/attempt", "bo")
    assert (hub.reactions(said), hub.status(task).attempts) == (["+1"], ("bo",))
    assert "- On it: bo" in hub.said(1)[0]
    assert "@bo has not connected a payout account yet" in hub.said(1)[-1]
    hub.comment(1, "/unattempt", "bo")
    assert "On it" not in hub.said(1)[0]


def test_a_split_is_shown_in_the_merge_box_and_paid(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull()
    hub.deliver()
    said = hub.comment(number, "/split @dara 70 @bo 30", "bo")
    (claim,) = hub.claims(task)
    (check,) = hub.checks(claim.head_sha)
    assert hub.reactions(said) == ["+1"]
    assert check["output"]["title"] == "Merging this releases 50 € of #1: 70 % to @dara, 30 % to @bo"
    hub.do("merge", number=number, **{"as": "ana"})
    assert hub.claims(task)[0].state == "released"
    late = hub.comment(number, "/split @bo 100", "bo")
    assert (hub.reactions(late), "It was merged" in hub.said(number)[-1]) == (["confused"], True)


def test_who_is_not_there_is_refused_with_what_to_write(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull()
    hub.deliver()
    said = hub.comment(number, "/split @nobody-here 100", "bo")
    assert (hub.reactions(said), hub.claims(task)[0].split) == (["confused"], {})
    assert "There is no @nobody-here. Write `/split @ana 70 @bo 30`" in hub.said(number)[-1]
    hub.comment(number, "/split @dara 100", "dara")
    assert "Only the author" in hub.said(number)[-1]


def test_a_deleted_comment_commands_nothing(hub: Hub) -> None:
    task = hub.open_task()
    made = hub.github.do("comment", repo="ana/inkwell", number=1, body="/attempt", **{"as": "bo"})
    hub.github.do("delete_comment", repo="ana/inkwell", id=made["id"], **{"as": "bo"})
    hub.deliver(times=2)
    assert hub.status(task).attempts == ()
