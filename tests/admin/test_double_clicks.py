"""The operator's buttons pressed twice do their thing once."""

from __future__ import annotations

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Refund
from bountyhub.kit.money import Money
from bountyhub.payouts.models import Stop
from bountyhub.work.models import Undo
from tests.admin.conftest import use
from tests.admin.test_disputes import disputed
from tests.admin.test_other_way import failed
from tests.admin.test_undo import released
from tests.builders.undoing import propose
from tests.builders.world import DARA, EVE
from tests.pages.conftest import Pages


def trail(pages: Pages) -> list[str]:
    return [event.action for event in pages.world.rows(AuditEvent)]


def twice(pages: Pages, path: str, again: int = 303, **typed: str) -> None:
    """The second press changes nothing that is told in the audit trail; it may say that it comes too late."""
    dara = pages.signed_in(DARA)
    assert dara.post(path, **typed).status_code == 303, path
    once = trail(pages)
    assert dara.post(path, **typed).status_code == again, path
    assert trail(pages) == once


@pytest.mark.parametrize("what", ["match", "return"])
def test_unplaced_money(pages: Pages, what: str) -> None:
    given = pages.world.capture(pages.world.order(5000), Money(5270, "EUR"))
    twice(pages, f"/operator/suspense/{given.id}/{what}")


def test_stops(pages: Pages) -> None:
    use(OPERATORS=[DARA.id, EVE.id])
    twice(pages, "/operator/stops", scope="site", target="", reason="Looking.")
    pages.signed_in(EVE).post("/operator/stops/1/end", reason="Fine.")
    pages.signed_in(EVE).post("/operator/stops", scope="site", target="", reason="Again.")
    twice(pages, "/operator/stops/2/extend", again=409)
    twice(pages, "/operator/stops/2/end", reason="Fine.")
    assert [stop.ended_at is not None for stop in pages.world.rows(Stop)] == [True, True]


@pytest.mark.parametrize(("what", "again"), [("paid", 409), ("again", 409), ("apart", 303)])
def test_unclaimed_refunds(pages: Pages, what: str, again: int) -> None:
    _, refund = failed(pages)
    twice(pages, f"/operator/unclaimed/{refund.ref}/{what}", again=again, note="SEPA")
    assert len(pages.world.rows(Refund)) == (2 if what == "again" else 1)


@pytest.mark.parametrize(("what", "warned", "again"), [("answer", False, 303), ("keep", True, 409)])
def test_disputes(pages: Pages, what: str, warned: bool, again: int) -> None:
    ref = disputed(pages, warned=warned).ref
    twice(pages, f"/operator/disputes/{ref}/{what}", again=again, reason="A friend.")


@pytest.mark.parametrize("what", ["propose", "confirm", "withdraw"])
def test_undone_releases(pages: Pages, what: str) -> None:
    released(pages)
    use(OPERATORS=[DARA.id, EVE.id])
    row = None if what == "propose" else propose(pages.world, by=EVE if what == "confirm" else DARA)
    twice(
        pages, f"/operator/undo/1/{what}" if row is None else f"/operator/undo/1/{row.id}/{what}", reason="A mistake."
    )
    assert len(pages.world.rows(Undo)) == 1
