"""Which pull requests stand for which tasks, before anything is merged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.kit.database import reading, transaction
from bountyhub.ports.forge import LinkSource
from bountyhub.projects import operations as projects
from bountyhub.tasks.operations import create_task
from bountyhub.work import operations as work
from bountyhub.work.errors import ClaimRefuses, NotADecider, OnAuthorSide
from bountyhub.work.models import Claim
from bountyhub.work.queries import claim_status
from tests.builders.forge_says import VICTIM
from tests.builders.world import (
    ANA,
    BO,
    BOT,
    CLEO,
    EVE,
    World,
    approval,
    closed,
    closing,
    issue,
    merged,
    owed_shares,
    pull,
)


def title(world: World) -> str:
    with reading() as session:
        return claim_status(session, world.claim().id).title


def unlink(world: World, number: int = 40) -> None:
    with transaction() as session:
        work.unlink_claim(session, world.claim(number).id, world.actor(ANA), world.permission(ANA))


def test_a_link_counts_as_shown_only_once_the_forge_confirmed_it(world: World) -> None:
    world.record(pull())
    assert world.claim().shown_at is None
    world.show(world.claim())
    assert world.claim().shown_at is not None


def test_reading_a_pull_request_again_changes_nothing(world: World) -> None:
    opened = world.linked()
    world.record(opened, opened)
    assert world.actions("claim") == ["claim_linked", "claim_shown"]
    assert len(world.jobs("notify.claim_linked")) == 1


def test_a_link_taken_out_of_the_text_is_none_and_one_put_back_must_be_shown_again(world: World) -> None:
    opened = world.linked()
    world.record(replace(opened, closes=()))
    assert world.claim().state == "unlinked"
    world.record(opened)
    assert (world.claim().state, world.claim().shown_at, world.claim().check_digest) == ("linked", None, "")


def test_a_link_put_back_after_the_merge_waits_for_a_decider(world: World) -> None:
    world.pay()
    opened = world.linked()
    world.record(replace(opened, closes=()))
    world.record(merged(opened))
    assert world.claim().state == "late"


def test_a_link_taken_out_after_the_merge_does_not_take_the_money(world: World) -> None:
    world.pay()
    opened = world.linked()
    world.record(merged(replace(opened, closes=())))
    assert (world.claim().state, world.read_task().state) == ("late", "open")


def test_a_pull_request_closed_and_reopened_is_linked_again(world: World) -> None:
    opened = world.linked()
    world.record(closed(opened))
    assert world.claim().state == "closed"
    assert "first contribution" in world.step().text
    world.record(opened)
    assert world.claim().state == "linked"


def test_a_closed_pull_request_that_was_never_seen_makes_no_claim(world: World) -> None:
    world.record(closed(pull()))
    assert world.rows(Claim) == []


def test_a_draft_is_shown_and_becomes_ready(world: World) -> None:
    world.pay()
    opened = world.linked(draft=True)
    assert "still a draft" in world.step().text
    world.record(replace(opened, draft=False))
    assert world.step().text == "When a maintainer merges #40, 50 € go to @bo."


def test_a_link_a_decider_cut_is_not_brought_back_by_the_same_words(world: World) -> None:
    world.pay()
    opened = world.linked()
    unlink(world)
    world.record(opened)
    assert world.claim().state == "unlinked"
    world.record(merged(opened))
    assert (world.claim().state, world.read_task().state, owed_shares(world)) == ("unlinked", "open", [])


def test_cutting_twice_is_cutting_once(world: World) -> None:
    world.linked()
    unlink(world)
    unlink(world)
    assert world.actions("claim").count("claim_unlinked") == 1


def test_only_a_decider_who_did_not_write_it_cuts_a_link(world: World) -> None:
    world.linked(author=ANA)
    with pytest.raises(OnAuthorSide):
        unlink(world)
    with pytest.raises(NotADecider), transaction() as session:
        work.unlink_claim(session, world.claim().id, world.actor(CLEO), world.permission(CLEO))


def test_a_released_claim_cannot_be_cut(world: World) -> None:
    world.pay()
    world.record(merged(world.linked()))
    with pytest.raises(ClaimRefuses):
        unlink(world)


def test_somebody_elses_repository_cannot_claim_our_task(world: World) -> None:
    world.pay()
    with transaction() as session:
        projects.record_repository(session, VICTIM)
    foreign = pull(repository=VICTIM.id, closes=(12,))
    world.record(merged(foreign, by=BO))
    assert (world.rows(Claim), world.read_task().state) == ([], "open")


def test_our_pull_request_cannot_claim_somebody_elses_task(world: World) -> None:
    with transaction() as session:
        theirs = projects.record_repository(session, VICTIM)
        create_task(session, theirs, issue(12, repository=VICTIM.id), world.actor(ANA), opened=True)
    world.record(replace(pull(), closes=closing(12, repository=VICTIM.id)))
    assert world.rows(Claim) == []


def test_a_pull_request_of_an_unknown_repository_means_nothing(world: World) -> None:
    world.record(pull(repository=4711))
    assert world.rows(Claim) == []


def test_a_pull_request_may_close_an_issue_of_a_sister_repository(world: World) -> None:
    with transaction() as session:
        sister = projects.record_repository(session, VICTIM)
        sister.project_id = world.read_task().project_id
    world.record(pull(repository=VICTIM.id))
    assert world.claim().state == "linked"


def test_a_wanted_task_is_linked_by_nobody(world: World) -> None:
    world.task(14, opened=False)
    world.record(pull(closes=(14,)))
    assert world.rows(Claim) == []


def test_a_pull_request_into_another_branch_says_that_it_pays_nothing(world: World) -> None:
    world.pay()
    opened = world.linked(base="next", base_is_default=False)
    assert title(world) == "Merging this into next pays nothing for #12"
    world.record(merged(opened))
    assert (world.claim().state, world.read_task().state) == ("closed", "open")


def test_a_merge_into_another_branch_is_told_once_however_often_it_is_read(world: World) -> None:
    done = merged(world.linked(base="next", base_is_default=False))
    for _ in range(3):
        world.record(done)
    assert world.actions("claim") == ["claim_linked", "claim_shown", "claim_pull_closed"]


def test_a_merge_into_another_branch_nobody_knew_of_makes_no_claim(world: World) -> None:
    world.record(merged(pull(base="next", base_is_default=False)))
    assert world.rows(Claim) == []


def test_a_base_changed_to_the_default_branch_counts(world: World) -> None:
    world.pay()
    opened = world.linked(base="next", base_is_default=False)
    changed = replace(opened, base="main", base_is_default=True)
    world.record(changed)
    world.record(merged(changed))
    assert world.claim().state == "released"


def test_a_bots_pull_request_pays_nobody(world: World) -> None:
    world.pay()
    opened = world.linked(author=BOT)
    assert title(world) == "Merging this pays nobody for #12: a bot opened it"
    world.record(merged(opened))
    assert (world.claim().state, owed_shares(world)) == ("late", [])
    assert "a bot opened it: nobody is paid" in world.step().text


def test_a_mail_address_alone_makes_nobody_a_maintainer(world: World) -> None:
    world.pay()
    world.permissions = {BO.id: world.permissions[EVE.id]}
    opened = world.linked()
    world.record(merged(opened, by=BO, approvals=(approval(CLEO, opened),)))
    assert world.claim().state == "window"


def test_how_a_link_was_found_is_kept(world: World) -> None:
    world.record(pull())
    assert world.claim().source is LinkSource.CLOSING
