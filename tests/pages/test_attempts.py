"""Who is on a task, on its page, in its JSON and on the page of who is: owner, outsider, signed-out."""

from __future__ import annotations

import pytest

from bountyhub.ports.forge import ForgePerson
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, later, pull
from tests.pages.conftest import Pages

BUTTON, TAKE_BACK = "I am on it", "I am not on it any more"


def tab(pages: Pages) -> str:
    return f"/tasks/{pages.world.task_id}?tab=pulls"


def begin(pages: Pages, *who: ForgePerson) -> None:
    for one in who:
        assert pages.signed_in(one).post(f"/tasks/{pages.world.task_id}/attempt").status_code == 303


def test_the_button_and_what_it_does(pages: Pages) -> None:
    bo = pages.signed_in(BO)
    assert "no payout account yet" in bo.reads(tab(pages))
    begin(pages, BO)
    mine, theirs, strangers = bo.reads(tab(pages)), pages.signed_in(DARA).reads(tab(pages)), pages.stranger()
    assert TAKE_BACK in mine and BUTTON in theirs and TAKE_BACK not in theirs
    assert "has not connected a payout account yet" in theirs
    shown = strangers.reads(tab(pages))
    assert "lapses on" in shown and BUTTON not in shown.replace(TAKE_BACK, "")
    pages.world.record(pull())
    assert "pull request #40" in strangers.reads(tab(pages))


def test_pressed_twice_it_happens_once(pages: Pages) -> None:
    bo, path = pages.signed_in(BO), f"/tasks/{pages.world.task_id}"
    for verb in ("attempt", "unattempt"):
        assert [bo.post(f"{path}/{verb}").status_code for _ in range(2)] == [303, 303]
    done = pages.world.actions("task")
    assert (done.count("attempt_begun"), done.count("attempt_withdrawn")) == (1, 1)


def test_a_refusal_comes_back_on_the_page(pages: Pages) -> None:
    begin(pages, ANA, CLEO, DARA, EVE)
    pages.world.connect(BO)
    begin(pages, BO)
    other = pages.world.task(13)
    for task in [pages.world.task(number) for number in (15, 16)]:
        pages.signed_in(BO).post(f"/tasks/{task}/attempt")
    answer = pages.signed_in(BO).post(f"/tasks/{other}/attempt")
    assert (answer.status_code, "3 tasks already" in answer.text) == (409, True)


def test_it_is_told_in_the_activity_and_on_my_page(pages: Pages) -> None:
    begin(pages, BO)
    assert "“I am on it”, said by bo" in pages.stranger().reads(f"/tasks/{pages.world.task_id}?tab=activity")
    mine = pages.signed_in(BO).reads("/me")
    assert "You are on it" in mine and "without a linked pull request" in mine
    assert "You are on it" not in pages.signed_in(DARA).reads("/me")
    pages.signed_in(BO).post(f"/tasks/{pages.world.task_id}/unattempt")
    assert "Not on it any more, by bo" in pages.stranger().reads(f"/tasks/{pages.world.task_id}?tab=activity")


def test_programs_read_it(pages: Pages) -> None:
    begin(pages, BO)
    said = pages.stranger().get(f"/api/v1/tasks/{pages.world.task_id}").get_json()["attempts"]
    (one,) = said
    assert (one["developer"], one["pull_request"], one["can_be_paid"]) == ("bo", None, False)
    assert one["lapses_at"] is not None
    later(15)
    assert pages.stranger().get(f"/api/v1/tasks/{pages.world.task_id}").get_json()["attempts"] == []


@pytest.mark.parametrize("verb", ["attempt", "unattempt"])
def test_a_task_that_is_not_there(pages: Pages, verb: str) -> None:
    assert pages.signed_in(BO).post(f"/tasks/999/{verb}").status_code == 404


def test_the_page_takes_the_same_queries_for_one_and_for_five(pages: Pages) -> None:
    cleo = pages.signed_in(CLEO)
    begin(pages, BO)
    one = pages.count(cleo, tab(pages))
    begin(pages, ANA, DARA, EVE)
    assert pages.count(cleo, tab(pages)) == one


@pytest.mark.parametrize(("file", "may"), [("attempts: 1", False), ("attempts: 2", True)])
def test_the_button_goes_by_the_policy_file(pages: Pages, file: str, may: bool) -> None:
    put(pages.world, file)
    begin(pages, DARA)
    shown = pages.signed_in(BO).reads(tab(pages))
    assert (BUTTON in shown) is may
