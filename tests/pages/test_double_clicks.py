"""Every button pressed twice does its thing once, and the second press shows no error."""

from __future__ import annotations

from typing import Any

import pytest

from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit.database import transaction
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import make_link
from bountyhub.work.models import Objection
from tests.builders.world import ANA, BO, CLEO, EVE, later, merged, pull
from tests.pages.conftest import Pages, Someone


def twice(someone: Someone, path: str, **typed: str) -> None:
    answers = [someone.post(path, **typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], path
    assert answers[0].location == answers[1].location


def trail(pages: Pages, action: str) -> list[Any]:
    return [event for event in pages.world.rows(AuditEvent) if event.action == action]


def test_opening_and_wanting(pages: Pages) -> None:
    wanted = f"/tasks/{pages.world.task(13, opened=False)}"
    before = len(trail(pages, "task_opened"))
    twice(pages.signed_in(CLEO), f"{wanted}/want")
    twice(pages.signed_in(ANA), f"{wanted}/open")
    assert len(trail(pages, "task_opened")) == before + 1


def test_cancelling_and_taking_it_back(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    path = f"/tasks/{pages.world.task_id}"
    twice(pages.signed_in(ANA), f"{path}/cancel", reason="Not now.")
    twice(pages.signed_in(ANA), f"{path}/uncancel")
    assert len(trail(pages, "task_end_announced")) == len(trail(pages, "task_end_taken_back")) == 1


def test_cancelling_at_once(pages: Pages) -> None:
    pages.world.pay(5000)
    twice(pages.signed_in(ANA), f"/tasks/{pages.world.task_id}/cancel", reason="Not now.")
    assert len(trail(pages, "refund_asked")) == 1


@pytest.mark.parametrize("action", ["confirm", "unlink"])
def test_deciding_about_a_late_claim(pages: Pages, action: str) -> None:
    pages.world.pay(5000)
    pages.world.record(pull(), merged(pull()))
    twice(pages.signed_in(ANA), f"/claims/{pages.world.claim().id}/{action}")


@pytest.mark.parametrize("decision", ["release", "refuse"])
def test_objecting_and_settling(pages: Pages, decision: str) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    claim = f"/claims/{pages.world.claim().id}"
    twice(pages.signed_in(CLEO), f"{claim}/object", reason="It does not work.")
    twice(pages.signed_in(ANA), f"{claim}/settle", decision=decision, reason="I have looked.")
    assert len(trail(pages, "objected")) == 1


def test_claiming(pages: Pages) -> None:
    pages.outside.see(pull(40, closes=()))
    typed = "http://127.0.0.1:8001/github/ana/inkwell/pull/40"
    twice(pages.signed_in(BO), f"/tasks/{pages.world.task_id}/claim", pull_url=typed)
    assert len(trail(pages, "claim_linked")) == 1


def test_withdrawing_an_objection(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    pages.signed_in(CLEO).post(f"/claims/{pages.world.claim().id}/object", reason="It does not work.")
    (objection,) = pages.world.rows(Objection)
    twice(pages.signed_in(CLEO), f"/objections/{objection.id}/withdraw")
    assert len(trail(pages, "objection_withdrawn")) == 1
    assert pages.world.claim().state == "window"


def test_taking_money_back(pages: Pages) -> None:
    twice(pages.signed_in(CLEO), f"/contributions/{pages.world.pay(5000).id}/withdraw")
    assert len(trail(pages, "refund_asked")) == 1


def test_taking_money_back_by_a_mailed_link(pages: Pages) -> None:
    given = pages.world.pay(5000, by=None)
    with transaction() as session:
        secret = make_link(session, LinkPurpose.CONTRIBUTION, given.email, given.id)
    twice(pages.stranger(), f"/c/{secret}/withdraw")
    assert [refund.total for refund in pages.world.rows(Refund)] == [5275]


def test_giving_notice_and_staying(pages: Pages) -> None:
    contribution = f"/contributions/{pages.world.pay(5000).id}"
    pages.world.linked()
    later(15)
    twice(pages.signed_in(CLEO), f"{contribution}/withdraw")
    assert pages.world.rows(Contribution)[0].notice_until is not None
    twice(pages.signed_in(CLEO), f"{contribution}/stay")
    assert pages.world.rows(Contribution)[0].notice_until is None
    assert pages.world.rows(Refund) == []


def test_signing_out(pages: Pages) -> None:
    twice(pages.signed_in(CLEO), "/sign-out")


def test_listing_an_issue(pages: Pages) -> None:
    pages.forge.issues[31] = pages.forge.open_issues(1)[0]
    twice(pages.signed_in(CLEO), "/tasks/new", issue_url="http://127.0.0.1:8001/github/ana/inkwell/issues/31")


def test_connecting_an_account(pages: Pages) -> None:
    twice(pages.signed_in(BO), "/me/payout-account")
    assert len(trail(pages, "payout_account_asked")) == 1
