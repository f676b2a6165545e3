"""What the bot says and shows on GitHub."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.work.operations import record_check_run, record_comment
from tests.integrations.github.hub import Hub

# ---------------------------------------------------------------- the status comment


def test_one_comment_kept_up_to_date(hub: Hub) -> None:
    task = hub.open_task()
    (empty,) = hub.said(1)
    hub.fund(task)
    hub.work()
    (funded,) = hub.said(1)
    assert "50 €" in funded and "50 €" not in empty
    assert hub.status(task).next_step.text in funded
    assert hub.status(task).url in funded


def test_an_unchanged_text_is_not_sent_again(hub: Hub, points: list[str]) -> None:
    task = hub.open_task()
    assert "call.after:create_comment" in points
    points.clear()
    hub.ask("forge.sync_comment", task=task)
    assert not [name for name in points if "comment" in name]


def test_a_comment_whose_id_was_lost_is_found_by_its_marker(hub: Hub) -> None:
    task = hub.open_task()
    with transaction() as session:
        record_comment(session, task, comment_id=None, digest="")
    hub.ask("forge.sync_comment", task=task)
    assert len(hub.said(1)) == 1
    assert hub.status(task).comment.comment_id is not None


def test_a_deleted_comment_is_respected(hub: Hub) -> None:
    task = hub.open_task()
    hub.github.do("delete_comment", repo="ana/inkwell", id=hub.status(task).comment.comment_id)
    hub.fund(task)
    hub.work()
    hub.fund(task)
    hub.work()
    assert hub.said(1) == []


# ---------------------------------------------------------------- the check run


def test_the_check_run_follows_the_head_and_the_money(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull()
    hub.deliver()
    first = hub.claims(task)[0]
    (shown,) = hub.checks(first.head_sha)
    assert (shown["conclusion"], shown["output"]["title"]) == ("neutral", hub.title(first.id))
    assert "50 €" in shown["output"]["title"] and "#1" in shown["output"]["title"] and "@bo" in shown["output"]["title"]
    hub.fund(task, 2500)
    hub.work()
    (renewed,) = hub.checks(first.head_sha)
    assert renewed["id"] == shown["id"]
    assert "75 €" in renewed["output"]["title"]
    hub.do("push", number=number)
    pushed = hub.claims(task)[0]
    assert pushed.head_sha != first.head_sha
    assert [run["id"] for run in hub.checks(pushed.head_sha)] == [pushed.check_run_id]


def test_a_pull_request_for_two_tasks_has_one_check_run_that_names_both(hub: Hub, points: list[str]) -> None:
    tasks = [hub.open_task(1), hub.open_task(2)]
    for task in tasks:
        hub.fund(task)
    hub.pull("Fixes #1, fixes #2")
    hub.deliver()
    claims = [hub.claims(task)[0] for task in tasks]
    (shown,) = hub.checks(claims[0].head_sha)
    assert {claim.check_run_id for claim in claims} == {shown["id"]}
    assert all(claim.shown_at for claim in claims)
    assert all(hub.title(claim.id) in shown["output"]["title"] for claim in claims)
    points.clear()
    for claim in claims:
        hub.ask("forge.sync_check", claim=claim.id)
    assert not [name for name in points if "check" in name]


def test_a_check_run_lost_in_a_crash_is_found_again(hub: Hub) -> None:
    task = hub.open_task()
    hub.pull()
    hub.deliver()
    claim = hub.claims(task)[0]
    with transaction() as session:
        record_check_run(session, claim.id, check_run_id=1, head_sha="before the push", digest="")
    hub.ask("forge.sync_check", claim=claim.id)
    assert len(hub.checks(claim.head_sha)) == 1


# ---------------------------------------------------------------- commands


def test_a_claim_by_command_is_answered_once(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("no words")
    hub.deliver()
    comment = hub.comment(number, "Here it is.\n/claim #1", "bo")
    assert [(claim.state, claim.source) for claim in hub.claims(task)] == [("linked", "command")]
    assert hub.reactions(comment) == ["+1"]
    assert len(hub.said(number)) == 2
    assert "#1" in hub.said(number)[1]


def test_a_refused_command_says_what_to_do_instead(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull("no words")
    hub.deliver()
    comment = hub.comment(number, "/claim #1", "dara")
    assert hub.claims(task) == []
    assert hub.reactions(comment) == ["confused"]
    assert "author" in hub.said(number)[1]


def test_deciders_confirm_and_unlink(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    number = hub.pull("no words")
    hub.do("merge", number=number)
    hub.comment(number, "/claim #1", "bo")
    assert hub.claims(task)[0].state == "late"
    hub.comment(number, "/confirm", "dara")
    assert hub.claims(task)[0].state == "late"
    hub.comment(number, "/confirm", "eve")
    assert hub.claims(task)[0].state == "window"
    hub.comment(number, "/object It does `nothing` of what was asked", "eve")
    assert hub.claims(task)[0].state == "blocked"


def test_a_command_that_somebody_else_wrote_into_a_comment_is_not_obeyed(hub: Hub) -> None:
    task = hub.open_task()
    number = hub.pull()
    hub.deliver()
    made = hub.github.do("comment", repo="ana/inkwell", number=number, body="Nice work", **{"as": "ana"})
    hub.github.do("edit_comment", repo="ana/inkwell", id=made["id"], body="/unlink", **{"as": "eve"})
    hub.deliver(times=3)
    assert [claim.state for claim in hub.claims(task)] == ["linked"]
    assert hub.reactions(made["id"]) == ["confused"]
    assert len(hub.said(number)) == 2 and "edited" in hub.said(number)[1]


def test_a_comment_edited_without_commands_is_not_answered(hub: Hub) -> None:
    hub.open_task()
    number = hub.pull()
    hub.deliver()
    made = hub.github.do("comment", repo="ana/inkwell", number=number, body="Nice work", **{"as": "ana"})
    hub.github.do("edit_comment", repo="ana/inkwell", id=made["id"], body="Very nice work", **{"as": "ana"})
    hub.deliver()
    assert hub.said(number) == ["Very nice work"]


def test_several_commands_are_answered_together(hub: Hub) -> None:
    hub.open_task(1)
    hub.open_task(2)
    number = hub.pull("no words")
    hub.deliver()
    comment = hub.comment(number, "/claim #1\n/claim #2\n/claim m3\n/claim eve/almanac#1", "bo")
    assert len(hub.claims()) == 2
    assert hub.reactions(comment) == ["confused"]
    assert len(hub.said(number)) == 2


@pytest.mark.parametrize("body", ["nice", "> /claim #1", "```\n/claim #1\n```", "/assign me", "please /claim #1"])
def test_other_comments_are_left_alone(hub: Hub, body: str) -> None:
    hub.open_task()
    number = hub.pull("no words")
    hub.deliver()
    hub.comment(number, body, "bo")
    assert hub.claims() == []
    assert hub.said(number) == [body]


def test_bots_are_not_listened_to(hub: Hub) -> None:
    hub.open_task()
    number = hub.pull("no words", **{"as": "helpful-bot[bot]"})
    hub.deliver()
    hub.comment(number, "/claim #1", "helpful-bot[bot]")
    assert hub.claims() == []
    assert len(hub.said(number)) == 1


def test_bounty_answers_with_a_link_and_help_with_a_list(hub: Hub) -> None:
    task = hub.open_task()
    hub.comment(1, "/bounty 50 EUR", "dara")
    assert f"{hub.status(task).fund_url}?amount=50" in hub.said(1)[-1]
    hub.comment(1, "/bountyhub help", "dara")
    assert "/confirm" in hub.said(1)[-1]
