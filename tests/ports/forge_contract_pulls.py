"""The part of `forge_contract` that is about changes: pull requests, what lands on a branch, checks."""

from __future__ import annotations

from datetime import UTC

import pytest

from bountyhub.ports.forge import CheckRun, IssueRef, LinkSource, TakenBack
from tests.ports.forge_place import MAINTAINER, OWNER, STRANGER, TRIAGER, ForgePlace, Home


class Pulls:
    def test_a_pull_request_that_waits(self, place: ForgePlace, home: Home) -> None:
        issue = place.open_issue(home, "One")
        number = place.open_pull(home, f"Fixes #{issue}", commits=("First", "Second"), co_author=STRANGER)
        seen = place.forge.read_pull_request(home.id, number)
        assert (seen.repository, seen.number, seen.author.id) == (home.id, number, place.person(TRIAGER))
        assert (seen.is_open, seen.draft, seen.merged, seen.base_is_default) == (True, False, False, True)
        assert (seen.merged_at, seen.merged_by, seen.approvals) == (None, None, ())
        assert [ref for ref, _ in seen.closes] == [IssueRef(home.id, issue)]
        assert seen.closes[0][1] in (LinkSource.CLOSING, LinkSource.KEYWORD)
        assert [one.message.splitlines()[0] for one in seen.commits] == ["First", "Second"]
        assert seen.head_sha == seen.commits[-1].sha
        assert seen.commits[0].co_authors or seen.commits[0].co_author_ids

    @pytest.mark.parametrize("hidden", ["`Fixes #{}`", "> Fixes #{}", "<!-- Fixes #{} -->", "See #{}"])
    def test_what_is_no_closing_word_closes_nothing(self, place: ForgePlace, home: Home, hidden: str) -> None:
        number = place.open_pull(home, hidden.format(place.open_issue(home, "One")))
        assert place.forge.read_pull_request(home.id, number).closes == ()

    def test_drafts_and_other_branches_are_told(self, place: ForgePlace, home: Home) -> None:
        drafted = place.forge.read_pull_request(home.id, place.open_pull(home, draft=True))
        assert drafted.draft
        elsewhere = place.forge.read_pull_request(home.id, place.open_pull(home, base="next"))
        assert (elsewhere.base, elsewhere.base_is_default) == ("next", False)

    @pytest.mark.parametrize("squash", [False, True])
    def test_a_merge_is_told_with_who_when_and_what(self, place: ForgePlace, home: Home, squash: bool) -> None:
        number = place.open_pull(home)
        place.merge(home, number, by=MAINTAINER, squash=squash)
        seen = place.forge.read_pull_request(home.id, number)
        assert seen.merged and not seen.is_open and seen.merged_at is not None and seen.merged_at.tzinfo is UTC
        assert seen.merged_by is not None and seen.merged_by.id == place.person(MAINTAINER)
        assert place.forge.pulls_of_commit(home.id, seen.merge_sha) == [number]
        assert place.forge.landed_commit(home.id, seen.merge_sha, [seen.base]) is not None

    def test_closed_is_not_merged(self, place: ForgePlace, home: Home) -> None:
        number = place.open_pull(home)
        place.close(home, number)
        seen = place.forge.read_pull_request(home.id, number)
        assert (seen.is_open, seen.merged, seen.merged_at, seen.merged_by) == (False, False, None, None)

    def test_an_approval_is_of_the_head_it_was_given_on(self, place: ForgePlace, home: Home) -> None:
        number = place.open_pull(home)
        head = place.forge.read_pull_request(home.id, number).head_sha
        place.approve(home, number, by=MAINTAINER)
        place.push_to_pull(home, number)
        seen = place.forge.read_pull_request(home.id, number)
        assert [(one.person.id, one.sha) for one in seen.approvals] == [(place.person(MAINTAINER), head)]
        assert seen.head_sha != head

    def test_open_pull_requests_that_name_an_issue_are_found(self, place: ForgePlace, home: Home) -> None:
        issue = place.open_issue(home, "One")
        number, other = place.open_pull(home, f"Closes #{issue}"), place.open_pull(home, "Nothing")
        found = place.forge.pulls_naming(home.id, issue)
        assert number in found and other not in found

    def test_a_check_is_put_once_on_a_head_and_changed_in_place(self, place: ForgePlace, home: Home) -> None:
        head = place.forge.read_pull_request(home.id, place.open_pull(home)).head_sha
        assert place.forge.find_check_run(home.id, head) is None
        check = CheckRun(head, "Merging this releases 5 €", "to @bo", "http://127.0.0.1:1/claims/1")
        made = place.forge.put_check_run(home.id, check, None)
        assert place.forge.find_check_run(home.id, head) == made
        again = place.forge.put_check_run(home.id, CheckRun(head, "6 €", "to @bo", check.details_url), made)
        assert place.forge.find_check_run(home.id, head) == again


class Branches:
    def test_what_came_onto_a_branch_since_a_commit(self, place: ForgePlace, home: Home) -> None:
        start = place.push(home, "Start")
        branch = place.forge.read_repository(home.id).default_branch
        first, second = place.push(home, "First"), place.push(home, "Second")
        seen = place.forge.pushed(home.id, branch, start)
        assert (seen.head, [one.sha for one in seen.commits]) == (second, [first, second])
        assert place.forge.pushed(home.id, branch, second).commits == ()
        assert place.forge.pushed(home.id, branch, "").head == second
        assert place.forge.pushed(home.id, "no-such-branch", "").head == ""

    def test_a_commit_says_what_it_reverts(self, place: ForgePlace, home: Home) -> None:
        sha = place.push(home, "Start")
        branch = place.forge.read_repository(home.id).default_branch
        place.push(home, f'Revert "Start"\n\nThis reverts commit {sha}.')
        assert place.forge.pushed(home.id, branch, sha).commits[0].takes_back == (TakenBack(sha=sha),)

    def test_a_commit_is_on_a_branch_or_not(self, place: ForgePlace, home: Home) -> None:
        sha, branch = place.push(home, "Start"), place.forge.read_repository(home.id).default_branch
        found = place.forge.landed_commit(home.id, sha[:10], [branch])
        assert found is not None and found.sha == sha and found.author is not None
        assert found.author.id == place.person(OWNER)
        waiting = place.forge.read_pull_request(home.id, place.open_pull(home)).head_sha
        assert place.forge.landed_commit(home.id, waiting, [branch]) is None
