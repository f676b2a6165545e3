"""The page of a task's money: every line, and the sum that shows that nothing is missing."""

from __future__ import annotations

import re

from sqlalchemy import select

from bountyhub.kit.database import transaction
from bountyhub.ledger.models import Entry, Line
from bountyhub.payouts.models import Transfer
from bountyhub.payouts.operations import begin_transfer
from bountyhub.projects.models import Repository
from bountyhub.work.operations import withdraw
from tests.builders.world import ANA, BO, CLEO, DARA, merged
from tests.pages.conftest import Pages


def path(pages: Pages) -> str:
    return f"/tasks/{pages.world.task_id}/money"


def test_before_any_money_it_says_what_will_stand_there(pages: Pages) -> None:
    assert "No money has moved on this task." in pages.stranger().reads(path(pages))


def test_what_came_in_is_what_went_out_and_is_still_here(pages: Pages) -> None:
    world = pages.world
    back = world.pay(3000)
    with transaction() as session:
        withdraw(session, back.id, world.actor(CLEO))
    world.send_refunds()
    world.pay(5000, by=DARA)
    read = pages.stranger().reads(path(pages))
    assert "Paid in 84.50 €" in read and "Given back to backers 31.75 €" in read
    assert "Still here: held for the task 50.00 €" in read
    assert "difference 0.00 €" in read
    world.record(merged(world.linked()))
    world.connect(BO)
    world.send_transfers()
    read = pages.stranger().reads(path(pages))
    assert "Sent to developers 50.00 € Fees and tax on them, earned 2.75 €" in read
    assert "Still here 0.00 € Went and still here 84.50 €" in read


def test_a_transfer_is_on_its_way_until_the_processor_confirmed_it(pages: Pages) -> None:
    world = pages.world
    world.pay(5000)
    world.connect(BO)
    world.record(merged(world.linked()))
    (transfer,) = world.rows(Transfer)
    with transaction() as session:
        begin_transfer(session, transfer.id)
    read = pages.stranger().reads(path(pages))
    assert "On its way to developers 50.00 € Sent to developers 0.00 €" in read
    world.send_transfers()
    read = pages.stranger().reads(path(pages))
    assert "Sent to developers 50.00 €" in read and "On its way" not in read


def test_no_line_of_the_tasks_story_is_missing(pages: Pages) -> None:
    world = pages.world
    back = world.pay(3000)
    with transaction() as session:
        withdraw(session, back.id, world.actor(CLEO))
    world.send_refunds()
    world.pay(5000, by=DARA)
    world.connect(BO)
    world.record(merged(world.linked()))
    world.send_transfers()
    first = pages.stranger().get(path(pages)).text
    with transaction() as session:
        booked = session.scalars(select(Line.entry_id).join(Entry, Entry.id == Line.entry_id)
                                 .where(Entry.kind != "topped_up").order_by(Line.id)).all()  # fmt: skip
    assert [int(number) for number in re.findall(r">Entry (\d+)<", first)] == list(booked)
    assert "Transferred to a developer: at the payment provider" in first
    assert "Refunded: at the payment provider" in first
    assert "Released: fees earned" in first and "fees earned, of all tasks" in first
    entries = pages.stranger().get(f"/api/v1/ledger/entries?task={world.task_id}&limit=100").json
    assert entries is not None and [one["id"] for one in entries["entries"]] == sorted(set(booked))


def test_another_tasks_lines_are_not_among_them(pages: Pages) -> None:
    pages.world.pay(1000)
    mine = pages.stranger().get(path(pages)).text.count(">Entry ")
    here, pages.world.task_id = path(pages), pages.world.task(13)
    pages.world.pay(2000)
    assert pages.stranger().get(here).text.count(">Entry ") == mine == 5


def test_each_line_has_its_entry_its_party_and_the_balance_after_it(pages: Pages) -> None:
    pages.world.pay(5000)
    text = pages.stranger().get(path(pages)).text
    assert text.count("party <code>") == 2, "held, and its fee"
    assert text.count("the processor’s balance, of all tasks") == 2, "what arrived, and what it cost"
    assert "Charged by the processor: the payment provider’s cost" in text
    assert '<a href="/api/v1/ledger/entries/2">Entry 2</a>' in text
    assert "Paid in: held for the task" in text


def test_many_lines_come_page_by_page(pages: Pages) -> None:
    for _ in range(30):
        pages.world.pay(1000)
    first = pages.stranger().get(path(pages)).text
    assert first.count(">Entry ") == 50
    seen, later = 50, first.partition('rel="next" href="')[2].partition('"')[0]
    while later:
        page = pages.stranger().get(later).text
        seen, later = seen + page.count(">Entry "), page.partition('rel="next" href="')[2].partition('"')[0]
    assert seen == 30 * (3 + 2), "three lines of a payment, two of its cost"
    assert "Nothing was booked after that." in pages.stranger().reads(f"{path(pages)}?after=9999")


def test_it_takes_the_same_queries_however_many_lines_there_are(pages: Pages) -> None:
    pages.world.pay(1000)
    stranger = pages.stranger()
    before = pages.count(stranger, path(pages))
    for _ in range(3):
        pages.world.pay(1000, by=DARA)
    assert pages.count(stranger, path(pages)) == before <= 19


def test_an_unknown_task_has_none_and_a_private_one_keeps_its_page(pages: Pages) -> None:
    assert pages.stranger().get("/tasks/99/money").status_code == 404
    pages.world.pay(1000)
    with transaction() as session:
        session.get_one(Repository, pages.world.repository_id).private = True
    for someone in (pages.stranger(), pages.signed_in(ANA), pages.signed_in(DARA)):
        shown = someone.get(f"/tasks/{pages.world.task_id}").status_code
        assert someone.get(path(pages)).status_code == shown == 200


def test_the_tasks_page_leads_to_it(pages: Pages) -> None:
    pages.world.pay(1000)
    assert f'href="{path(pages)}"' in pages.stranger().get(f"/tasks/{pages.world.task_id}?tab=money").text
