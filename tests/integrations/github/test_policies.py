"""The policy file on its way from GitHub's default branch into what holds, and what it changes there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bountyhub.kit.database import reading, transaction
from bountyhub.people.operations import actor_of_person, sign_in_with_forge
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import PolicyVersion
from bountyhub.projects.queries import paying_branches, permission_of
from bountyhub.projects.rules_policy import DEFAULTS, Policy
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from tests.integrations.github.hub import Hub

PATH = ".github/bountyhub.yml"


def write(hub: Hub, text: str | None, **given: str) -> None:
    hub.do("put_file", path=PATH, content=text, **given)


def policy(hub: Hub) -> Policy:
    return hub.repository().policy_now


def versions() -> list[PolicyVersion]:
    with reading() as session:
        return list(session.scalars(select(PolicyVersion).order_by(PolicyVersion.id)))


def tasks() -> list[tuple[int, str]]:
    with reading() as session:
        return [(task.issue_number, task.state) for task in session.scalars(select(Task).order_by(Task.id))]


def test_a_push_to_the_default_branch_puts_it_in_force_once(any_hub: Hub) -> None:
    write(any_hub, "windows: 14\n")
    assert policy(any_hub) == Policy(windows=14)
    any_hub.sweep("forge.reconcile_all")
    (kept,) = versions()
    assert any_hub.repository().policy_id == kept.id and len(kept.commit_sha) == 40


def test_without_a_file_the_defaults_hold_and_nothing_is_kept(hub: Hub) -> None:
    hub.sweep("forge.reconcile_all")
    assert (policy(hub), versions()) == (DEFAULTS, [])


def test_another_branch_or_an_unmerged_pull_request_changes_nothing(hub: Hub) -> None:
    write(hub, "windows: 14", branch="next")
    made = hub.do("propose_file", path=PATH, content="windows: 15", **{"as": "bo"})
    assert policy(hub) == DEFAULTS
    hub.do("merge", number=made["number"])
    assert policy(hub) == Policy(windows=15)


def test_a_mistake_leaves_the_last_valid_file_in_force(hub: Hub) -> None:
    write(hub, "windows: 14")
    write(hub, "windows: 14\nclaims: never\nwidows: 3")
    assert policy(hub) == Policy(windows=14)
    good, bad = versions()
    assert (hub.repository().policy_id, hub.repository().policy_read_id) == (good.id, bad.id)
    assert [(remark["line"], remark["key"], remark["wrong"]) for remark in bad.remarks] == [
        (2, "claims", True), (3, "widows", False),
    ]  # fmt: skip
    write(hub, "windows: 15")
    assert policy(hub) == Policy(windows=15)


def test_a_removed_file_brings_the_defaults_back(hub: Hub) -> None:
    write(hub, "windows: 14")
    write(hub, None)
    assert policy(hub) == DEFAULTS and versions()[-1].text is None


def test_what_no_webhook_told_is_found_by_reconciliation(hub: Hub) -> None:
    hub.github.do("put_file", repo="ana/inkwell", path=PATH, content="windows: 14")
    hub.lose_deliveries()
    hub.sweep("forge.reconcile_all")
    assert policy(hub) == Policy(windows=14)


def test_it_is_read_when_the_app_is_installed(hub: Hub) -> None:
    hub.github.do("put_file", repo="ana/pinsel", path=PATH, content="windows: 14")
    hub.install("ana", "ana/inkwell", "ana/pinsel")
    assert hub.repository("ana/pinsel").policy_now == Policy(windows=14)


def test_an_old_reading_never_wins(hub: Hub) -> None:
    write(hub, "windows: 14")
    for _ in range(3):
        hub.ask("forge.read_policy", repository=hub.repository().forge_id)
    assert len(versions()) == 1


@pytest.mark.parametrize("text", ["a: \x00", "#" * 20_000, "[" * 9_000])
def test_no_file_is_too_odd_to_be_kept(any_hub: Hub, text: str) -> None:
    hub = any_hub
    write(hub, text)
    assert (policy(hub), versions()[-1].terms) == (DEFAULTS, None)


def test_no_cancels_what_nobody_works_on_and_gives_notice_to_the_rest(hub: Hub) -> None:
    alone, worked_on = hub.open_task(1), hub.open_task(2)
    hub.fund(worked_on)
    hub.pull("Fixes #2")
    hub.deliver()
    write(hub, "bounties: no")
    assert (hub.task(alone).state, hub.task(alone).ends_reason) == ("cancelled", "policy_no")
    assert (hub.task(worked_on).state, hub.task(worked_on).ends_reason) == ("open", "policy_no")
    assert not hub.status(worked_on).takes_money
    assert "policy file" in hub.status(worked_on).next_step.detail
    write(hub, "bounties: yes")
    assert hub.task(worked_on).ends_at is None and hub.status(worked_on).takes_money
    assert hub.task(alone).state == "cancelled"


def test_branches_unite_with_the_projects_own(hub: Hub) -> None:
    task = hub.open_task()
    hub.pull(base="next")
    hub.deliver()
    (claim,) = hub.claims(task)
    assert not claim.base_counts
    write(hub, "branches: [next]")
    (claim,) = hub.claims(task)
    assert claim.base_counts
    with reading() as session:
        assert paying_branches(session, hub.repository()) == ["main", "next"]


def test_labels_make_tasks_of_issues_now_and_later(hub: Hub) -> None:
    hub.do("label", number=1, name="bounty")
    write(hub, "labels: [Bounty]")
    assert tasks() == [(1, "open")]
    hub.do("label", number=2, name="bounty")
    hub.do("label", number=3, name="bug")
    assert tasks() == [(1, "open"), (2, "open")]
    hub.do("unlabel", number=1, name="bounty")
    assert tasks() == [(1, "open"), (2, "open")]


def test_a_label_opens_nothing_again_that_somebody_ended(hub: Hub) -> None:
    write(hub, "labels: [bounty]")
    hub.do("label", number=1, name="bounty")
    write(hub, "labels: [bounty]\nbounties: no")
    write(hub, "labels: [bounty]")
    assert tasks() == [(1, "cancelled")]


def test_deciders_decide_and_are_known_by_number(hub: Hub) -> None:
    task = hub.open_task()
    write(hub, "deciders: [cleo]")
    cleo = hub.person("cleo")
    hub.pull()
    hub.deliver()
    hub.comment(hub.claims(task)[0].pull_number, "/unlink", by="cleo")
    assert hub.claims(task)[0].state == "unlinked"
    hub.github.do("rename_person", login="cleo", to="cleopatra")
    hub.github.do("create_person", login="cleo")
    write(hub, "deciders: [cleo]\nwindows: 9")
    assert versions()[-1].deciders == [[cleo.id, "cleo"]]


def test_a_decider_who_is_not_there_is_a_mistake(hub: Hub) -> None:
    write(hub, "windows: 9\ndeciders:\n - ana\n - nobody-at-all\n")
    assert policy(hub) == DEFAULTS
    (remark,) = versions()[-1].remarks
    assert (remark["line"], remark["key"]) == (4, "deciders") and "@nobody-at-all" in remark["text"]


def test_who_is_named_no_more_decides_no_more(hub: Hub) -> None:
    hub.open_task()
    write(hub, "deciders: [cleo]")
    write(hub, "windows: 9")
    hub.pull()
    hub.deliver()
    (claim,) = hub.claims()
    hub.comment(claim.pull_number, "/unlink", by="cleo")
    assert hub.claims()[0].state == "linked"


def test_languages_are_stronger_than_the_bots_page(hub: Hub) -> None:
    task = hub.open_task()
    hub.fund(task)
    write(hub, "languages: [de]")
    assert hub.status(task).languages == ("de",)
    assert "gehalten" in hub.said(1)[0] or "Geld" in hub.said(1)[0]
    write(hub, None)
    assert hub.status(task).languages == ("en",)


def test_nobody_is_a_decider_before_they_are_named(hub: Hub) -> None:
    hub.fund(hub.open_task())
    with reading() as session:
        assert permission_of(session, hub.repository().id, 2) < 4


def test_labels_make_no_tasks_in_a_pause_and_all_of_them_after_it(hub: Hub) -> None:
    write(hub, "labels: [bounty]\n")
    with transaction() as session:
        ana = actor_of_person(session, sign_in_with_forge(session, hub.person("ana"), None))
        work.pause_project(session, hub.repository().project_id, ana, Permission.ADMIN, "We release first.", "")
    hub.do("label", number=1, name="bounty")
    assert tasks() == []
    with transaction() as session:
        work.resume_project(session, hub.repository().project_id, ana, Permission.ADMIN)
    hub.work()
    assert (1, "open") in tasks()
