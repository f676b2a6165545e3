"""From a pasted address to a task, and every address that is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.pages.task_new import SAID
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.ports.forge import Permission
from bountyhub.projects.models import Installation, Repository
from bountyhub.tasks.models import Task, TaskState
from tests.builders.world import ANA, CLEO, DARA, EVE, REPOSITORY, issue
from tests.pages.conftest import Pages, words
from tests.pages.forge import ELSEWHERE

WEB = "http://127.0.0.1:8001/github"
NEW = f"{WEB}/ana/inkwell/issues/31"


@pytest.fixture(autouse=True)
def an_open_issue(pages: Pages) -> None:
    pages.forge.issues[31] = issue(31)


def newest(pages: Pages) -> Task:
    found: Task = pages.world.rows(Task)[-1]
    return found


def test_a_maintainer_opens_the_task_by_pasting(pages: Pages) -> None:
    answer = pages.signed_in(ANA).post("/tasks/new", issue_url=NEW)
    assert (answer.status_code, answer.location) == (303, f"/tasks/{newest(pages).id}")
    assert (newest(pages).state, newest(pages).issue_number) == ("open", 31)


def test_what_somebody_else_pastes_is_wanted(pages: Pages) -> None:
    pages.signed_in(DARA).post("/tasks/new", issue_url=NEW)
    assert newest(pages).state == "wanted"


def test_without_the_app_it_is_wanted_even_by_its_owner(pages: Pages) -> None:
    answer = pages.signed_in(EVE).post("/tasks/new", issue_url=f"{WEB}/eve/almanac/issues/31")
    assert newest(pages).state == "wanted"
    assert "No money is taken until a maintainer opens" in pages.stranger().reads(answer.location)


def test_pasting_again_as_a_maintainer_opens_what_was_wanted(pages: Pages) -> None:
    pages.signed_in(DARA).post("/tasks/new", issue_url=NEW)
    wanted = newest(pages)
    pages.signed_in(ANA).post("/tasks/new", issue_url=NEW)
    assert (newest(pages).id, newest(pages).state) == (wanted.id, "open")


def test_an_installation_no_webhook_told_of_is_read(pages: Pages) -> None:
    covered = replace(ELSEWHERE, installation=99)
    pages.forge.shown["eve/almanac"] = covered
    pages.forge.covered = [covered]
    pages.world.permissions[EVE.id] = pages.world.permissions[ANA.id]
    pages.signed_in(EVE).post("/tasks/new", issue_url=f"{WEB}/eve/almanac/issues/31")
    assert newest(pages).state == "open"
    assert [i.forge_id for i in pages.world.rows(Installation)] == [77, 99]
    assert all(r.installation_id for r in pages.world.rows(Repository))


def test_a_stranger_is_led_to_the_task_there_is(pages: Pages) -> None:
    answer = pages.stranger().post("/tasks/new", issue_url=f"{WEB}/Ana/Inkwell/issues/12")
    assert (answer.status_code, answer.location) == (303, f"/tasks/{pages.world.task_id}")


def test_a_stranger_signs_in_and_finds_what_they_typed(pages: Pages) -> None:
    stranger = pages.stranger()
    answer = stranger.post("/tasks/new", issue_url=NEW)
    assert answer.location.startswith("/sign-in?next=")
    sign_in = stranger.get(answer.location)
    assert "What you pasted is kept" in words(sign_in)
    assert "/tasks/new?issue_url=http" in sign_in.text
    assert f'value="{NEW}"' in stranger.get(f"/tasks/new?issue_url={NEW}").text


def test_pasting_a_cancelled_tasks_issue_begins_a_linked_new_round(pages: Pages) -> None:
    first = pages.world.task_id
    pages.forge.issues[12] = issue(12)
    pages.signed_in(ANA).post(f"/tasks/{first}/cancel", reason="Not now")
    pasted = f"{WEB}/ana/inkwell/issues/12"
    dara = pages.signed_in(DARA)
    assert dara.post("/tasks/new", issue_url=pasted).location == f"/tasks/{first}"
    assert "was cancelled. A maintainer can make a new one" in dara.reads(f"/tasks/{first}")
    answer = pages.signed_in(ANA).post("/tasks/new", issue_url=pasted)
    assert answer.location == f"/tasks/{newest(pages).id}" != f"/tasks/{first}"
    assert f'href="{answer.location}"' in pages.stranger().get(f"/tasks/{first}").text
    assert f'href="/tasks/{first}"' in pages.stranger().get(answer.location).text
    assert pages.stranger().post("/tasks/new", issue_url=pasted).location == answer.location


@pytest.mark.parametrize("state", TaskState)
def test_each_state_has_its_own_words(state: TaskState) -> None:
    assert ("people can put money on it" in SAID[state]) == (state is TaskState.OPEN)


WRONG = {
    "": "Fill this in",
    "nonsense": "not on 127.0.0.1:8001",
    "https://gitlab.com/a/b/-/issues/1": "not on 127.0.0.1:8001",
    "http://[::1": "That is no address",
    f"{WEB}/ana/inkwell": "not of one issue",
    f"{WEB}/ana/inkwell/pull/3": "a pull request, not an issue",
    f"{WEB}/ana/gone/issues/3": "no public repository ana/gone",
    f"{WEB}/ana/private/issues/3": "That repository is private",
    f"{WEB}/ana/old/issues/3": "archived",
    f"{WEB}/ana/inkwell/issues/404": "no issue #404",
    f"{WEB}/ana/inkwell/issues/32": "closed",
    f"{WEB}/ana/inkwell/issues/33": "a pull request, not an issue",
    f"{WEB}/ana/inkwell/issues/34": "moved to another repository",
    f"{WEB}/<script>/x/issues/1": "not of one issue",
}


@pytest.mark.parametrize(("typed", "said"), WRONG.items())
def test_a_wrong_address_is_refused_with_its_reason_and_kept(pages: Pages, typed: str, said: str) -> None:
    pages.forge.shown["ana/private"] = replace(REPOSITORY, name="private", private=True)
    pages.forge.shown["ana/old"] = replace(REPOSITORY, name="old", archived=True)
    pages.forge.issues[32] = issue(32, is_open=False)
    pages.forge.issues[33] = issue(33, is_pull_request=True)
    pages.forge.issues[34] = issue(34, repository=1)
    answer = pages.signed_in(ANA).post("/tasks/new", issue_url=typed)
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert len(pages.world.rows(Task)) == 1


def test_nobody_learns_here_that_a_private_repository_exists(pages: Pages) -> None:
    pages.forge.shown["ana/private"] = replace(REPOSITORY, name="private", private=True)
    pages.world.permissions[DARA.id] = Permission.NONE
    answers = [
        pages.signed_in(DARA).post("/tasks/new", issue_url=f"{WEB}/ana/{name}/issues/3")
        for name in ("private", "nothing")
    ]
    assert words(answers[0]).replace("private.", "nothing.") == words(answers[1])
    assert "There is no public repository ana/private." in words(answers[0])


@pytest.mark.parametrize(
    "typed", ["ana/inkwell#31", f"{NEW}?a=b#issuecomment-1", NEW.replace("127.0.0.1", "localhost"), f"  {NEW}/ "]
)
def test_spellings_of_the_same_issue(pages: Pages, typed: str) -> None:
    pages.signed_in(ANA).post("/tasks/new", issue_url=typed)
    assert newest(pages).issue_number == 31


def test_a_forge_that_is_away_is_said_and_nothing_is_made(pages: Pages) -> None:
    pages.forge.fail["find_repository"] = [OutsideUnavailable("github: no answer")]
    answer = pages.signed_in(CLEO).post("/tasks/new", issue_url=NEW)
    assert answer.status_code == 503
    assert "isn’t answering" in words(answer)
    assert len(pages.world.rows(Task)) == 1
