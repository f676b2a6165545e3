"""Branches besides the default one whose merges pay: who lists them, and what a merge anywhere else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import ForgePerson, Permission, PullRequestInfo
from bountyhub.projects.errors import BranchesRefused
from bountyhub.projects.models import Project
from bountyhub.projects.rules import branch_names
from bountyhub.work import operations as work
from bountyhub.work.errors import NotADecider
from bountyhub.work.queries import claim_status
from tests.builders.world import ANA, BO, DARA, World, merged, owed_shares, pull


def listed(world: World, text: str, by: ForgePerson = ANA) -> None:
    with transaction() as session:
        project = world.rows(Project)[0]
        work.list_branches(session, project.id, world.actor(by), world.permission(by), text)


def title(world: World) -> str:
    with reading() as session:
        return claim_status(session, world.claim().id).title


def summary(world: World) -> str:
    with reading() as session:
        return claim_status(session, world.claim().id).summary


def into(branch: str, **changes: Any) -> PullRequestInfo:
    return pull(base=branch, base_is_default=branch == "main", **changes)


def test_a_merge_into_a_listed_branch_pays(world: World) -> None:
    world.pay()
    listed(world, "stable\n2.x")
    world.record(into("stable"))
    world.show(world.claim())
    world.record(merged(into("stable")))
    assert (world.claim().state, owed_shares(world)) == ("released", [(5000, "kept")])


def test_a_merge_into_any_other_branch_releases_nothing_and_says_so(world: World) -> None:
    world.pay()
    listed(world, "stable")
    world.record(into("next"))
    assert title(world) == "Merging this into next pays nothing for #12"
    assert "`main`, `stable`" in summary(world)
    world.show(world.claim())
    world.record(merged(into("next")))
    assert (world.claim().state, world.read_task().state, owed_shares(world)) == ("closed", "open", [])
    assert title(world) == "A merge into next pays nothing for #12"
    assert "`main`, `stable`" in summary(world)


@pytest.mark.parametrize(("before", "after", "state"), [("next", "stable", "released"), ("stable", "next", "closed")])
def test_what_counts_is_the_branch_it_was_merged_into(world: World, before: str, after: str, state: str) -> None:
    world.pay()
    listed(world, "stable")
    world.record(into(before))
    world.show(world.claim())
    world.record(into(after))
    world.record(merged(into(after)))
    assert world.claim().state == state


def test_linked_pull_requests_are_read_again_once_when_the_list_changes(world: World) -> None:
    world.record(into("next"))
    listed(world, "next")
    listed(world, "next")
    assert len(world.jobs("forge.read_pull")) == 1
    world.record(into("next"))
    assert world.claim().base_counts


def test_what_was_merged_before_its_branch_was_listed_waits_for_a_decider(world: World) -> None:
    world.pay()
    world.record(into("next"))
    world.show(world.claim())
    done = merged(into("next"))
    world.record(done)
    listed(world, "next")
    world.record(done)
    assert (world.claim().state, owed_shares(world)) == ("late", [])


def test_a_branch_taken_off_the_list_pays_no_more(world: World) -> None:
    world.pay()
    listed(world, "next")
    world.record(into("next"))
    world.show(world.claim())
    listed(world, "")
    world.record(merged(into("next")))
    assert world.claim().state == "closed"


def test_the_default_branch_pays_whatever_it_is_called(world: World) -> None:
    world.pay()
    opened = replace(pull(), base="trunk", base_is_default=True)
    world.record(opened)
    world.show(world.claim())
    world.record(merged(opened))
    assert world.claim().state == "released"


@pytest.mark.parametrize(("who", "permission"), [(BO, Permission.WRITE), (DARA, Permission.READ)])
def test_only_deciders_list_branches(world: World, who: ForgePerson, permission: Permission) -> None:
    world.permissions[who.id] = permission
    with pytest.raises(NotADecider):
        listed(world, "stable", by=who)


def test_the_change_is_in_the_audit_trail(world: World) -> None:
    listed(world, "stable")
    assert "branches_listed" in world.actions("project")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("\n \n", []),
        ("stable", ["stable"]),
        ("stable, 2.x\r\nrelease/2025 ", ["stable", "2.x", "release/2025"]),
        ("stable\nstable", ["stable"]),
        ("Stable", ["Stable"]),
    ],
)
def test_names_of_branches(text: str, names: list[str]) -> None:
    assert branch_names(text) == names


@pytest.mark.parametrize(
    "text",
    ["release/*", "a b", "a..b", "-x", "/x", "x/", ".x", "x.lock", "a~1", "a^", "a:b", "a?", "a[b", "a\\b", "@",
     "a@{1}", "x" * 201, "\n".join(str(n) for n in range(21))],
)  # fmt: skip
def test_what_is_no_branch_is_refused_with_what_to_write(world: World, text: str) -> None:
    with pytest.raises(BranchesRefused):
        listed(world, text)
