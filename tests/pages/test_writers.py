"""Somebody with `write`, who may merge but decides nothing: money and claims are for `maintain` and `admin`."""

from __future__ import annotations

import pytest

from bountyhub.kit.database import transaction
from bountyhub.ports.forge import Permission
from bountyhub.work import operations as work
from bountyhub.work.models import Objection
from tests.builders.world import ANA, CLEO, DARA, EVE, merged, pull
from tests.pages.conftest import Pages, Someone


@pytest.fixture
def writer(pages: Pages) -> Someone:
    pages.world.permissions[DARA.id] = Permission.WRITE
    pages.world.pay(5000)
    return pages.signed_in(DARA)


def test_they_open_tasks(pages: Pages, writer: Someone) -> None:
    wanted = pages.world.task(13, opened=False)
    assert writer.post(f"/tasks/{wanted}/open").status_code == 303
    assert pages.world.read_task(wanted).state == "open"


def test_they_cancel_nothing_and_take_no_end_back(pages: Pages, writer: Someone) -> None:
    path = f"/tasks/{pages.world.task_id}"
    pages.know_roles()
    assert f"{path}/cancel" not in writer.buttons(path)
    assert writer.post(f"{path}/cancel", reason="Mine.").status_code == 403
    pages.world.linked()
    with transaction() as session:
        ana = pages.world.actor(ANA)
        work.cancel_task(session, pages.world.task_id, ana, Permission.ADMIN, "No time.")
    assert writer.post(f"{path}/uncancel").status_code == 403
    assert pages.world.read_task().ends_at is not None


@pytest.mark.parametrize("action", ["confirm", "unlink"])
def test_they_decide_about_no_late_claim(pages: Pages, writer: Someone, action: str) -> None:
    pages.world.record(pull(), merged(pull()))
    path = f"/claims/{pages.world.claim().id}"
    pages.know_roles()
    assert writer.buttons(path) == set()
    assert writer.post(f"{path}/{action}").status_code == 403
    assert pages.world.claim().state == "late"


def test_they_neither_object_nor_settle_nor_end_a_window(pages: Pages, writer: Someone) -> None:
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    path = f"/claims/{pages.world.claim().id}"
    assert writer.post(f"{path}/object", reason="I would not.").status_code == 403
    assert pages.world.rows(Objection) == []
    pages.signed_in(CLEO).post(f"{path}/object", reason="The links are dead.")
    assert writer.post(f"{path}/settle", decision="release", reason="Fine.").status_code == 403
    assert writer.post(f"{path}/unlink").status_code == 403
    assert pages.world.claim().state == "blocked"
