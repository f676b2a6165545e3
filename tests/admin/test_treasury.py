"""`/operator/treasury`: for operators alone; nothing is paid out there."""

from __future__ import annotations

import pytest

from bountyhub import settings
from bountyhub.ports.forge import ForgePerson
from tests.builders.world import ANA, BO, CLEO, DARA
from tests.pages.conftest import Pages


@pytest.mark.parametrize("who", [ANA, BO, CLEO, None])
def test_nobody_else_sees_it(pages: Pages, who: ForgePerson | None) -> None:
    assert (pages.signed_in(who) if who else pages.stranger()).get("/operator/treasury").status_code == 404


def test_the_operator_sees_what_could_be_paid_out(pages: Pages) -> None:
    settings.use(settings.current().model_copy(update={"OWN_FUNDS_RESERVE": {"EUR": 20_000}}))
    pages.world.order(5000)
    dara = pages.signed_in(DARA)
    text = dara.reads("/operator/treasury")
    assert "500.00" in text and "200.00" in text
    # 3.25 % of 52.75, rounded up, and the fixed quarter are kept for the payment under way: 1.97 of 300.00
    assert "1.97" in text and "298.03" in text


def test_the_operator_sees_what_is_missing(pages: Pages) -> None:
    settings.use(settings.current().model_copy(update={"OWN_FUNDS_RESERVE": {"EUR": 60_000}}))
    assert "missing to the reserve" in pages.signed_in(DARA).reads("/operator/treasury")
