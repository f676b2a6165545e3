"""The operator's reports: for operators alone, and the same figures as the books."""

from __future__ import annotations

import pytest

from bountyhub import settings
from tests.builders.settings import play_settings
from tests.builders.world import ANA, BO, merged
from tests.pages.conftest import Pages

PATHS = ("/operator/reports", "/operator/reports/payees.csv", "/operator/reports?year=abc")


@pytest.mark.parametrize("path", PATHS)
def test_they_are_for_operators_alone(pages: Pages, path: str) -> None:
    assert pages.stranger().get(path).status_code == 404
    assert pages.signed_in(BO).get(path).status_code == 404
    settings.use(play_settings(OPERATORS=[ANA.id]))
    assert pages.signed_in(ANA).get(path).status_code == 200


def test_what_was_paid_is_there(pages: Pages) -> None:
    settings.use(play_settings(OPERATORS=[ANA.id]))
    pages.world.connect(BO)
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked()))
    pages.world.send_transfers()
    ana = pages.signed_in(ANA)
    assert "50.00 €" in ana.reads("/operator/reports")
    assert "acct_bo,FR,EUR,50.00,0.00,50.00,1" in ana.get("/operator/reports/payees.csv").text
    assert "Nobody was paid" in ana.reads("/operator/reports?year=2001")
