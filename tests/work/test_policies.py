"""What a policy file changes, and what it never changes: the terms of money that is held."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bountyhub.events.models import AuditEvent
from bountyhub.funding import operations as funding
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.kit.money import Money
from bountyhub.ports.forge import Permission
from bountyhub.projects import policies
from bountyhub.projects.models import PolicyVersion, Repository
from bountyhub.projects.queries import repository
from bountyhub.projects.rules_policy import DEFAULTS, Policy
from bountyhub.tasks.errors import PolicyRefuses
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.models import Claim
from tests.builders.at_once import at_once
from tests.builders.policing import found, put, record
from tests.builders.world import (
    ANA,
    BO,
    CLEO,
    DARA,
    World,
    assert_books_are_right,
    issue,
    later,
    merged,
    owed_shares,
    paid,
)


def standing(world: World) -> tuple[str, str | None]:
    task = world.read_task()
    return str(task.state), str(task.ends_reason) if task.ends_reason else None


def window(world: World) -> timedelta:
    """How long people may object to Bo's own merge."""
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    claim: Claim = world.claim()
    assert claim.window_until is not None and claim.merged_at is not None
    return round((claim.window_until - claim.merged_at) / timedelta(days=1)) * timedelta(days=1)


# ---------------------------------------------------------------- windows


def test_a_longer_window_holds_for_money_that_comes_from_now_on(world: World) -> None:
    put(world, "windows: 14")
    world.pay()
    world.connect(BO)
    world.linked()
    assert "after up to 14 days" in world.step().detail
    assert window(world) == timedelta(days=14)


def test_a_longer_window_never_holds_for_money_that_came_before(world: World) -> None:
    world.pay()
    put(world, "windows: 14")
    assert window(world) == timedelta(days=7)


def test_a_shorter_window_never_holds_for_money_that_came_under_a_longer_one(world: World) -> None:
    put(world, "windows: 21")
    world.pay()
    put(world, None)
    world.pay(by=DARA)
    assert window(world) == timedelta(days=21)


def test_money_under_a_longer_window_that_was_taken_back_lengthens_nothing(world: World) -> None:
    world.pay()
    put(world, "windows: 21")
    longer = world.pay(by=DARA)
    with transaction() as session:
        work.withdraw(session, longer.id, world.actor(DARA))
    assert window(world) == timedelta(days=7)


def test_a_file_with_a_mistake_changes_no_terms(world: World) -> None:
    put(world, "windows: 14")
    put(world, "windows: 3")
    assert world.pay().policy_id == world.rows(PolicyVersion)[0].id


def test_moved_money_comes_under_the_terms_of_its_new_task(world: World) -> None:
    mine = world.pay()
    put(world, "windows: 14")
    target = world.task(13)
    with transaction() as session:
        moved = work.move(session, mine.id, target, world.actor(CLEO))
    assert (mine.policy_id, moved.policy_id) == (None, world.rows(PolicyVersion)[0].id)


def test_a_window_that_runs_keeps_its_end(world: World) -> None:
    world.pay()
    window(world)
    before = world.claim().window_until
    put(world, "windows: 30")
    assert world.claim().window_until == before


TEXTS = ("windows: 14", "windows: 30\nmaintainers_cut: 10", "maintainers_cut: 20", "windows: 2", "bounties: yes", None)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*TEXTS, "pay"]), min_size=1, max_size=7))
def test_no_change_of_the_file_changes_the_terms_of_money_that_is_held(sqlite: str, steps: list[str | None]) -> None:
    """Whatever comes after: each contribution keeps the version it came under, and versions never change."""
    assert sqlite
    world = World.begin()
    kept: dict[int, tuple[int | None, Policy]] = {}
    for step in steps:
        if step == "pay":
            mine = world.pay()
            kept[mine.id] = (mine.policy_id, terms(world, mine))
        else:
            put(world, step)
        for id, before in kept.items():
            now = world.contribution(id)
            assert (now.policy_id, terms(world, now)) == before


