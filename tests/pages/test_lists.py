"""The first page, the list of tasks and the projects: filters, order, pages, and always the same number of queries."""

from __future__ import annotations

import re

import pytest

from bountyhub.ports.errors import OutsideGone
from bountyhub.ports.forge import IssueInfo
from bountyhub.tasks.models import Task
from bountyhub.work.listing import PAGE
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged
from tests.pages.conftest import Pages


def titles(text: str) -> list[str]:
    return re.findall(r"Export number (\d+)", text)


@pytest.fixture
def three(pages: Pages) -> list[int]:
    """Tasks 12 (50 by one), 13 (20 + 10) and 14, wanted."""
    made = [pages.world.task_id, pages.world.task(13), pages.world.task(14, opened=False)]
    pages.world.pay(5000)
    pages.world.task_id = made[1]
    pages.world.pay(2000)
    pages.world.pay(1000, by=DARA)
    pages.world.task_id = made[0]
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["14", "13", "12"]),
        ("?sort=amount", ["12", "13", "14"]),
        ("?sort=backers", ["13", "12", "14"]),
        ("?state=wanted", ["14"]),
        ("?state=open", ["13", "12"]),
        ("?q=number+13", ["13"]),
        ("?q=INKWELL+export", ["14", "13", "12"]),
        ("?q=%25", []),
        ("?q=nothing", []),
        ("?state=made-up&sort=made-up", ["14", "13", "12"]),
    ],
)
def test_the_address_is_the_filter(pages: Pages, three: list[int], query: str, found: list[str]) -> None:
    assert titles(pages.stranger().reads(f"/tasks{query}")) == found


@pytest.mark.parametrize("sort", ["newest", "amount", "backers"])
def test_pages_by_key_show_every_task_once(pages: Pages, sort: str) -> None:
    for number in range(100, 100 + PAGE + 5):
        pages.world.task(number)
    pages.world.pay(5000)
    stranger, seen, address = pages.stranger(), [], f"/tasks?sort={sort}"
    while address:
        page = stranger.get(address).text
        seen += re.findall(r'<a href="/tasks/(\d+)">', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert sorted(map(int, seen)) == sorted(task.id for task in pages.world.rows(Task))


def test_a_made_up_page_mark_is_refused(pages: Pages) -> None:
    assert pages.stranger().get("/tasks?after=nonsense").status_code == 400
    assert pages.stranger().get("/projects/1?after=9-9-9").status_code == 400


def test_the_first_page_counts_what_the_books_say(pages: Pages, three: list[int]) -> None:
    assert titles(pages.stranger().reads("/")) == ["12", "13"]
    pages.world.connect(BO)
    pages.world.record(merged(pages.world.linked()))
    pages.world.send_transfers()
    read = pages.stranger().reads("/")
    assert "Held for 1 task now 30 €" in read
    assert "Released to developers 50 €" in read
    assert "Just paid" in read


def test_an_empty_first_page_says_how_to_begin(pages: Pages) -> None:
    assert "No task holds money yet." in pages.stranger().reads("/")


def test_a_project_shows_its_tasks_and_people(pages: Pages, three: list[int]) -> None:
    pages.know_roles()
    read = pages.stranger().reads("/projects/1")
    for said in ("ana/inkwell", "80 €", "App installed", "GPL-3.0", "Maintainers", "eve"):
        assert said in read
    assert "ana/inkwell" in pages.stranger().reads("/projects")
    assert pages.stranger().get("/projects/9").status_code == 404


def test_who_just_installed_the_app_finds_the_desk_at_once(pages: Pages) -> None:
    assert 'href="/projects/1/desk"' in pages.signed_in(ANA).get("/projects/1").text
    assert 'href="/projects/1/desk"' not in pages.signed_in(BO).get("/projects/1").text
    assert 'href="/projects/1/desk"' not in pages.stranger().get("/projects/1").text


def test_maintainers_choose_from_the_open_issues(pages: Pages) -> None:
    read = pages.signed_in(EVE).get("/projects/1/issues")
    assert "See the task" in read.text
    assert 'value="http://127.0.0.1/ana/inkwell/issues/13"' in read.text
    assert "No open issue" in pages.signed_in(EVE).reads("/projects/1/issues?page=2")
    for who in (BO, CLEO, DARA):
        assert pages.signed_in(who).get("/projects/1/issues").status_code == 403
    assert pages.stranger().get("/projects/1/issues").location.startswith("/sign-in")
    assert pages.signed_in(ANA).get("/projects/9/issues").status_code == 404


def test_a_repository_that_is_gone_says_so(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(repository: int, page: int = 1) -> list[IssueInfo]:
        raise OutsideGone("github: 404")

    monkeypatch.setattr(pages.forge, "open_issues", gone)
    assert pages.signed_in(ANA).get("/projects/1/issues").status_code == 404


@pytest.mark.parametrize("path", ["/", "/tasks", "/projects", "/projects/1", "/api/v1/tasks"])
def test_lists_take_the_same_queries_for_one_task_and_for_many(pages: Pages, path: str) -> None:
    pages.world.pay(5000)
    before = pages.count(pages.stranger(), path)
    _grow(pages)
    assert pages.count(pages.stranger(), path) == before
    assert before <= 27


@pytest.mark.parametrize("path", ["/me", "/tasks/1", "/tasks/1?tab=money", "/tasks/1?tab=activity", "/claims/1"])
def test_a_page_takes_the_same_queries_however_much_it_shows(pages: Pages, path: str) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    pages.know_roles()
    someone = pages.signed_in(CLEO)
    before = pages.count(someone, path)
    _grow(pages)
    assert pages.count(someone, path) == before
    assert before <= 40


def _grow(pages: Pages) -> None:
    """More contributions and pull requests on the task, and more tasks."""
    for number in range(50, 54):
        pages.world.pay(1000, by=DARA)
        pages.world.pay(1000)
        pages.world.linked(number, author=BO)
        pages.world.task(number)
