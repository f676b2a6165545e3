"""Pull requests with everything that decides about money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bountyhub.integrations.github.reading import commit
from bountyhub.kit import clock
from bountyhub.ports.forge import IssueRef, LinkSource, PullRequestInfo
from tests.integrations.github.conftest import Inkwell


def open_pull(inkwell: Inkwell, title: str = "Mend it", **given: Any) -> PullRequestInfo:
    made = inkwell.github.do("open_pull_request", repo="ana/inkwell", title=title, **{"as": "bo"} | given)
    return inkwell.forge.read_pull_request(inkwell.id, made["number"])


def reread(inkwell: Inkwell, pull: PullRequestInfo) -> PullRequestInfo:
    return inkwell.forge.read_pull_request(inkwell.id, pull.number)


def test_an_open_one(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell, body="Fixes #1", draft=True)
    assert (pull.repository, pull.is_open, pull.draft, pull.merged) == (inkwell.id, True, True, False)
    assert (pull.merged_at, pull.merged_by, pull.merge_sha) == (None, None, "")
    assert (pull.author.login, pull.author.id) == ("bo", inkwell.github.person("bo"))
    assert (pull.base, pull.base_is_default) == ("main", True)
    assert len(pull.commits) == 1
    assert pull.commits[0].sha == pull.head_sha


def test_a_merged_one_says_when_by_whom_and_what(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell, body="Fixes #1")
    inkwell.github.do("merge", repo="ana/inkwell", number=pull.number, **{"as": "eve"})
    merged = reread(inkwell, pull)
    assert (merged.is_open, merged.merged, merged.head_sha) == (False, True, pull.head_sha)
    assert merged.merged_by is not None
    assert merged.merged_by.id == inkwell.github.person("eve")
    assert merged.merged_at is not None
    assert merged.merged_at.tzinfo is not None
    assert merged.merge_sha


def test_closed_is_not_merged(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell)
    inkwell.github.do("close", repo="ana/inkwell", number=pull.number)
    closed = reread(inkwell, pull)
    assert (closed.is_open, closed.merged, closed.merge_sha) == (False, False, "")


def test_what_it_closes_by_the_forge_and_by_keywords_each_once(inkwell: Inkwell) -> None:
    pull = open_pull(
        inkwell, "Footnotes (closes #2)", body="Fixes #1\n\n`fixes #3`", commits=["Step one", "Last\n\nResolves: #4"]
    )
    assert pull.closes == (
        (IssueRef(inkwell.id, 1), LinkSource.CLOSING),
        (IssueRef(inkwell.id, 2), LinkSource.KEYWORD),
        (IssueRef(inkwell.id, 4), LinkSource.KEYWORD),
    )


def test_another_branch_has_keywords_only(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell, body="Fixes #1", base="stable")
    assert (pull.base, pull.base_is_default) == ("stable", False)
    assert pull.closes == ((IssueRef(inkwell.id, 1), LinkSource.KEYWORD),)


def test_issues_of_other_repositories_are_named_by_their_ids(inkwell: Inkwell) -> None:
    almanac, pinsel = inkwell.github.repository("eve/almanac"), inkwell.github.repository("ana/pinsel")
    body = f"Fixes eve/almanac#1, closes {inkwell.github.url}/github/ana/inkwell/issues/2"
    pull = open_pull(inkwell, "Closes Ana/Pinsel#3", body=body + "\nfixes no/where#1, fixes ana/secret#1")
    assert dict(pull.closes) == {
        IssueRef(almanac, 1): LinkSource.CLOSING,
        IssueRef(inkwell.id, 2): LinkSource.CLOSING,
        IssueRef(pinsel, 3): LinkSource.KEYWORD,
    }


def test_a_flood_of_foreign_names_costs_few_calls(inkwell: Inkwell) -> None:
    body = " ".join(f"fixes no/where{n}#1" for n in range(200))
    assert open_pull(inkwell, body=body + " fixes #1").closes == ((IssueRef(inkwell.id, 1), LinkSource.CLOSING),)


def test_co_authors_stand_in_trailers(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell, co_authors=["dara"])
    (only,) = pull.commits
    assert only.author is not None
    assert only.author.login == "bo"
    (co_author,) = only.co_authors
    assert "<" in co_author and "dara" in co_author.lower()


def test_a_trailer_with_a_hidden_address_names_an_account() -> None:
    trailers = ["Dara <dara@example.test>", "Eve <105+eve@users.noreply.github.com>", "x <5+x@noreply.example.org>"]
    said = "Build it\n\n" + "\n".join(f"Co-authored-by: {trailer}" for trailer in trailers)
    read = commit({"sha": "c0ffee", "commit": {"message": said}, "author": None})
    assert (read.co_authors, read.co_author_ids) == ((trailers[0], trailers[2]), (105,))


def test_approvals_that_still_stand_with_the_head_they_saw(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell)
    for login, event in (("eve", "APPROVE"), ("ana", "APPROVE"), ("dara", "COMMENT"), ("ana", "REQUEST_CHANGES")):
        inkwell.github.do("review", repo="ana/inkwell", number=pull.number, event=event, **{"as": login})
    inkwell.github.do("push", repo="ana/inkwell", number=pull.number, **{"as": "bo"})
    after = reread(inkwell, pull)
    assert [(review.person.login, review.sha) for review in after.approvals] == [("eve", pull.head_sha)]
    assert after.head_sha != pull.head_sha


def test_open_ones_that_name_an_issue_are_found_whatever_names_it(inkwell: Inkwell) -> None:
    by_body, by_title = open_pull(inkwell, body="Fixes #1"), open_pull(inkwell, "Closes #1")
    by_commit = open_pull(inkwell, commits=["Step one", "Resolves #1"])
    other, closed = open_pull(inkwell, body="Fixes #2, see #1"), open_pull(inkwell, body="Fixes #1")
    inkwell.github.do("close", repo="ana/inkwell", number=closed.number)
    found = inkwell.forge.pulls_naming(inkwell.id, 1)
    assert found == [by_body.number, by_title.number, by_commit.number]
    assert inkwell.forge.pulls_naming(inkwell.id, 2) == [other.number]


def test_open_ones_are_found_beyond_the_first_page(inkwell: Inkwell) -> None:
    numbers = [open_pull(inkwell, body="Fixes #1" if n % 9 == 0 else "").number for n in range(28)]
    assert inkwell.forge.pulls_naming(inkwell.id, 1) == [numbers[0], numbers[9], numbers[18], numbers[27]]


def test_a_bots_pull_request_says_so(inkwell: Inkwell) -> None:
    assert open_pull(inkwell, **{"as": "helpful-bot[bot]"}).author.is_bot


def test_a_fork_and_a_rename_change_nothing(inkwell: Inkwell) -> None:
    pull = open_pull(inkwell, body="Fixes ana/inkwell#1")
    inkwell.github.do("rename_repository", repo="ana/inkwell", name="quill")
    assert reread(inkwell, pull).closes == ((IssueRef(inkwell.id, 1), LinkSource.CLOSING),)


def test_what_was_touched_lately_in_any_state(inkwell: Inkwell) -> None:
    since = clock.now() - timedelta(minutes=5)
    merged, closed, still_open = open_pull(inkwell), open_pull(inkwell), open_pull(inkwell)
    inkwell.github.do("merge", repo="ana/inkwell", number=merged.number)
    inkwell.github.do("close", repo="ana/inkwell", number=closed.number)
    inkwell.github.do("close", repo="ana/inkwell", number=2)
    expected = {(pull.number, True) for pull in (merged, closed, still_open)} | {(2, False)}
    found = inkwell.forge.changed_issues(inkwell.id, since)
    assert {(item.number, item.is_pull_request) for item in found.items} == expected
    assert inkwell.forge.changed_issues(inkwell.id, clock.now() + timedelta(hours=1)).items == ()
