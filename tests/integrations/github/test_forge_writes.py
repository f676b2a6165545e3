"""What the App writes: comments, reactions, check runs; that redirects and vanished things are noticed."""

from __future__ import annotations

import pytest
import requests

from bountyhub.ports.errors import OutsideError, OutsideGone, OutsideRefused
from bountyhub.ports.forge import CheckRun
from tests.integrations.github.conftest import Inkwell

MARKER = "<!-- bountyhub:task:7 -->"


def comments(inkwell: Inkwell, number: int) -> list[str]:
    url = f"{inkwell.github.url}/github/api/v3/repositories/{inkwell.id}/issues/{number}/comments"
    return [item["body"] for item in requests.get(url, timeout=10).json()]


def test_a_comment_is_created_found_and_edited(inkwell: Inkwell, points: list[str]) -> None:
    assert inkwell.forge.find_own_comment(inkwell.id, 1, MARKER) is None
    made = inkwell.forge.create_comment(inkwell.id, 1, f"{MARKER}\n565 €")
    assert inkwell.forge.find_own_comment(inkwell.id, 1, MARKER) == made
    assert inkwell.forge.edit_comment(inkwell.id, made, f"{MARKER}\n600 €")
    assert comments(inkwell, 1) == [f"{MARKER}\n600 €"]
    written = [name for name in points if name.endswith("_comment")]
    assert written == [f"call.{when}:{what}_comment" for what in ("create", "edit") for when in ("before", "after")]


def test_somebody_elses_copy_of_the_marker_is_not_ours(inkwell: Inkwell) -> None:
    inkwell.github.do("comment", repo="ana/inkwell", number=1, body=MARKER, **{"as": "dara"})
    assert inkwell.forge.find_own_comment(inkwell.id, 1, MARKER) is None


def test_a_deleted_comment_is_told(inkwell: Inkwell) -> None:
    made = inkwell.forge.create_comment(inkwell.id, 1, MARKER)
    inkwell.github.do("delete_comment", repo="ana/inkwell", id=made)
    assert inkwell.forge.edit_comment(inkwell.id, made, "again") is False


def test_our_comment_after_a_rename_is_really_there(inkwell: Inkwell) -> None:
    inkwell.github.do("rename_repository", repo="ana/inkwell", name="quill")
    made = inkwell.forge.create_comment(inkwell.id, 1, "still here")
    assert inkwell.forge.read_comment(inkwell.id, made).body == "still here"


def test_a_redirected_write_is_no_success(inkwell: Inkwell) -> None:
    inkwell.github.do("transfer_issue", repo="ana/inkwell", number=1, to="ana/pinsel")
    with pytest.raises(OutsideError):
        inkwell.forge.create_comment(inkwell.id, 1, "lost")


def test_a_comment_on_a_missing_issue_is_gone(inkwell: Inkwell) -> None:
    with pytest.raises(OutsideGone):
        inkwell.forge.create_comment(inkwell.id, 9999, "lost")


def test_a_reaction_twice_is_one(inkwell: Inkwell) -> None:
    made = inkwell.github.do("comment", repo="ana/inkwell", number=1, body="/claim", **{"as": "dara"})
    inkwell.forge.react(inkwell.id, made["id"], "+1")
    inkwell.forge.react(inkwell.id, made["id"], "+1")
    url = f"{inkwell.github.url}/github/api/v3/repositories/{inkwell.id}/issues/comments/{made['id']}/reactions"
    assert [item["content"] for item in requests.get(url, timeout=10).json()] == ["+1"]


def test_a_repository_without_the_app_cannot_be_written(inkwell: Inkwell) -> None:
    almanac = inkwell.github.repository("eve/almanac")
    with pytest.raises(OutsideRefused):
        inkwell.forge.create_comment(almanac, 1, "spam")
    assert comments(inkwell, 1) == []


def test_a_check_run_is_created_found_and_updated(inkwell: Inkwell, points: list[str]) -> None:
    pull = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    check = CheckRun(pull["head_sha"], "Merging this releases 25.00 €", "of #1 to @bo", "http://127.0.0.1:1/claims/1")
    assert inkwell.forge.find_check_run(inkwell.id, pull["head_sha"]) is None
    made = inkwell.forge.put_check_run(inkwell.id, check, None)
    assert inkwell.forge.find_check_run(inkwell.id, pull["head_sha"]) == made
    assert inkwell.forge.put_check_run(inkwell.id, check, made) == made
    assert [name for name in points if name.endswith("_check")] == [
        "call.before:create_check",
        "call.after:create_check",
        "call.before:edit_check",
        "call.after:edit_check",
    ]
    url = f"{inkwell.github.url}/github/api/v3/repositories/{inkwell.id}/check-runs/{made}"
    shown = requests.get(url, timeout=10).json()
    assert (shown["conclusion"], shown["status"], shown["output"]["title"]) == ("neutral", "completed", check.title)


def test_a_vanished_check_run_is_made_again(inkwell: Inkwell) -> None:
    pull = inkwell.github.do("open_pull_request", repo="ana/inkwell", title="Mend it", **{"as": "bo"})
    check = CheckRun(pull["head_sha"], "Title", "Summary", "http://127.0.0.1:1/claims/1")
    made = inkwell.forge.put_check_run(inkwell.id, check, 123)
    assert made == inkwell.forge.find_check_run(inkwell.id, pull["head_sha"])


def test_a_label_of_an_issue_that_moved_away_is_gone(inkwell: Inkwell) -> None:
    inkwell.forge.add_label(inkwell.id, 1, "funded")
    inkwell.github.do("transfer_issue", repo="ana/inkwell", number=1, to="ana/pinsel")
    inkwell.forge.remove_label(inkwell.id, 1, "funded")
    with pytest.raises(OutsideGone):
        inkwell.forge.add_label(inkwell.id, 1, "funded")
