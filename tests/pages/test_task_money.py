"""The page of a task's money: every line, and the sum that shows that nothing is missing."""

from __future__ import annotations

from bountyhub.kit.database import transaction
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


def test_each_line_has_its_entry_its_party_and_the_balance_after_it(pages: Pages) -> None:
    pages.world.pay(5000)
    text = pages.stranger().get(path(pages)).text
    assert text.count("party <code>") == 2  # held, and its fee
    assert '<a href="/api/v1/ledger/entries/2">Entry 2</a>' in text
    assert "Paid in: held for the task" in text


def test_many_lines_come_page_by_page(pages: Pages) -> None:
    for _ in range(30):
        pages.world.pay(1000)
    first = pages.stranger().get(path(pages)).text
    assert first.count("party <code>") == 50
    later = first.partition('rel="next" href="')[2].partition('"')[0]
    assert pages.stranger().get(later).text.count("party <code>") == 10
    assert "Nothing was booked after that." in pages.stranger().reads(f"{path(pages)}?after=9999")


def test_it_takes_the_same_queries_however_many_lines_there_are(pages: Pages) -> None:
    pages.world.pay(1000)
    stranger = pages.stranger()
    before = pages.count(stranger, path(pages))
    for _ in range(3):
        pages.world.pay(1000, by=DARA)
    assert pages.count(stranger, path(pages)) == before <= 16


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
