"""`/operator/stops`: for operators alone; two of them make a stop last."""

from __future__ import annotations

import pytest

from bountyhub.payouts.models import Stop
from bountyhub.ports.forge import ForgePerson
from tests.admin.conftest import use
from tests.builders.world import ANA, BO, CLEO, DARA, EVE
from tests.pages.conftest import Pages

PATH = "/operator/stops"
SITE = {"scope": "site", "target": "", "reason": "Looking into it."}


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
@pytest.mark.presses(PATH, f"{PATH}/<int:stop_id>/extend", f"{PATH}/<int:stop_id>/end")
def test_nobody_else_sees_or_presses_it(pages: Pages, who: ForgePerson | None) -> None:
    pages.signed_in(DARA).post(PATH, **SITE)
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get(PATH).status_code == 404
    assert someone.post(PATH, **SITE).status_code == 404
    assert someone.post(f"{PATH}/1/extend").status_code == 404
    assert someone.post(f"{PATH}/1/end", reason="Now.").status_code == 404
    assert pages.world.rows(Stop)[0].ended_at is None


def test_it_is_made_once_extended_by_another_and_ended(pages: Pages) -> None:
    use(OPERATORS=[DARA.id, EVE.id])
    dara, eve = pages.signed_in(DARA), pages.signed_in(EVE)
    for _ in range(2):
        assert dara.post(PATH, **SITE).status_code == 303
    assert len(pages.world.rows(Stop)) == 1
    assert "the whole site" in dara.reads(PATH)
    assert dara.post(f"{PATH}/1/extend").status_code == 409
    assert eve.post(f"{PATH}/1/extend").status_code == 303
    assert eve.post(f"{PATH}/1/end", reason="Fine.").status_code == 303
    assert "No money is stopped" in dara.reads(PATH)
    assert "Fine." in dara.reads(PATH)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"scope": "task", "target": "999", "reason": "Why."}, "no such task"),
        ({"scope": "project", "target": "x", "reason": "Why."}, "no such project"),
        ({"scope": "person", "target": "nobody", "reason": "Why."}, "Nobody with that GitHub login"),
        ({"scope": "card", "target": "nothing", "reason": "Why."}, "reference of a contribution"),
        ({"scope": "moon", "target": "", "reason": "Why."}, "Choose what"),
        ({"scope": "site", "target": "", "reason": ""}, "Say why"),
    ],
)
def test_what_names_nothing_is_said_and_kept(pages: Pages, typed: dict[str, str], says: str) -> None:
    answer = pages.signed_in(DARA).post(PATH, **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert typed["reason"] in answer.text
    assert pages.world.rows(Stop) == []


@pytest.mark.parametrize(("scope", "target"), [("task", "/tasks/1"), ("project", "#1"), ("person", "@bo")])
def test_each_is_named_as_people_name_it(pages: Pages, scope: str, target: str) -> None:
    dara = pages.signed_in(DARA)
    assert dara.post(PATH, scope=scope, target=target, reason="Why.").status_code == 303
    assert "Why." in dara.reads(PATH)
