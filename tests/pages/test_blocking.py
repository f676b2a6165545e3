"""The desk's page of blocked people: who sees it, who is found by a name, and what blocked people read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.ports.forge import ForgePerson
from bountyhub.projects.models import Block
from tests.builders.policing import put
from tests.builders.world import ANA, BO, CLEO, DARA, EVE
from tests.pages.conftest import Pages, Someone, words

PAGE = "/projects/1/people"
EVERYBODY = {person.id: person for person in (ANA, BO, CLEO, DARA, EVE)}


@pytest.fixture
def ana(pages: Pages) -> Someone:
    """Ana, in a world whose forge knows everybody by name."""
    pages.know_roles()
    pages.forge.people = dict(EVERYBODY)
    return pages.signed_in(ANA)


def test_nobody_blocks_a_decider_of_the_policy_file(pages: Pages, ana: Someone) -> None:
    put(pages.world, "deciders: [bo]\n", BO)
    assert "decides in this project" in words(ana.post(PAGE, login="bo", reason="Spam."))
    assert pages.world.rows(Block) == []


def test_a_maintainer_blocks_by_name_and_unblocks(pages: Pages, ana: Someone) -> None:
    assert "Nobody is blocked." in ana.reads(PAGE)
    assert ana.post(PAGE, login="@Bo", reason="Spam, again.").status_code == 303
    assert "@bo Spam, again." in ana.reads(PAGE)
    (row,) = pages.world.rows(Block)
    assert f"{PAGE}/{row.id}/unblock" in ana.buttons(PAGE)
    ana.post(f"{PAGE}/{row.id}/unblock")
    assert "@bo, unblocked by ana; blocked by ana: Spam, again." in ana.reads(PAGE)


def test_a_name_given_up_and_taken_by_somebody_else_blocks_the_one_who_had_it(pages: Pages, ana: Someone) -> None:
    ana.post(PAGE, login="bo", reason="Spam.")
    pages.forge.people[BO.id] = replace(BO, login="robert")
    assert "have blocked you" in pages.signed_in(BO).reads("/projects/1")
    assert "have blocked you" not in pages.signed_in(DARA).reads("/projects/1")


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_sees_or_changes_the_list(pages: Pages, ana: Someone, who: ForgePerson) -> None:
    ana.post(PAGE, login="eve", reason="")
    ana.post(PAGE, login="cleo", reason="Rude.")
    (row,) = pages.world.rows(Block)
    someone = pages.signed_in(who)
    assert someone.get(PAGE).status_code == 403
    assert someone.post(PAGE, login="dara", reason="Mine.").status_code == 403
    assert someone.post(f"{PAGE}/{row.id}/unblock").status_code == 403
    assert [one.lifted_at for one in pages.world.rows(Block)] == [None]


def test_signed_out_is_led_to_sign_in(pages: Pages) -> None:
    stranger = pages.stranger()
    for answer in (stranger.get(PAGE), stranger.post(PAGE), stranger.post(f"{PAGE}/1/unblock")):
        assert answer.status_code == 303 and answer.location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("login", "reason", "said"),
    [
        ("nobody", "Spam.", "There is no @nobody on GitHub. Check how it is spelled."),
        ("no body", "Spam.", "That is not a name on GitHub. Write it as @name."),
        ("eve", "Spam.", "@eve decides in this project, so nobody can block them."),
        ("ana", "Spam.", "You can’t block yourself."),
        ("bo", "", "Fill this in."),
    ],
)
def test_what_is_refused_is_explained_and_kept(ana: Someone, login: str, reason: str, said: str) -> None:
    answer = ana.post(PAGE, login=login, reason=reason)
    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert f'value="{login}"' in answer.text and reason in answer.text


def test_a_blocked_person_reads_why_and_finds_no_form(pages: Pages, ana: Someone) -> None:
    task = f"/tasks/{pages.world.task_id}"
    ana.post(PAGE, login="bo", reason="Spam.")
    bo = pages.signed_in(BO)
    assert "“Spam.”" in bo.reads(task) and "“Spam.”" in bo.reads(f"{task}/fund")
    assert not {f"{task}/fund", f"{task}/claim"} & (bo.buttons(task) | bo.buttons(f"{task}?tab=pulls"))
    answer = bo.post(f"{task}/fund", amount="25", consent="yes", nonce="blocked-nonce-1234")
    assert answer.status_code == 403 and "“Spam.”" in words(answer)
    for other in (pages.signed_in(CLEO), pages.stranger()):
        assert "Spam" not in other.reads(task)


def test_a_reason_is_shown_as_text(pages: Pages, ana: Someone) -> None:
    ana.post(PAGE, login="bo", reason="<script>alert(1)</script>")
    assert "<script>alert" not in ana.get(PAGE).text + pages.signed_in(BO).get("/projects/1").text


def test_pressed_twice_it_happens_once(pages: Pages, ana: Someone) -> None:
    for _ in range(2):
        assert ana.post(PAGE, login="bo", reason="Spam.").status_code == 303
    (row,) = pages.world.rows(Block)
    for _ in range(2):
        assert ana.post(f"{PAGE}/{row.id}/unblock").status_code == 303
    done = [event.action for event in pages.world.rows(AuditEvent)]
    assert (done.count("person_blocked"), done.count("person_unblocked")) == (1, 1)


def test_a_block_or_project_that_is_not_there(ana: Someone) -> None:
    assert ana.get("/projects/999/people").status_code == 404
    assert ana.post("/projects/999/people", login="bo", reason="Spam.").status_code == 404
    assert ana.post(f"{PAGE}/999/unblock").status_code == 404


def test_the_page_takes_as_many_queries_for_many_as_for_one(pages: Pages, ana: Someone) -> None:
    ana.post(PAGE, login="bo", reason="Spam.")
    once = pages.count(ana, PAGE)
    for login in ("cleo", "dara"):
        ana.post(PAGE, login=login, reason="Spam.")
    assert pages.count(ana, PAGE) == once
