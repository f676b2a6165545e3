"""Buttons for what `/landed` says: who sees them, what is refused and kept, and two clicks."""

from __future__ import annotations

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.ports.forge import CommitInfo, ForgePerson
from bountyhub.work.models import Claim
from tests.builders.world import ANA, BO, BOT, CLEO, DARA, EVE, REPOSITORY, World, later, merged, owed_shares
from tests.pages.conftest import Pages, Someone, words

COMMIT = CommitInfo("c0ffee" + "0" * 34, "Export", BO, url=f"{REPOSITORY.url}/commit/c0ffee")
LANDED = "/tasks/1/landed"
TAB = "/tasks/1?tab=pulls"


@pytest.fixture
def world(pages: Pages) -> World:
    """Fifty euros on a task, and a forge that knows everybody and one commit."""
    pages.know_roles()
    pages.forge.people = {person.id: person for person in (ANA, BO, CLEO, DARA, EVE, BOT)}
    pages.forge.branches = {"main": [COMMIT]}
    pages.world.pay()
    return pages.world


@pytest.fixture
def ana(pages: Pages, world: World) -> Someone:
    return pages.signed_in(ANA)


def claims(pages: Pages) -> list[tuple[str, str]]:
    return [(str(claim.state), str(claim.source)) for claim in pages.world.rows(Claim)]


def test_a_change_that_landed_is_paid_after_its_window(pages: Pages, ana: Someone) -> None:
    assert LANDED in ana.buttons(TAB)
    answer = ana.post(LANDED, author="@bo", commit=f"{REPOSITORY.url}/commit/c0ffee00")
    assert (answer.status_code, answer.location) == (303, TAB)
    assert "Noted for @bo. Objections are possible until" in ana.get(TAB).text
    assert claims(pages) == [("window", "landed")]
    assert LANDED not in ana.buttons(TAB)
    later(7.1)
    pages.world.sweep("work.sweep_windows")
    assert owed_shares(pages.world) == [(5000, "kept")]


@pytest.mark.parametrize("who", [BO, CLEO, DARA])
def test_nobody_else_sees_or_presses_it(pages: Pages, world: World, who: ForgePerson) -> None:
    world.linked(author=BOT)
    name, someone = f"/claims/{world.claim().id}/name", pages.signed_in(who)
    assert not {LANDED, name} & someone.buttons(TAB)
    assert {someone.post(path, author="bo").status_code for path in (LANDED, name)} == {403}
    assert claims(pages) == [("linked", "closing")]


def test_signed_out_is_led_to_sign_in(pages: Pages, world: World) -> None:
    world.linked(author=BOT)
    for path in (LANDED, f"/claims/{world.claim().id}/name"):
        assert pages.stranger().post(path, author="bo").location.startswith("/sign-in")


@pytest.mark.parametrize(
    ("author", "commit", "said"),
    [
        ("nobody", "", "There is no @nobody on GitHub."),
        ("", "", "That is not a name on GitHub."),
        ("bo", "beef", "That is not a commit."),
        ("bo", "beefbeef", "beefbeef is not on “main”."),
        ("dara", "c0ffee00", "That commit is by @bo."),
        ("ana", "", "somebody else has to decide"),
        (BOT.login, "", "A bot can't be paid."),
    ],
)
def test_what_is_refused_is_explained_and_kept(pages: Pages, ana: Someone, author: str, commit: str, said: str) -> None:
    answer = ana.post(LANDED, author=author, commit=commit)
    assert answer.status_code in (403, 422) and said in words(answer)
    assert f'value="{author}"' in answer.text and f'value="{commit}"' in answer.text
    assert claims(pages) == []


@pytest.mark.parametrize(("author", "commit", "field"), [("nobody", "", "author"), ("bo", "beef", "commit")])
def test_a_refusal_stands_at_the_field_it_is_about(ana: Someone, author: str, commit: str, field: str) -> None:
    text = ana.post(LANDED, author=author, commit=commit).text
    assert [name for name in ("author", "commit") if f'id="{name}-error"' in text] == [field]


def test_a_task_that_is_over_is_refused(pages: Pages, ana: Someone) -> None:
    ana.post("/tasks/1/cancel", reason="Not now.")
    assert ana.post(LANDED, author="bo").status_code == 422
    assert ana.post("/tasks/999/landed", author="bo").status_code == 404


def test_landed_pressed_twice_is_one_claim(pages: Pages, ana: Someone) -> None:
    for _ in range(2):
        assert ana.post(LANDED, author="bo", commit="c0ffee00").status_code == 303
    assert claims(pages) == [("window", "landed")]
    assert ana.post(LANDED, author="dara").status_code == 422  # something else


def test_said_again_after_it_was_refused_is_another_claim(pages: Pages, ana: Someone) -> None:
    ana.post(LANDED, author="bo", commit="c0ffee00")
    ana.post(f"/claims/{pages.world.rows(Claim)[0].id}/unlink")
    assert ana.post(LANDED, author="bo", commit="c0ffee00").status_code == 303
    assert claims(pages) == [("refused", "landed"), ("window", "landed")]


def test_a_bots_pull_request_is_given_to_a_person_and_pays_them(pages: Pages, ana: Someone) -> None:
    opened = pages.world.linked(author=BOT)
    name = f"/claims/{pages.world.claim().id}/name"
    assert name in ana.buttons(TAB)
    assert ana.post(name, author="bo").status_code == 303
    assert name not in ana.buttons(TAB)
    assert pages.world.claim().shown_at is None
    pages.world.show(pages.world.claim())
    pages.world.record(merged(opened))
    assert owed_shares(pages.world) == [(5000, "kept")]


def test_named_twice_is_named_once(pages: Pages, ana: Someone) -> None:
    pages.world.record(merged(pages.world.linked(author=BOT)))
    for _ in range(2):
        assert ana.post(f"/claims/{pages.world.claim().id}/name", author="bo").status_code == 303
    assert claims(pages) == [("window", "closing")]
    assert [event.action for event in pages.world.rows(AuditEvent)].count("claim_named") == 1


@pytest.mark.parametrize(("author", "status"), [("ana", 403), ("nobody", 422), (BOT.login, 422)])
def test_who_can_not_be_named_is_explained_and_kept(pages: Pages, ana: Someone, author: str, status: int) -> None:
    pages.world.linked(author=BOT)
    answer = ana.post(f"/claims/{pages.world.claim().id}/name", author=author)
    assert answer.status_code == status and f'value="{author}"' in answer.text


def test_a_persons_pull_request_stays_theirs(pages: Pages, ana: Someone) -> None:
    pages.world.linked()
    name = f"/claims/{pages.world.claim().id}/name"
    assert name not in ana.buttons(TAB)
    answer = ana.post(name, author="dara")
    assert answer.status_code == 422 and "This pull request is by @bo." in words(answer)
