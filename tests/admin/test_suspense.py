"""`/operator/suspense`: for operators alone."""

from __future__ import annotations

import pytest

from bountyhub.funding.models import Contribution
from bountyhub.kit.money import Money
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages


def wrong(pages: Pages) -> Contribution:
    return pages.world.capture(pages.world.order(5000), Money(5270, "EUR"))


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
@pytest.mark.presses(
    "/operator/suspense/<int:contribution_id>/match", "/operator/suspense/<int:contribution_id>/return"
)
def test_nobody_else_sees_or_presses_it(pages: Pages, who: ForgePerson | None) -> None:
    given = wrong(pages)
    someone = pages.signed_in(who) if who else pages.stranger()
    assert someone.get("/operator/suspense").status_code == 404
    for what in ("match", "return"):
        assert someone.post(f"/operator/suspense/{given.id}/{what}").status_code == 404
    assert pages.world.contribution(given.id).state == "suspended"


def test_the_operator_sees_what_it_would_become_and_holds_it(pages: Pages) -> None:
    given = wrong(pages)
    dara = pages.signed_in(DARA)
    assert "52.70" in dara.reads("/operator/suspense")
    assert "49.95" in dara.reads("/operator/suspense")
    assert dara.post(f"/operator/suspense/{given.id}/match").status_code == 303
    assert pages.world.contribution(given.id).state == "held"
    assert "Nothing waits" in dara.reads("/operator/suspense")


def test_the_operator_sends_it_back(pages: Pages) -> None:
    given = wrong(pages)
    assert pages.signed_in(DARA).post(f"/operator/suspense/{given.id}/return").status_code == 303
    assert pages.world.send_refunds() == 5270


def test_what_cant_be_held_says_why(pages: Pages) -> None:
    given = pages.world.capture(pages.world.order(5000), Money(5275, "USD"))
    dara = pages.signed_in(DARA)
    assert "can’t be held" in dara.reads("/operator/suspense")
    assert dara.post(f"/operator/suspense/{given.id}/match").status_code == 409
