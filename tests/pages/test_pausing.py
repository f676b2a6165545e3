"""The desk's page of a pause: who sees it, who presses its buttons, and where everybody reads it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.kit import clock
from bountyhub.ports.forge import ForgePerson, Permission
from bountyhub.projects.models import Project
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages, words

PAGE, RESUME = "/projects/1/pause", "/projects/1/resume"
WHY = "We release <first>."


def test_a_decider_pauses_and_lets_it_go_on(pages: Pages) -> None:
    pages.know_roles()
    ana = pages.signed_in(ANA)
    day = (clock.now() + timedelta(days=40)).date().isoformat()
    assert ana.buttons(PAGE) == {PAGE}
    assert ana.post(PAGE, reason=WHY, until=day).status_code == 303
    assert ana.buttons(PAGE) == {PAGE, RESUME}
    assert f'value="{day}"' in ana.get(PAGE).text
    task, stranger = f"/tasks/{pages.world.task_id}", pages.stranger()
    for path in ("/projects/1", task, f"{task}/fund", f"{task}/promise"):
        assert f"“{WHY}”" in stranger.reads(path), path
    assert not {f"{task}/fund", f"{task}/promise"} & stranger.buttons(f"{task}/fund")
    told = json.loads(stranger.get(f"/api/v1{task}").text)["project"]["paused"]
    assert (told["reason"], told["until"][:10]) == (WHY, day)
    ana.post(RESUME)
    assert "paused" not in stranger.reads("/projects/1") + stranger.reads(task)
    assert json.loads(stranger.get(f"/api/v1{task}").text)["project"]["paused"] is None


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_sees_or_presses_it(pages: Pages, who: ForgePerson) -> None:
    pages.know_roles()
    someone = pages.signed_in(who)
    for answer in (someone.get(PAGE), someone.post(PAGE, reason=WHY), someone.post(RESUME)):
        assert answer.status_code == 403
    assert pages.world.rows(Project)[0].pause is None


def test_a_maintainer_who_does_not_decide_reads_it_without_buttons(pages: Pages) -> None:
    pages.world.permissions[DARA.id] = Permission.WRITE
    pages.know_roles()
    pages.signed_in(ANA).post(PAGE, reason=WHY)
    dara = pages.signed_in(DARA)
    assert WHY in dara.reads(PAGE) and dara.buttons(PAGE) == set()
    assert dara.post(RESUME).status_code == 403
    assert pages.world.rows(Project)[0].pause is not None


def test_signed_out_is_led_to_sign_in(pages: Pages) -> None:
    stranger = pages.stranger()
    for answer in (stranger.get(PAGE), stranger.post(PAGE), stranger.post(RESUME)):
        assert answer.status_code == 303 and answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("reason", "until", "said"),
    [("", "", "Fill this in."), ("Holidays.", "2020-01-01", "has begun already"), ("Holidays.", "soon", "not a day")],
)
def test_what_is_refused_is_explained_and_kept(pages: Pages, reason: str, until: str, said: str) -> None:
    pages.know_roles()
    answer = pages.signed_in(ANA).post(PAGE, reason=reason, until=until)
    assert answer.status_code == 422 and said in words(answer)
    assert reason in answer.text and f'value="{until}"' in answer.text
    assert pages.world.rows(Project)[0].pause is None


def test_pressed_twice_it_happens_once(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    for path in (PAGE, RESUME):
        for _ in range(2):
            assert ana.post(path, reason=WHY).status_code == 303
    done = [event.action for event in pages.world.rows(AuditEvent)]
    assert (done.count("project_paused"), done.count("project_resumed")) == (1, 1)


def test_a_project_that_is_not_there(pages: Pages) -> None:
    ana = pages.signed_in(ANA)
    assert {ana.get("/projects/999/pause").status_code, ana.post("/projects/999/resume").status_code} == {404}


def test_the_task_s_page_takes_no_more_queries_for_a_pause(pages: Pages) -> None:
    stranger, task = pages.stranger(), f"/tasks/{pages.world.task_id}"
    before = pages.count(stranger, task)
    pages.signed_in(ANA).post(PAGE, reason=WHY)
    assert pages.count(stranger, task) <= before
