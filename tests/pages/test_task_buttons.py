"""Each command of a comment is a button on the task's page too: claim, confirm, unlink, object."""

from __future__ import annotations

from tests.builders.world import ANA, BO, CLEO, EVE, merged, pull
from tests.pages.conftest import Pages


def pulls_tab(pages: Pages) -> str:
    pages.know_roles()
    return f"/tasks/{pages.world.task_id}?tab=pulls"


def test_claim(pages: Pages) -> None:
    assert f"/tasks/{pages.world.task_id}/claim" in pages.signed_in(BO).buttons(pulls_tab(pages))


def test_unlink_before_the_merge(pages: Pages) -> None:
    pages.world.linked()
    assert f"/claims/{pages.world.claim().id}/unlink" in pages.signed_in(ANA).buttons(pulls_tab(pages))
    assert f"/claims/{pages.world.claim().id}/unlink" not in pages.signed_in(CLEO).buttons(pulls_tab(pages))


def test_confirm_and_unlink_of_a_late_claim(pages: Pages) -> None:
    pages.world.record(pull(), merged(pull()))
    claim = f"/claims/{pages.world.claim().id}"
    assert {f"{claim}/confirm", f"{claim}/unlink"} <= pages.signed_in(ANA).buttons(pulls_tab(pages))
    assert f"{claim}/confirm" not in pages.signed_in(BO).buttons(pulls_tab(pages))


def test_object(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    path = f"/claims/{pages.world.claim().id}/object"
    for entitled in (ANA, CLEO):
        assert path in pages.signed_in(entitled).buttons(pulls_tab(pages))
    for other in (BO, EVE):
        assert path not in pages.signed_in(other).buttons(pulls_tab(pages))
