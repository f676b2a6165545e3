"""Commands in comments: who may write which, what they answer, what they refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bountyhub.kit.database import transaction
from bountyhub.kit.errors import DomainError
from bountyhub.ports.forge import CommentInfo, ForgePerson, LinkSource, Permission, PullRequestInfo
from bountyhub.projects.models import Repository
from bountyhub.work.errors import CommandRefused, NotADecider
from bountyhub.work.models import Objection
from bountyhub.work.operations.commands import HELP, command
from tests.builders.world import BO, CLEO, DARA, EVE, REPOSITORY, World, closed, comment, merged, pull


def say(
    world: World, name: str, argument: str = "", *, by: ForgePerson = BO, on: CommentInfo | None = None,
    pull_request: PullRequestInfo | None = None,
) -> str:  # fmt: skip
    with transaction() as session:
        repository = session.scalars(select(Repository).where(Repository.forge_id == REPOSITORY.id)).one()
        return command(
            session, name=name, argument=argument, comment=on or comment(by), repository=repository,
            permission=world.permission(by), pull=pull_request,
        )  # fmt: skip


def silent(**changes: Any) -> PullRequestInfo:
    """A pull request that names no issue."""
    return replace(pull(closes=()), **changes)


def test_the_author_claims_an_issue_the_text_does_not_name(world: World) -> None:
    assert say(world, "claim", "#12", pull_request=silent()) == "This pull request stands for #12 now."
    assert (world.claim().state, world.claim().source) == ("linked", LinkSource.COMMAND)
    assert world.jobs("forge.read_pull") == [{"repository": REPOSITORY.id, "number": 40}]


def test_what_was_claimed_stays_linked_although_the_text_does_not_say_so(world: World) -> None:
    world.pay()
    say(world, "claim", "12", pull_request=silent())
    world.record(silent())
    world.show(world.claim())
    world.record(merged(silent()))
    assert world.claim().state == "released"


def test_a_claim_without_a_number_means_the_one_issue_named(world: World) -> None:
    assert say(world, "claim", pull_request=pull()) == "This pull request stands for #12 now."


@pytest.mark.parametrize("closes", [(), (12, 13)])
def test_a_claim_that_could_mean_anything_is_asked_back(world: World, closes: tuple[int, ...]) -> None:
    with pytest.raises(CommandRefused, match="Which issue"):
        say(world, "claim", pull_request=pull(closes=closes))


def test_nobody_claims_with_somebody_elses_pull_request(world: World) -> None:
    with pytest.raises(CommandRefused, match="Only the author"):
        say(world, "claim", "#12", by=DARA, pull_request=silent())


@pytest.mark.parametrize(("pull_request", "says"), [
    (None, "belongs on a pull request"),
    (closed(silent()), "is closed"),
    (replace(silent(), is_open=False, merged=True, base="next", base_is_default=False), "“next”"),
])  # fmt: skip
def test_a_claim_needs_a_pull_request_that_can_be_paid(
    world: World, pull_request: PullRequestInfo | None, says: str
) -> None:
    with pytest.raises(CommandRefused, match=says):
        say(world, "claim", "#12", pull_request=pull_request)


@pytest.mark.parametrize("number", ["#99", "0", "99999999999"])
def test_a_claim_of_an_issue_without_a_task_is_refused(world: World, number: str) -> None:
    with pytest.raises(CommandRefused):
        say(world, "claim", number, pull_request=silent())


def test_a_claim_after_the_merge_waits_for_a_decider(world: World) -> None:
    world.pay()
    done = merged(silent())
    say(world, "claim", "#12", pull_request=done)
    world.record(done)
    assert world.claim().state == "late"


def test_a_claim_does_not_bring_back_what_a_decider_cut(world: World) -> None:
    world.linked()
    say(world, "unlink", by=EVE)
    with pytest.raises(DomainError, match="cut this link"):
        say(world, "claim", "#12", pull_request=pull())


def test_a_decider_confirms_by_comment_on_either_page(world: World) -> None:
    world.record(merged(pull()))
    assert "until" in say(world, "confirm", on=comment(EVE, 12, on_pull_request=False), by=EVE)
    assert say(world, "confirm", by=EVE)
    assert world.claim().state == "window"


def test_a_stranger_confirms_and_cuts_nothing(world: World) -> None:
    world.record(merged(pull()))
    for name in ("confirm", "unlink"):
        with pytest.raises(NotADecider):
            say(world, name, by=DARA)


def test_a_backer_objects_by_comment_with_a_reason(world: World) -> None:
    world.pay(by=CLEO)
    world.permissions[BO.id] = Permission.ADMIN
    world.record(merged(world.linked(), by=BO))
    say(world, "object", "It deletes my notes.", by=CLEO)
    assert [o.reason for o in world.rows(Objection)] == ["It deletes my notes."]


def test_a_command_about_nothing_is_refused(world: World) -> None:
    with pytest.raises(CommandRefused, match="no claim here"):
        say(world, "confirm", by=EVE)


def test_a_command_that_could_mean_two_claims_is_asked_back(world: World) -> None:
    world.record(pull(40), pull(41, author=DARA))
    on_issue = comment(EVE, 12, on_pull_request=False)
    with pytest.raises(CommandRefused, match="More than one"):
        say(world, "unlink", on=on_issue, by=EVE)
    assert say(world, "unlink", "#41", on=on_issue, by=EVE) == "The link is cut."
    assert (world.claim(40).state, world.claim(41).state) == ("linked", "unlinked")


def test_anyone_gets_a_link_to_fund_the_issue(world: World) -> None:
    on_issue = comment(DARA, 12, on_pull_request=False)
    assert say(world, "bounty", "50 EUR", on=on_issue).endswith(f"/tasks/{world.task_id}/fund?amount=50")
    assert say(world, "bounty", on=on_issue).endswith("/fund")


@pytest.mark.parametrize("argument", ["1e5", "-5", "0.001", "50 USD", "50 XYZ", "1000000000000"])
def test_an_amount_that_cannot_be_given_is_refused(world: World, argument: str) -> None:
    with pytest.raises(CommandRefused):
        say(world, "bounty", argument, on=comment(DARA, 12, on_pull_request=False))


def test_an_issue_without_a_task_takes_no_bounty(world: World) -> None:
    with pytest.raises(CommandRefused, match="not open to funding"):
        say(world, "bounty", "50", on=comment(DARA, 99, on_pull_request=False))


def test_help_lists_every_command_and_nonsense_is_refused(world: World) -> None:
    assert say(world, "bountyhub") == HELP
    world.record(pull())
    with pytest.raises(CommandRefused, match="not a command"):
        say(world, "dance")
