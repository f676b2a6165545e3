"""Who is paid, on the claim's page: its author says so there as in a comment; nobody else may."""

from __future__ import annotations

import pytest

from bountyhub.ports.forge import ForgePerson
from tests.builders.world import ANA, BO, DARA, EVE, World, closed, merged
from tests.pages.conftest import Pages

TYPED = "@dara 70 @bo 30"


@pytest.fixture
def path(pages: Pages) -> str:
    """A claim of Bo's; GitHub knows people by name, and the pull request."""
    pages.world.pay()
    pages.outside.see(pages.world.linked())
    for who in (DARA, BO, EVE):
        pages.forge.people[who.id] = who
    return f"/claims/{pages.world.claim().id}"


def percents(world: World) -> list[int]:
    return list(world.claim().split.values())


def test_pressed_twice_it_is_said_once(pages: Pages, path: str) -> None:
    bo = pages.signed_in(BO)
    assert "All of it is for bo." in bo.reads(path)
    assert [bo.post(f"{path}/split", split=TYPED).status_code for _ in range(2)] == [303, 303]
    assert percents(pages.world) == [70, 30]
    assert pages.world.actions("claim").count("claim_split") == 1
    assert 'value="@dara 70 @bo 30"' in bo.get(path).text
    shown = pages.stranger().reads(path)
    assert "70 % @dara" in shown and "Split it so" not in shown


@pytest.mark.parametrize("who", [ANA, DARA])
def test_nobody_but_its_author_splits_it(pages: Pages, path: str, who: ForgePerson) -> None:
    answer = pages.signed_in(who).post(f"{path}/split", split=TYPED)
    assert (answer.status_code, percents(pages.world)) == (422, [])
    assert "Only the author" in answer.text
    assert "Split it so" not in pages.signed_in(who).reads(path)


def test_signed_out_one_is_asked_to_sign_in(pages: Pages, path: str) -> None:
    assert pages.stranger().post(f"{path}/split", split=TYPED).location.startswith("/sign-in")


@pytest.mark.parametrize(("typed", "says"), [
    ("@dara 70 @bo 20", "90 percent"), ("half each", "not a list"), ("@nobody 100", "no @nobody"), ("", "Nobody"),
    ("@dara 70 <b>", "not a list"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(pages: Pages, path: str, typed: str, says: str) -> None:
    answer = pages.signed_in(BO).post(f"{path}/split", split=typed)
    assert (answer.status_code, percents(pages.world)) == (422, [])
    assert says in answer.text
    assert f'value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text


def test_after_the_merge_there_is_no_form(pages: Pages, path: str) -> None:
    bo, opened = pages.signed_in(BO), pages.forge.pulls[40]
    pages.outside.see(merged(opened))  # no webhook came yet
    assert "It was merged" in bo.post(f"{path}/split", split=TYPED).text
    pages.world.record(closed(opened), opened, merged(opened))
    assert "Split it so" not in bo.reads(path)
    assert bo.post(f"{path}/split", split=TYPED).status_code == 422


def test_programs_read_it(pages: Pages, path: str) -> None:
    pages.signed_in(BO).post(f"{path}/split", split=TYPED)
    (claim,) = pages.stranger().get(f"/api/v1/tasks/{pages.world.task_id}").get_json()["claims"]
    assert claim["split"] == [{"developer": "dara", "percent": 70}, {"developer": "bo", "percent": 30}]
