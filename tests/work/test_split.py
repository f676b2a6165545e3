"""`/split`: by the author, before the merge; who is paid, who may decide, and what happens at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from bountyhub.kit.database import reading, transaction
from bountyhub.kit.errors import DomainError
from bountyhub.notifications.models import OutgoingMail
from bountyhub.people.queries import identity_ids
from bountyhub.ports.forge import ForgePerson, Permission, PullRequestInfo
from bountyhub.projects.queries import repository
from bountyhub.work import operations as work
from bountyhub.work.errors import CommandRefused, OnAuthorSide
from bountyhub.work.models import Claim
from bountyhub.work.operations.commands import command
from bountyhub.work.operations.splits import Split
from bountyhub.work.queries import claim_status
from tests.builders.at_once import at_once
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    DARA,
    EVE,
    World,
    assert_books_are_right,
    comment,
    commit_by,
    later,
    merged,
    owed_shares,
    pull,
)

FRANK = ForgePerson(199, "frank")
Parts = tuple[tuple[ForgePerson, int], ...]
SEVENTY: Parts = ((DARA, 70), (BO, 30))


def saying(
    world: World, parts: Parts = SEVENTY, by: ForgePerson = BO, on: PullRequestInfo | None = None
) -> Callable[[Session], str]:  # fmt: skip
    def do(session: Session) -> str:
        here = repository(session, world.repository_id)
        return command(
            session, name="split", argument="", comment=comment(by), repository=here, permission=Permission.READ,
            pull=on or pull(), known=Split(parts),
        )  # fmt: skip

    return do


def say(world: World, parts: Parts = SEVENTY, by: ForgePerson = BO, on: PullRequestInfo | None = None) -> str:
    with transaction() as session:
        return saying(world, parts, by, on)(session)


def titles(world: World) -> Iterator[str]:
    with reading() as session:
        status = claim_status(session, world.claim().id)
    yield status.title
    yield status.next_step.text


def test_a_merge_pays_by_the_split(world: World) -> None:
    world.pay(1001)
    world.connect(BO)
    opened = world.linked()
    assert say(world) == ""
    assert list(titles(world)) == [
        "Merging this releases 10.01 € of #12: 70 % to @dara, 30 % to @bo",
        "When a maintainer merges #40, 10.01 € go to @dara (70 %) and @bo (30 %).",
    ]
    world.record(merged(opened))
    assert world.claim().state == "released"
    assert sorted(owed_shares(world)) == [(300, "payable"), (701, "kept")]
    assert_books_are_right()


def test_somebody_without_an_account_here_is_paid_too(world: World) -> None:
    world.pay(1000)
    opened = world.linked()
    say(world, ((FRANK, 100),))
    world.record(merged(opened))
    assert owed_shares(world) == [(1000, "kept")]
    assert "frank" in next(titles(world))


def test_who_is_not_payable_is_said_on_the_check_run(world: World) -> None:
    world.pay()
    world.connect(BO)
    world.linked()
    say(world)
    with reading() as session:
        assert "@dara has not connected a payout account yet" in claim_status(session, world.claim().id).summary
    world.drain("forge.", "work.payee")
    world.connect(DARA)
    world.drain("work.payee")
    assert world.jobs("forge.sync_check")


def test_a_newer_one_takes_its_place_and_the_same_changes_nothing(world: World) -> None:
    world.linked()
    say(world)
    first = world.claim().split_at
    later(1)
    say(world)
    assert world.claim().split_at == first
    say(world, ((EVE, 50), (BO, 50)))
    assert sorted(world.claim().split.values()) == [50, 50]
    assert world.actions("claim").count("claim_split") == 2


def test_who_is_named_is_told_once(world: World) -> None:
    world.linked()
    say(world)
    say(world, ((DARA, 70), (EVE, 20), (BO, 10)))
    world.drain("notify.named")
    told = [(mail.to, mail.subject[:4]) for mail in world.rows(OutgoingMail) if mail.key.startswith("split:")]
    assert sorted(told) == [("dara@example.org", "70 %"), ("eve@example.org", "20 %")]


@pytest.mark.parametrize(("parts", "says"), [
    (((DARA, 70), (BOT, 30)), "bot"), (((DARA, 70), (replace(DARA, login="dora"), 30)), "one person"),
    (((DARA, 70), (BO, 20)), "90 percent"), (tuple((ForgePerson(n, f"p{n}"), 9) for n in range(200, 211)), "11 people"),
    (((ForgePerson(0, "ghost"), 100),), "bot"),
])  # fmt: skip
def test_what_is_no_split(world: World, parts: Parts, says: str) -> None:
    world.linked()
    with pytest.raises(CommandRefused, match=says):
        say(world, parts)
    assert world.claim().split == {}


@pytest.mark.parametrize("who", [ANA, DARA, EVE, FRANK])
def test_nobody_but_the_author_splits(world: World, who: ForgePerson) -> None:
    world.linked()
    with pytest.raises(CommandRefused, match="Only the author"):
        say(world, by=who)


def test_it_needs_a_pull_request_that_stands_for_a_task(world: World) -> None:
    with pytest.raises(CommandRefused, match="stands for no task"):
        say(world)
    with pytest.raises(CommandRefused, match="belongs on a pull request"), transaction() as session:
        command(
            session, name="split", argument="", comment=comment(BO, 12, on_pull_request=False), pull=None,
            repository=repository(session, world.repository_id), permission=Permission.READ, known=Split(SEVENTY),
        )  # fmt: skip


def test_after_the_merge_it_is_too_late(world: World) -> None:
    world.pay()
    done = merged(world.linked())
    with pytest.raises(CommandRefused, match="It was merged"):
        say(world, on=done)
    world.record(done)
    with pytest.raises(CommandRefused, match="It was merged"):  # read a moment before
        say(world)
    assert owed_shares(world) == [(5000, "kept")]


def test_one_that_came_after_a_merge_we_had_not_heard_of_waits_for_a_decider(world: World) -> None:
    world.pay()
    done = merged(world.linked())
    later(0.01)
    say(world)
    world.record(done)
    assert world.claim().state == "late"


def test_several_tasks_of_one_pull_request_are_split_alike_also_later_ones(world: World) -> None:
    second, third = world.task(13), world.task(14)
    both = pull(closes=(12, 13))
    world.record(both)
    say(world, on=both)
    world.record(replace(both, closes=pull(closes=(12, 13, 14)).closes))
    splits = {claim.task_id: claim.split for claim in world.rows(Claim)}
    assert splits[world.task_id] and splits == dict.fromkeys((world.task_id, second, third), splits[world.task_id])


def test_it_stands_when_the_pull_request_is_closed_and_opened_again(world: World) -> None:
    world.record(pull())
    say(world)
    world.record(replace(pull(), is_open=False), pull())
    assert (world.claim().state, len(world.claim().split)) == ("linked", 2)


# ---------------------------------------------------------------- co-authors, and who is on the author side


def test_co_authors_have_no_window_once_it_is_split(world: World) -> None:
    world.pay()
    world.linked()
    opened = pull(commits=(commit_by(BO), commit_by(DARA)))
    world.record(opened)
    say(world, on=opened)
    world.record(merged(opened))
    assert world.claim().state == "released"


def test_without_a_split_they_have(world: World) -> None:
    world.pay()
    world.linked()
    opened = pull(commits=(commit_by(BO), commit_by(DARA)))
    world.record(opened, merged(opened))
    assert world.claim().state == "window"


@pytest.mark.parametrize(("by", "state"), [(ANA, "window"), (EVE, "released")])
def test_a_merge_by_somebody_who_is_paid_is_not_independent(world: World, by: ForgePerson, state: str) -> None:
    world.pay()
    opened = world.linked()
    say(world, ((ANA, 10), (BO, 90)))
    world.record(merged(opened, by=by))
    assert world.claim().state == state


def test_who_is_paid_decides_nothing_about_it(world: World) -> None:
    world.pay()
    opened = world.linked()
    say(world, ((ANA, 10), (BO, 90)))
    world.record(merged(opened, by=ANA))
    claim = world.claim().id
    for verb in (work.unlink_claim, work.confirm_claim):
        with pytest.raises(OnAuthorSide), transaction() as session:
            verb(session, claim, world.actor(ANA), Permission.ADMIN)
    with pytest.raises(OnAuthorSide), transaction() as session:
        work.object_to_claim(session, claim, world.actor(ANA), Permission.ADMIN, "No.")
    with transaction() as session:
        work.unlink_claim(session, claim, world.actor(EVE), Permission.MAINTAIN)


# ---------------------------------------------------------------- at the same moment


@pytest.mark.usefixtures("postgresql")
@pytest.mark.parametrize("order", [1, -1])
def test_a_split_and_a_merge_at_once(order: int) -> None:
    world = World.begin()
    world.pay(1000)
    opened = world.linked()
    done = merged(opened)
    results = at_once(*[saying(world), lambda s: work.record_pull_request(s, done, world.permissions)][::order])
    refused = [result for result in results if isinstance(result, DomainError)]
    with reading() as session:
        bo = identity_ids(session, world.persons["bo"].id)
    assert owed_shares(world) == ([(1000, "kept")] if refused else [(300, "kept"), (700, "kept")])
    assert bo and world.claim().state == "released"
    assert_books_are_right()


@pytest.mark.usefixtures("postgresql")
def test_two_splits_at_once() -> None:
    world = World.begin()
    world.linked()
    at_once(saying(world), saying(world, ((EVE, 100),)))
    assert sorted(world.claim().split.values()) in ([30, 70], [100])
