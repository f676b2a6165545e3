"""The check run "bountyhub policy": what merging a changed policy file would do, in words, and never in the way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bountyhub.bot.policy_texts import NAME, check
from bountyhub.kit.database import reading, transaction
from bountyhub.projects.models import PolicyCheck
from bountyhub.projects.policy_file import parse
from bountyhub.projects.rules_policy import DEFAULTS
from tests.integrations.github.hub import Hub

PATH = ".github/bountyhub.yml"


def propose(hub: Hub, text: str | None, **given: Any) -> dict[str, Any]:
    return hub.do("propose_file", path=PATH, content=text, **{"as": "bo"} | given)


def shown(hub: Hub, sha: str) -> list[tuple[str, str]]:
    """(conclusion, title) of each of our check runs on a head."""
    found = [run for run in hub.checks(sha) if run["name"] == NAME]
    return [(run["conclusion"], run["output"]["title"]) for run in found]


def kept() -> list[PolicyCheck]:
    with reading() as session:
        return list(session.scalars(select(PolicyCheck)))


@pytest.mark.parametrize("tasks", [0, 1])
def test_what_would_change_is_said_once_for_each_head(hub: Hub, tasks: int) -> None:
    for number in range(tasks):
        hub.open_task(number + 1)
    made = propose(hub, "windows: 14")
    assert shown(hub, made["head_sha"]) == [("neutral", "Merging this changes windows")]
    again = propose(hub, "windows: 2\nclaims: x", number=made["number"])
    assert shown(hub, again["head_sha"]) == [("neutral", f"2 mistakes in {PATH}: merging it would change nothing")]


def test_a_pull_request_that_changes_something_else_has_none(hub: Hub) -> None:
    number = hub.pull("No issue")
    hub.deliver()
    head = hub.github.do("push", repo="ana/inkwell", number=number)["head_sha"]
    hub.deliver()
    assert (shown(hub, head), kept()) == ([], [])


def test_a_file_that_says_what_holds_changes_nothing(hub: Hub) -> None:
    made = propose(hub, "# nothing\n")
    assert shown(hub, made["head_sha"]) == [("neutral", "The file is right, and merging it changes nothing")]


def test_it_says_something_else_once_the_policy_changed(hub: Hub) -> None:
    hub.open_task()
    made = propose(hub, "windows: 14")
    hub.do("put_file", path=PATH, content="windows: 14")
    assert shown(hub, made["head_sha"]) == [("neutral", "The file is right, and merging it changes nothing")]
    hub.do("close", number=made["number"])
    hub.do("put_file", path=PATH, content="windows: 15")
    assert kept() == []


def test_a_lost_answer_makes_no_second_one(hub: Hub) -> None:
    made = propose(hub, "windows: 14")
    with transaction() as session:
        row = session.scalars(select(PolicyCheck)).one()
        row.head_sha, row.check_run_id = "", None
    hub.ask("forge.check_policy", repository=hub.repository().forge_id, number=made["number"])
    assert len(shown(hub, made["head_sha"])) == 1


def test_another_base_than_the_default_branch_is_nobodys_business(hub: Hub) -> None:
    made = propose(hub, "windows: 14")
    hub.do("edit_pull_request", number=made["number"], base="next")
    hub.ask("forge.check_policy", repository=hub.repository().forge_id, number=made["number"])
    assert kept() == []


def test_it_is_merged_whatever_the_check_says(hub: Hub) -> None:
    made = propose(hub, "windows: 2")
    assert hub.do("merge", number=made["number"])["merged"]
    assert hub.repository().policy_now == DEFAULTS


def test_the_words_are_text_and_say_what_no_means() -> None:
    said = check(
        "a" * 40, DEFAULTS, parse("bounties: no\nlabels: ['*x* <b>']\nwidows: 3"), "https://x.test/policy-file"
    )
    assert said.title == "Merging this changes bounties, labels"
    assert r"`labels`: any issue → **\*x\* \<b\>**" in said.summary
    assert "new money stops at once" in said.summary and "did you mean “windows”?" in said.summary
    wrong = check("a" * 40, DEFAULTS, parse("deciders: ['[x](y)']"), "https://x.test/policy-file")
    assert r"Line 1, deciders: “\[x\](y)” is no account's name." in wrong.summary
    assert wrong.title == f"1 mistake in {PATH}: merging it would change nothing"
