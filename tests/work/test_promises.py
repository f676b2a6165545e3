"""Promises until they are charged: given, withdrawn; and their table of states."""

from __future__ import annotations

import pytest

from bountyhub.funding.errors import BadAmount, CantWithdraw
from bountyhub.funding.models import Promise, PromiseState
from bountyhub.funding.operations.promises import record_card_page, withdraw_promise
from bountyhub.funding.rules import PROMISE_TRANSITIONS, PromiseEvent, next_promise_state
from bountyhub.kit.database import transaction
from bountyhub.kit.errors import NotFound
from bountyhub.kit.money import Money
from bountyhub.people.operations import CLOCK
from bountyhub.ports.promises import CardPage, CardPageStatus
from bountyhub.tasks.errors import TaskTakesNoMoney
from tests.builders.outside import Outside
from tests.builders.promising import accept, asked, given, now, saved_page
from tests.builders.world import (
    World,
    assert_books_are_right,
    later,
    owed_shares,
)

JOBS = ("work.charge", "funding.forget_card")


@pytest.fixture
def outside() -> Outside:
    return Outside().use()


def withdraw(row: Promise) -> Promise:
    with transaction() as session:
        return withdraw_promise(session, row.ref, CLOCK)


# Giving


def test_a_promise_holds_nothing(world: World, outside: Outside) -> None:
    row = given(world)
    assert (row.state, row.total, row.card_label) == ("given", Money(5275, "EUR"), "Visa •••• 4242")
    assert row.mandate_version and "52.75 EUR" in row.mandate
    assert world.step().text != "" and owed_shares(world) == []
    assert_books_are_right()


def test_a_form_sent_twice_is_one_promise(world: World, outside: Outside) -> None:
    assert asked(world, nonce="n").id == asked(world, nonce="n").id


def test_a_saved_card_told_twice_is_told_once(world: World, outside: Outside) -> None:
    row = given(world)
    with transaction() as session:
        record_card_page(session, row.ref, saved_page(row.ref))
    assert world.actions("promise") == ["promise_asked", "promise_card_saved"]
    assert len(world.jobs("notify.promise_given")) == 1


def test_a_page_nobody_used_leaves_an_abandoned_promise(world: World, outside: Outside) -> None:
    row = asked(world)
    over = CardPage(f"cs_{row.ref}", row.ref, CardPageStatus.EXPIRED, None, None)
    for _ in range(2):
        with transaction() as session:
            assert record_card_page(session, row.ref, over).state == "abandoned"


def test_the_sweeper_opens_a_page_that_was_cut_off(world: World, outside: Outside) -> None:
    row = asked(world)
    later(1)
    world.sweep("funding.sweep_card_pages")
    assert (now(row).state, now(row).page_url) == ("asked", "http://127.0.0.1/save")
    assert outside.gateway.keys("open_card_page") == [row.ref]


def test_a_task_that_takes_no_money_takes_no_promise(world: World, outside: Outside) -> None:
    accept(world)
    with pytest.raises(TaskTakesNoMoney):
        asked(world)


def test_the_smallest_contribution_is_the_smallest_promise(world: World, outside: Outside) -> None:
    with pytest.raises(BadAmount):
        asked(world, 100)


def test_a_card_saved_after_the_merge_is_forgotten(world: World, outside: Outside) -> None:
    row = asked(world)
    accept(world)
    with transaction() as session:
        record_card_page(session, row.ref, saved_page(row.ref))
    world.drain(*JOBS)
    assert (now(row).state, now(row).lapse_reason, now(row).card) == ("lapsed", "task_over", None)
    assert outside.gateway.forgotten == [f"pm_{row.ref}"]


# Withdrawing


def test_a_withdrawn_promise_is_never_charged_and_its_card_forgotten(world: World, outside: Outside) -> None:
    row = given(world)
    assert withdraw(row).state == "withdrawn"
    assert withdraw(row).state == "withdrawn"
    accept(world)
    world.drain(*JOBS)
    assert outside.gateway.keys("charge_card") == []
    assert outside.gateway.forgotten == [f"pm_{row.ref}"]
    assert len(world.jobs("notify.promise_withdrawn")) == 1


def test_what_is_being_charged_cannot_be_withdrawn(world: World, outside: Outside) -> None:
    row = given(world)
    accept(world)
    with pytest.raises(CantWithdraw):
        withdraw(row)
    world.drain(*JOBS)
    with pytest.raises(CantWithdraw):
        withdraw(row)


def test_a_promise_nobody_gave_cannot_be_withdrawn(world: World, outside: Outside) -> None:
    with pytest.raises(NotFound), transaction() as session:
        withdraw_promise(session, "nobody", CLOCK)


# The table


@pytest.mark.parametrize("state", list(PromiseState))
@pytest.mark.parametrize("event", list(PromiseEvent))
def test_the_table_knows_only_states_and_every_end_is_one(state: PromiseState, event: PromiseEvent) -> None:
    after = next_promise_state(state, event)
    assert after is None or after in set(PromiseState)
    if state in (PromiseState.CHARGED, PromiseState.WITHDRAWN, PromiseState.LAPSED):
        assert after is None


def test_every_standing_promise_can_lapse() -> None:
    for state in ("given", "charging", "needs_backer"):
        assert PROMISE_TRANSITIONS[(state, PromiseEvent.LAPSED)] == "lapsed"
