"""A project's desk: who sees it, what waits there, and that it takes the same number of queries whatever is there."""

from __future__ import annotations

import re

import pytest

from bountyhub.kit.database import transaction
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.work.operations import app_removed
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged, pull
from tests.pages.conftest import Pages

DESK = "/projects/1/desk"
NAV = ("Overview", "Issues", "Requests", "Policy", "People", "Pause", "Bot")
PAGES = (DESK, "/projects/1/requests", "/projects/1/issues", "/projects/1/imports/1")


def fill(pages: Pages) -> None:
    """A late claim, a claim objected to, and two requests."""
    world = pages.world
    world.pay(5000)
    world.record(merged(world.linked(author=EVE), by=EVE))
    pages.know_roles()
    pages.signed_in(CLEO).post(f"/claims/{world.claim().id}/object", reason="The links are dead.")
    world.task_id = world.task(13)
    world.pay(3000)
    world.record(pull(42, closes=(13,)), merged(pull(42, closes=(13,))))
    world.task(14, opened=False)
    world.task(15, opened=False)


def test_a_maintainer_sees_what_waits(pages: Pages) -> None:
    fill(pages)
    words = pages.signed_in(ANA).reads(DESK)
    assert "Objected to: #40" in words and "Late: #42" in words
    assert "2 requests to answer" in words
    assert "ana/inkwell App installed" in words
    assert pages.signed_in(EVE).get(DESK).status_code == 200


@pytest.mark.parametrize("path", ["desk", "issues", "requests", "policy", "people", "pause", "bot"])
def test_every_page_of_the_desk_leads_to_the_others(pages: Pages, path: str) -> None:
    pages.know_roles()
    nav = re.search(r'aria-label="Desk">(.*?)</nav>', pages.signed_in(ANA).get(f"/projects/1/{path}").text, re.DOTALL)
    assert nav is not None
    assert [words.strip() for words in re.findall(r">([^<]+)</a>", nav[1])] == list(NAV)
    assert re.findall(r'href="/projects/1/(\w+)" aria-current', nav[1]) == [path]


def test_the_desk_says_that_the_project_is_paused(pages: Pages) -> None:
    pages.know_roles()
    ana = pages.signed_in(ANA)
    assert "See the pause" not in ana.reads(DESK)
    ana.post("/projects/1/pause", reason="We release 4.0 first.")
    assert "We release 4.0 first.” See the pause" in ana.reads(DESK)


def test_an_empty_desk_says_what_will_be_there(pages: Pages) -> None:
    pages.know_roles()
    words = pages.signed_in(ANA).reads(DESK)
    assert "Late claims, objections and requests appear here." in words
    assert "Open 1" in words


def test_without_the_app_it_says_where_to_install_it(pages: Pages) -> None:
    pages.know_roles()
    with transaction() as session:
        app_removed(session, 77, None)
    text = pages.signed_in(ANA).get(DESK).text
    assert "No App" in text and "/installations/new" in text
    assert "Make tasks from issues" not in text


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_sees_it(pages: Pages, who: ForgePerson, path: str) -> None:
    pages.know_roles()
    assert pages.signed_in(who).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_signed_out_is_led_to_sign_in(pages: Pages, path: str) -> None:
    answer = pages.stranger().get(path)
    assert answer.status_code == 303 and answer.location.startswith("/sign-in?next=")


def test_a_project_that_is_not_there(pages: Pages) -> None:
    for path in ("/projects/999/desk", "/projects/999/requests", "/projects/999/issues"):
        assert pages.signed_in(ANA).get(path).status_code == 404, path


def test_it_takes_the_same_number_of_queries_whatever_is_there(pages: Pages) -> None:
    pages.know_roles()
    ana = pages.signed_in(ANA)
    before = {path: pages.count(ana, path) for path in (DESK, "/projects/1/requests")}
    fill(pages)
    assert {path: pages.count(ana, path) for path in before} == {path: count + (path != DESK)
                                                                 for path, count in before.items()}  # fmt: skip
    for number in range(20, 30):
        pages.world.task(number, opened=False)
    filled = {path: pages.count(ana, path) for path in before}
    for number in range(30, 40):
        pages.world.task(number, opened=False)
    assert {path: pages.count(ana, path) for path in before} == filled


def test_the_way_there_is_on_the_project_s_page_and_on_mine(pages: Pages) -> None:
    pages.know_roles()
    pages.world.permissions[DARA.id] = Permission.TRIAGE
    for who, there in ((ANA, True), (EVE, True), (CLEO, False), (DARA, False)):
        for page in ("/projects/1", "/me"):
            assert (f'href="{DESK}"' in pages.signed_in(who).get(page).text) is there, (who.login, page)
    assert f'href="{DESK}"' not in pages.stranger().get("/projects/1").text
