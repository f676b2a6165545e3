"""The page of requests: maintainers endorse or refuse, everybody reads why."""

from __future__ import annotations

import pytest

from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import ANA, BO, CLEO, DARA, issue
from tests.pages.conftest import Pages, Someone

PAGE = "/projects/1/requests"
ISSUE = "http://127.0.0.1:8001/github/ana/inkwell/issues/13"


@pytest.fixture
def ana(pages: Pages) -> Someone:
    """Two requests, 13 (which two people want) and 14."""
    pages.know_roles()
    for number in (13, 14):
        pages.signed_in(DARA).post("/tasks/new", issue_url=ISSUE.replace("13", str(number)))
    for who in (CLEO, BO):
        pages.signed_in(who).post("/tasks/2/want")
    return pages.signed_in(ANA)


def test_the_most_wanted_come_first_with_who_asked(pages: Pages, ana: Someone) -> None:
    words = ana.reads(PAGE)
    assert words.index("Export number 13") < words.index("Export number 14")
    assert "asked for by dara" in words and "2 people want it" in words


def test_endorsed_it_is_open_and_gone_from_the_page(pages: Pages, ana: Someone) -> None:
    assert f"{PAGE}/2/endorse" in ana.buttons(PAGE)
    assert ana.post(f"{PAGE}/2/endorse").status_code == 303
    assert pages.world.read_task(2).state == "open"
    assert f"{PAGE}/2/endorse" not in ana.buttons(PAGE)


def test_refused_the_reason_is_public_and_it_can_t_be_asked_for_again(pages: Pages, ana: Someone) -> None:
    assert ana.post(f"{PAGE}/2/refuse", reason="Out of <scope>.").status_code == 303
    text = pages.stranger().get("/tasks/2").text
    assert "Out of &lt;scope&gt;." in text and "Out of <scope>" not in text
    cleo = pages.signed_in(CLEO)
    assert cleo.post("/tasks/new", issue_url=ISSUE).location == "/tasks/2"
    assert "said no to this issue" in cleo.get("/tasks/2").text
    assert cleo.post("/tasks/2/want").status_code == 409
    ana.post("/tasks/new", issue_url=ISSUE)
    assert pages.world.read_task(4).state == "open"


def test_a_reason_is_needed_and_what_was_typed_is_kept(pages: Pages, ana: Someone) -> None:
    answer = ana.post(f"{PAGE}/2/refuse", reason="  ")
    assert answer.status_code == 422 and "Write a reason" in answer.text
    pages.forge.permissions = {ANA.id: pages.world.permissions[ANA.id]}
    ana.post(f"{PAGE}/2/endorse")
    answer = ana.post(f"{PAGE}/2/refuse", reason="Not for us.")
    assert answer.status_code == 409 and "only a wanted one can be refused" in answer.text


def test_a_closed_issue_is_not_endorsed(pages: Pages, ana: Someone) -> None:
    pages.forge.issues[13] = issue(13, is_open=False)
    answer = ana.post(f"{PAGE}/2/endorse")
    assert answer.status_code == 409
    assert pages.world.read_task(2).state != "open"


def test_a_forge_that_is_away_changes_nothing(pages: Pages, ana: Someone) -> None:
    pages.forge.fail["permission"] = [OutsideUnavailable("away")]
    answer = ana.post(f"{PAGE}/2/refuse", reason="Not for us.")
    assert answer.status_code in (303, 503)


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_answers(pages: Pages, ana: Someone, who: ForgePerson) -> None:
    someone = pages.signed_in(who)
    for answer in ("endorse", "refuse"):
        assert someone.post(f"{PAGE}/2/{answer}", reason="No.").status_code == 403
    assert pages.world.read_task(2).state == "wanted"


def test_answered_twice_is_answered_once(pages: Pages, ana: Someone) -> None:
    for _ in range(2):
        assert ana.post(f"{PAGE}/2/endorse").status_code == 303
        assert ana.post(f"{PAGE}/3/refuse", reason="No.").status_code == 303
    assert [pages.world.read_task(id).state for id in (2, 3)] == ["open", "cancelled"]
    assert pages.world.actions("task").count("task_given_up") == 1


def test_a_request_of_another_project_is_not_there(ana: Someone) -> None:
    for path in ("/projects/999/requests/2/endorse", f"{PAGE}/999/refuse"):
        assert ana.post(path, reason="No.").status_code == 404