def terms(world: World, contribution: Contribution) -> Policy:
    """As its version says, which its own columns repeat."""
    with reading() as session:
        version = policies.version(session, contribution.policy_id)
        policy = DEFAULTS if version is None or version.policy is None else version.policy
    assert contribution.window_days == policy.windows
    return policy


# ---------------------------------------------------------------- no, and yes again


def test_no_sends_everything_back_at_once(world: World) -> None:
    world.pay()
    put(world, "bounties: no")
    assert (standing(world), world.send_refunds()) == (("cancelled", "policy_no"), 5275)
    assert world.step().detail.startswith("The project’s policy file says")
    assert_books_are_right()


def test_no_ends_wanted_tasks_too_and_makes_no_new_ones(world: World) -> None:
    wanted = world.task(14, opened=False)
    put(world, "bounties: no")
    assert world.read_task(wanted).state == "cancelled"
    for opened in (True, False):
        with pytest.raises(PolicyRefuses):
            world.task(15, opened=opened)


def test_with_a_ready_pull_request_the_merge_still_pays(world: World) -> None:
    world.pay()
    opened = world.linked()
    put(world, "bounties: no")
    assert standing(world) == ("open", "policy_no")
    with pytest.raises(DomainError):
        world.order()
    world.record(merged(opened))
    assert owed_shares(world) == [(5000, "kept")]


def test_the_notice_ends_after_fourteen_days(world: World) -> None:
    world.pay()
    world.linked()
    put(world, "bounties: no")
    later(14.1)
    with transaction() as session:
        work.end_due(session, world.task_id)
    assert standing(world) == ("cancelled", "policy_no")


def test_yes_takes_the_end_back_and_no_other_reason(world: World) -> None:
    world.linked()
    put(world, "bounties: no")
    world.record_issue(issue(is_open=False))
    put(world, "bounties: yes")
    assert standing(world) == ("open", "issue_closed")
    world.record_issue(issue())
    assert standing(world) == ("open", None)


def test_an_issue_reopened_does_not_undo_a_no(world: World) -> None:
    world.linked()
    world.record_issue(issue(is_open=False))
    put(world, "bounties: no")
    world.record_issue(issue())
    assert standing(world) == ("open", "policy_no")


def test_said_twice_it_happens_once(world: World) -> None:
    world.linked()
    said = found("bounties: no")
    for _ in range(2):
        with transaction() as session:
            work.record_policy(session, world.repository_id, said)
    done = [event.action for event in world.rows(AuditEvent)]
    assert (done.count("policy_read"), done.count("task_end_announced")) == (1, 1)


def test_a_no_and_a_captured_payment(postgresql: str) -> None:
    assert postgresql
    world = World.begin()
    ref = world.order(5000)
    checkout = paid(ref, Money(5275, "EUR"))
    at_once(
        lambda s: record(s, world, "bounties: no"),
        lambda s: funding.record_checkout(s, ref, checkout),
    )
    assert [refund.total for refund in world.rows(Refund)] == [5275]
    assert world.read_task().state == "cancelled"
    assert_books_are_right()


def test_a_change_and_a_captured_payment(postgresql: str) -> None:
    """Whichever is first, the contribution names a version that was in force, and keeps it."""
    assert postgresql
    world = World.begin()
    ref = world.order(5000)
    at_once(
        lambda s: record(s, world, "windows: 14"),
        lambda s: funding.record_checkout(s, ref, paid(ref, Money(5275, "EUR"))),
    )
    (mine,), (version,) = world.rows(Contribution), world.rows(PolicyVersion)
    assert mine.policy_id in (None, version.id)
    assert window(world) == timedelta(days=14 if mine.policy_id else 7)


def test_a_no_and_a_new_task(postgresql: str) -> None:
    assert postgresql
    world = World.begin()
    at_once(
        lambda s: record(s, world, "bounties: no"),
        lambda s: create_task(s, repository(s, world.repository_id), issue(15), world.actor(ANA), opened=True),
    )
    with reading() as session:
        assert not session.get_one(Repository, world.repository_id).policy_now.bounties
    for id in range(1, 3):
        with reading() as session:
            task = session.get(type(world.read_task()), id)
        assert task is None or task.state == "cancelled"
