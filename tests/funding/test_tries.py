"""Checkout limits of an hour: per mail, network, task and card, over all processes, forgotten after a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from bountyhub import settings
from bountyhub.funding import operations as funding
from bountyhub.funding.errors import BadAmount, TooManyTries
from bountyhub.funding.models import Contribution, Payment, Promise, Try
from bountyhub.funding.operations import Renewal, renew
from bountyhub.kit import clock
from bountyhub.kit import database as kit_database
from bountyhub.kit.database import transaction
from bountyhub.kit.money import Money
from tests.builders.at_once import at_once
from tests.builders.trying import ask, ask_promise, decline, limit, order, pass_time, refused
from tests.builders.world import World

pytestmark = pytest.mark.usefixtures("limits_on")


@pytest.fixture
def limits_on(world: World) -> None:
    limit()


def test_one_mail_begins_so_many_payments_in_an_hour(world: World) -> None:
    ask(order(world))
    ask(order(world, "A@example.org "))
    error = refused(order(world))
    assert (error.status, len(world.rows(Contribution))) == (429, 2)
    assert "Nothing was charged. Try again at" in error.advice
    assert ask(order(world, "b@example.org")).state == "planned"


def test_the_answer_says_when_it_goes_on_and_whom_to_write_to(world: World) -> None:
    ask(order(world))
    ask(order(world))
    first = world.rows(Try)[0].at + timedelta(hours=1, seconds=59)
    assert f"Try again at {first:%H:%M} UTC, or write to whoever operates" in refused(order(world)).advice
    settings.use(settings.current().model_copy(update={"LEGAL_CONTACT": "help@example.org"}))
    assert "or write to help@example.org." in refused(order(world)).advice


def test_an_hour_later_it_goes_on(world: World) -> None:
    ask(order(world))
    ask(order(world))
    pass_time(minutes=59)
    refused(order(world))
    pass_time(minutes=2)
    assert ask(order(world)).state == "planned"


def test_moved_time_lifts_no_limit(world: World) -> None:
    ask(order(world))
    ask(order(world))
    clock.set_offset(timedelta(days=3))
    refused(order(world))


def test_one_network_begins_so_many_payments(world: World) -> None:
    limit(CHECKOUTS_PER_HOUR_ADDRESS=3)
    for mail in "abc":
        ask(order(world, f"{mail}@example.org", "here"))
    refused(order(world, "d@example.org", "here"))
    assert ask(order(world, "d@example.org", "elsewhere")).state == "planned"


def test_one_task_gets_so_many_payments(world: World) -> None:
    limit(CHECKOUTS_PER_HOUR_TASK=3)
    for mail in "abc":
        ask(order(world, f"{mail}@example.org"))
    refused(order(world, "d@example.org"))
    assert ask(order(world, "d@example.org", task_id=world.task(13))).state == "planned"


def test_a_form_sent_twice_is_one_try(world: World) -> None:
    wanted = order(world)
    assert {ask(wanted).ref for _ in range(5)} == {world.rows(Payment)[0].ref}
    assert len(world.rows(Try)) == 1


def test_what_was_refused_for_another_reason_is_no_try(world: World) -> None:
    for _ in range(3):
        with pytest.raises(BadAmount):
            ask(order(world, amount=Money(1, "EUR")))
    assert world.rows(Try) == []


def test_promises_and_payments_are_counted_together(world: World) -> None:
    ask(order(world))
    ask_promise(order(world))
    refused(order(world))
    with pytest.raises(TooManyTries):
        ask_promise(order(world))
    assert len(world.rows(Promise)) == 1


def test_renewing_is_a_try_like_any(world: World) -> None:
    held = world.capture(ask(order(world)).ref)
    ask(order(world))
    with pytest.raises(TooManyTries), transaction() as session:
        renew(session, Renewal(held.id, "here"))


def test_no_address_is_kept_and_all_is_forgotten_after_a_day(world: World) -> None:
    payment = ask(order(world, "a@example.org", "keyed-digest"))
    decline(payment, "ch_1", card="fingerprint")
    kept = [str(vars(row)) for row in world.rows(Try)]
    assert not any("example.org" in text or "fingerprint" in text for text in kept)
    pass_time(hours=23)
    world.sweep("funding.forget_tries")
    assert len(world.rows(Try)) == 2
    pass_time(hours=2)
    world.sweep("funding.forget_tries")
    assert world.rows(Try) == []


@pytest.fixture
def statements(world: World) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    engine = kit_database.engine()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_check_is_a_fixed_number_of_queries(world: World, statements: list[str]) -> None:
    limit(CHECKOUTS_PER_HOUR_MAIL=99, DECLINES_PER_HOUR_MAIL=99, DECLINES_PER_HOUR_ADDRESS=99)
    counts = []
    for _ in range(2):
        before = len(statements)
        payment = ask(order(world, network="here"))
        counts.append(sum("payment_try" in each for each in statements[before:]))
        decline(payment, *(f"ch_{payment.id}_{number}" for number in range(9)), card=f"c{payment.id}")
        limit(CHECKOUTS_PER_HOUR_MAIL=99, DECLINES_PER_HOUR_MAIL=99, DECLINES_PER_HOUR_ADDRESS=99,
              DECLINES_PER_HOUR_CARD=99)  # fmt: skip
    assert counts[0] == counts[1] <= 9


def test_of_two_last_tries_at_once_one_is_refused(postgresql: str) -> None:
    world = World.begin()
    limit()
    tasks = [world.task_id, world.task(13)]
    ask(order(world))
    both = [order(world, task_id=task, nonce=f"race{task}") for task in tasks]
    results = at_once(*(lambda session, wanted=wanted: funding.contribute(session, wanted) for wanted in both))
    assert sorted(type(result).__name__ for result in results) == ["Payment", "TooManyTries"]
