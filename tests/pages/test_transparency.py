"""The page of the public books: sums with their proof, tasks with money, the newest entries."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from bountyhub.http.lately import KEEP_SECONDS
from bountyhub.kit import clock
from bountyhub.kit import database as kit_database
from bountyhub.kit.database import transaction
from bountyhub.ledger import dispute, treasury
from bountyhub.work.operations import withdraw
from tests.builders.world import BO, CLEO, DARA, merged
from tests.ledger.log.books import seal_all
from tests.pages.conftest import Pages

PAGE = "/transparency"


def test_it_says_what_is_held_and_that_it_adds_up(pages: Pages) -> None:
    pages.world.pay(5000)
    read = pages.stranger().reads(PAGE)
    assert "EUR: held = owed It adds up" in read
    assert "Owed to backers, developers and for tax 52.75 €" in read
    assert "Held for tasks now 50 €" in read
    assert "50.00 € Export number 12 52.75 € 0.00 € 0.00 € 0.00 € Every line" in read


def test_before_the_first_money_it_says_what_will_stand_there(pages: Pages) -> None:
    with kit_database.engine().begin() as connection:
        for trigger in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        for table in ("ledger_line", "ledger_entry", "ledger_seal", "ledger_account"):
            connection.execute(text(f"DELETE FROM {table}"))
    read = pages.stranger().reads(PAGE)
    assert "Nothing is booked yet." in read and "No task took money here yet." in read


def test_a_balance_that_is_not_its_lines_turns_it_red(pages: Pages) -> None:
    pages.world.pay(5000)
    with kit_database.engine().begin() as connection:
        for trigger in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE ledger_account SET balance = balance - 100 WHERE kind = 'escrow'"))
    assert "EUR: held ≠ owed It does not add up" in pages.stranger().reads(PAGE)


def test_costs_before_any_fee_leave_less_than_is_owed_and_it_says_why(pages: Pages) -> None:
    pages.world.pay(5000)
    _take(pages, 50_000)
    read = pages.stranger().reads(PAGE)
    assert re.search(r"EUR: Less is here than is owed 1\.\d\d € missing", read), read
    assert "no more than payments have cost so far" in read and "It adds up" not in read


def test_money_taken_out_that_is_owed_turns_it_red_with_what_is_missing(pages: Pages) -> None:
    pages.world.pay(5000)
    _take(pages, 53_000)
    read = pages.stranger().reads(PAGE)
    assert re.search(r"Less is here than is owed 3\d\.\d\d € missing 3\d\.\d\d € of what is owed is not here", read), (
        read
    )
    assert "don’t explain it" in read


def _take(pages: Pages, amount: int) -> None:
    """A payout at the processor: nothing here can refuse it."""
    with transaction() as session:
        treasury.paid_out(
            session, amount=amount, currency="EUR", outside_id="po_1", effective_at=clock.now(), actor="stripe"
        )


def test_a_task_that_is_over_stays_with_what_came_of_its_money(pages: Pages) -> None:
    world = pages.world
    back = world.pay(3000)
    with transaction() as session:
        withdraw(session, back.id, world.actor(CLEO))
    world.send_refunds()
    world.pay(5000, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    world.send_transfers()
    read = pages.stranger().reads(PAGE)
    assert "0.00 € Export number 12 all paid or given back 0.00 € 2.75 € 31.75 € 0.00 € Every line" in read


def test_what_was_charged_back_is_told_of_its_task(pages: Pages) -> None:
    paid = pages.world.pay(5000)
    with transaction() as session:
        dispute.funds_withdrawn(
            session, dispute="d1", contribution=paid.ref, amount=5275, fee=1500, currency="EUR", outside_id="txn_d",
            effective_at=clock.now(), actor="stripe",
        )  # fmt: skip
    assert "52.75 € Export number 12 52.75 € 0.00 € 0.00 € 52.75 € Every line" in pages.stranger().reads(PAGE)


def test_tasks_that_never_took_money_are_not_listed_and_the_others_page_by_page(pages: Pages) -> None:
    numbers = range(100, 121)
    for number in numbers:
        pages.world.task_id = pages.world.task(number)
        pages.world.pay(1000)
    first = pages.stranger().get(PAGE).text
    assert first.count("Every line") == 20 and "Export number 12<" not in first
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    rest = pages.stranger().get(older).text
    assert rest.count("Every line") == 1 and "Export number 100" in rest


def test_it_takes_the_same_queries_however_much_there_is(pages: Pages) -> None:
    pages.world.pay(1000)
    stranger = pages.stranger()
    before = pages.count(stranger, PAGE)
    for _ in range(3):
        pages.world.pay(1000)
    assert pages.count(stranger, PAGE) == before <= 13


def test_the_sums_of_all_books_are_counted_once_in_some_seconds(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> tuple[bool, int]:
        (euro,) = pages.stranger().get("/api/v1/ledger/totals").get_json()["currencies"]
        return "Held for tasks now 50 €" in pages.stranger().reads(PAGE), euro["held_minor"]

    monkeypatch.setitem(pages.app.config, KEEP_SECONDS, 60)
    monkeypatch.setitem(pages.app.extensions, "lately", {})
    pages.world.pay(5000)
    assert told() == (True, 5000)
    pages.world.pay(1000)
    assert told() == (True, 5000)
    monkeypatch.setitem(pages.app.config, KEEP_SECONDS, 0)
    assert told() == (False, 6000)


def test_every_page_leads_to_it_and_a_browser_keeps_it_for_seconds(pages: Pages) -> None:
    for path in ("/", "/tasks", f"/tasks/{pages.world.task_id}"):
        assert f'href="{PAGE}"' in pages.stranger().get(path).text
    assert pages.stranger().get(PAGE).headers["Cache-Control"] == "private, max-age=5"


def test_it_names_the_last_checkpoint_once_there_is_one(pages: Pages) -> None:
    assert "The last checkpoint" not in pages.stranger().reads(PAGE)
    pages.world.pay(5000)
    seal_all()
    assert "covers 3 entries" in pages.stranger().reads(PAGE)
    assert '<a href="/api/v1/ledger/checkpoint">' in pages.stranger().get(PAGE).text


def test_the_same_on_both_engines(pages_on_both: Pages) -> None:
    pages_on_both.world.pay(5000)
    pages_on_both.world.connect(BO)
    pages_on_both.world.record(merged(pages_on_both.world.linked()))
    pages_on_both.world.send_transfers()
    read = pages_on_both.stranger().reads(PAGE)
    assert "It adds up" in read and "Fees earned 2.75 €" in read
    there = pages_on_both.stranger().reads(f"/tasks/{pages_on_both.world.task_id}/money")
    assert "Every cent is accounted for" in there and "Sent to developers 50.00 €" in there
