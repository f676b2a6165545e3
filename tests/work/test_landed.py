"""`/landed @author [commit]`: who may say it, of what, and what follows; and bots' pull requests named a person's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import CommentInfo, CommitInfo, ForgePerson, LinkSource, Permission
from bountyhub.projects.models import Repository
from bountyhub.work.errors import CommandRefused, NotADecider, OnAuthorSide
from bountyhub.work.models import Claim
from bountyhub.work.operations.commands import command
from bountyhub.work.operations.landed import Landed
from bountyhub.work.queries import claim_status
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    CLEO,
    DARA,
    EVE,
    REPOSITORY,
    World,
    assert_books_are_right,
    closed,
    comment,
    issue,
    later,
    merged,
    owed_shares,
    pull,
)  # fmt: skip

COMMIT = CommitInfo("c0ffee" + "0" * 34, "Export\n\nBy mail.", BO, url=f"{REPOSITORY.url}/commit/c0ffee")


def landed(
    world: World, author: ForgePerson = BO, commit: CommitInfo | None = COMMIT, *, by: ForgePerson = ANA,
    on: CommentInfo | None = None,
) -> str:  # fmt: skip
    with transaction() as session:
        repository = session.scalars(select(Repository).where(Repository.forge_id == REPOSITORY.id)).one()
        where = on or comment(by, 12, on_pull_request=False)
        return command(
            session, name="landed", argument="", comment=where, repository=repository,
            permission=world.permission(by), pull=None, known=Landed(author, commit),
        )  # fmt: skip


def only_claim(world: World) -> Claim:
    (claim,) = world.rows(Claim)
    assert isinstance(claim, Claim)
    return claim


@pytest.mark.usefixtures("database")
def test_a_change_that_landed_is_paid_to_its_author_after_seven_days() -> None:
    world = World.begin()
    world.pay()
    world.connect(BO)
    assert landed(world).startswith("Noted for bo. Objections are possible until ")
    claim = only_claim(world)
    assert (claim.state, claim.source, claim.title, claim.merge_shas) == (
        "window", LinkSource.LANDED, "Export", [COMMIT.sha],
    )  # fmt: skip
    assert (world.read_task().state, owed_shares(world)) == ("merged", [])
    assert "go to @bo" in world.step().text
    assert world.step().detail.startswith("The change by @bo was merged")
    later(7.1)
    world.sweep("work.sweep_windows")
    assert owed_shares(world) == [(5000, "payable")]
    assert_books_are_right()


def test_without_a_commit_the_deciders_word_counts(world: World) -> None:
    world.pay()
    landed(world, commit=None)
    assert only_claim(world).url.endswith("/issues/12")


def test_saying_it_again_is_refused_and_changes_nothing(world: World) -> None:
    world.pay()
    landed(world)
    with pytest.raises(CommandRefused, match="merged"):
        landed(world, DARA, None)
    assert only_claim(world).state == "window"


@pytest.mark.parametrize(("who", "permission"), [(CLEO, Permission.READ), (DARA, Permission.WRITE)])
def test_only_deciders_say_it(world: World, who: ForgePerson, permission: Permission) -> None:
    world.permissions[who.id] = permission
    with pytest.raises(NotADecider):
        landed(world, by=who)


def test_a_decider_names_neither_themselves_nor_a_change_they_had_a_part_in(world: World) -> None:
    with pytest.raises(OnAuthorSide):
        landed(world, ANA, None)
    with pytest.raises(OnAuthorSide):
        landed(world, commit=replace(COMMIT, co_author_ids=(ANA.id,)))
    assert world.rows(Claim) == []


def test_a_commit_by_somebody_else_is_refused_with_what_to_write(world: World) -> None:
    with pytest.raises(CommandRefused) as refusal:
        landed(world, DARA)
    assert (refusal.value.message, refusal.value.advice) == (
        "That commit is by @bo.", "Write `/landed @bo c0ffee0000`.",
    )  # fmt: skip


def test_a_co_author_or_the_author_of_a_commit_without_an_account_is_believed(world: World) -> None:
    landed(world, DARA, replace(COMMIT, co_author_ids=(DARA.id,)))
    assert only_claim(world).co_author_ids == [BO.id]


def test_a_bot_is_not_paid(world: World) -> None:
    with pytest.raises(CommandRefused, match="bot"):
        landed(world, BOT, None)


def test_an_issue_without_a_task_or_whose_task_is_over_is_refused(world: World) -> None:
    with pytest.raises(CommandRefused, match="no task"):
        landed(world, on=comment(ANA, 99, on_pull_request=False))


def test_it_waits_for_nothing_that_another_pull_request_does(world: World) -> None:
    world.pay()
    world.linked(author=DARA)
    landed(world)
    assert world.claim(40).state == "superseded"


def test_a_closed_pull_request_whose_change_was_pushed(world: World) -> None:
    world.pay()
    opened = world.linked()
    world.record(closed(opened))
    landed(world, on=comment(ANA, 40))
    assert world.claim().state == "window"


def test_another_author_than_the_pull_requests_is_refused(world: World) -> None:
    world.linked()
    with pytest.raises(CommandRefused) as refusal:
        landed(world, DARA, None, on=comment(ANA, 40))
    assert refusal.value.advice == "Write `/landed @bo`."


def test_a_merged_pull_request_is_confirmed_instead(world: World) -> None:
    world.record(merged(pull()))
    with pytest.raises(CommandRefused) as refusal:
        landed(world, on=comment(ANA, 40))
    assert refusal.value.advice == "Write `/confirm`."


# ---------------------------------------------------------------- a bot's pull request


def test_a_person_named_before_the_merge_is_shown_and_paid(world: World) -> None:
    world.pay()
    opened = world.linked(author=BOT)
    landed(world, commit=None, on=comment(ANA, 40))
    assert world.claim().shown_at is None
    with reading() as session:
        assert (
            claim_status(session, world.claim().id).title
            == "Merging this keeps 50 € of #12 for @bo until they connect a payout account"
        )
    world.show(world.claim())
    world.record(merged(opened))
    assert (world.claim().state, owed_shares(world)) == ("released", [(5000, "kept")])


@pytest.mark.parametrize(("busy", "uncounted"), [(BOT, ""), (BO, "too_many")])
def test_a_person_named_counts_it_among_their_own(world: World, busy: ForgePerson, uncounted: str) -> None:
    for number in (13, 14, 15):
        world.task(number)
        world.record(pull(number + 40, closes=(number,), author=busy))
    world.linked(author=BOT)
    landed(world, commit=None, on=comment(ANA, 40))
    [claim] = [one for one in world.rows(Claim) if one.pull_number == 40]
    assert claim.uncounted == uncounted


def test_who_was_named_does_not_decide_alone(world: World) -> None:
    world.pay()
    world.permissions[BO.id] = Permission.MAINTAIN
    opened = world.linked(author=BOT)
    landed(world, commit=None, on=comment(ANA, 40))
    world.show(world.claim())
    world.record(merged(opened, by=BO))
    assert world.claim().state == "window"


def test_a_person_named_after_the_merge_waits_seven_days(world: World) -> None:
    world.pay()
    world.record(merged(world.linked(author=BOT)))
    assert world.claim().state == "late"
    landed(world, commit=None, on=comment(ANA, 40))
    assert world.claim().state == "window"
    later(7.1)
    world.sweep("work.sweep_windows")
    assert owed_shares(world) == [(5000, "kept")]


def test_a_decider_does_not_name_themselves_for_a_bots_pull_request(world: World) -> None:
    world.record(merged(world.linked(author=BOT)))
    with pytest.raises(OnAuthorSide):
        landed(world, EVE, None, by=EVE, on=comment(EVE, 40))
    assert world.claim().state == "late"


def test_it_goes_on_when_the_issue_is_closed_afterwards(world: World) -> None:
    world.pay()
    landed(world)
    world.record_issue(issue(is_open=False))
    assert world.read_task().ends_at is None
