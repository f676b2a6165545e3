"""Every button pressed twice does its thing once: the second press changes no row and shows no error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request as asked
from sqlalchemy import select

from bountyhub.events.models import AuditEvent
from bountyhub.funding.models import Contribution, Refund
from bountyhub.kit.database import Base, reading, transaction
from bountyhub.people.models import LinkPurpose
from bountyhub.people.operations import CLOCK, make_link
from bountyhub.tasks.models import Task
from bountyhub.work import operations as work
from bountyhub.work.models import Objection
from tests.builders.world import ANA, BO, CLEO, EVE, issue, later, merged, pull
from tests.pages.conftest import Pages, Someone
from tests.pages.pressed_elsewhere import ELSEWHERE
from tests.pages.test_posts import posts

#: Rules that some test here presses; `presses` says so, and `pressed` sees to it that it is true.
PRESSED: set[str] = set()


def presses(*rules: str) -> pytest.MarkDecorator:
    PRESSED.update(rules)
    return pytest.mark.presses(*rules)


@pytest.fixture(autouse=True)
def pressed(pages: Pages, request: pytest.FixtureRequest) -> Iterator[None]:
    """The rules whose addresses were sent a form while the test ran are those that it names."""
    seen: set[str] = set()

    def note() -> None:
        if asked.method == "POST" and asked.url_rule is not None:
            seen.add(asked.url_rule.rule)

    hooks = pages.app.before_request_funcs.setdefault(None, [])
    hooks.insert(0, note)
    yield
    hooks.remove(note)
    named = request.node.get_closest_marker("presses")
    assert named is None or set(named.args) == seen


def rows(but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Everything in the database but some tables, and the roles, which each press reads anew at the forge."""
    with reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in ("repository_role", *but)]
        return {table.name: sorted(map(str, session.execute(select(table)))) for table in tables}


def twice(someone: Someone, path: str, status: int = 303, but: tuple[str, ...] = (), **typed: str) -> None:
    first = someone.post(path, **typed)
    once = rows(but)
    again = someone.post(path, **typed)
    assert (first.status_code, again.status_code) == (status, status), path
    assert first.location == again.location
    assert rows(but) == once


def trail(pages: Pages, action: str) -> list[Any]:
    return [event for event in pages.world.rows(AuditEvent) if event.action == action]


@presses("/tasks/<int:task_id>/want", "/tasks/<int:task_id>/open")
def test_opening_and_wanting(pages: Pages) -> None:
    wanted = f"/tasks/{pages.world.task(13, opened=False)}"
    before = len(trail(pages, "task_opened"))
    twice(pages.signed_in(CLEO), f"{wanted}/want")
    twice(pages.signed_in(ANA), f"{wanted}/open")
    assert len(trail(pages, "task_opened")) == before + 1


@presses("/tasks/<int:task_id>/cancel", "/tasks/<int:task_id>/uncancel")
def test_cancelling_and_taking_it_back(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.linked()
    path = f"/tasks/{pages.world.task_id}"
    twice(pages.signed_in(ANA), f"{path}/cancel", reason="Not now.")
    twice(pages.signed_in(ANA), f"{path}/uncancel")
    assert len(trail(pages, "task_end_announced")) == len(trail(pages, "task_end_taken_back")) == 1


@presses("/tasks/<int:task_id>/cancel")
def test_cancelling_at_once(pages: Pages) -> None:
    pages.world.pay(5000)
    twice(pages.signed_in(ANA), f"/tasks/{pages.world.task_id}/cancel", reason="Not now.")
    assert len(trail(pages, "refund_asked")) == 1


@presses("/claims/<int:claim_id>/confirm")
def test_confirming_a_late_claim(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(pull(), merged(pull()))
    twice(pages.signed_in(ANA), f"/claims/{pages.world.claim().id}/confirm")
    assert pages.world.claim().state == "window"


@presses("/claims/<int:claim_id>/unlink")
def test_unlinking_a_late_claim(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(pull(), merged(pull()))
    twice(pages.signed_in(ANA), f"/claims/{pages.world.claim().id}/unlink")
    assert pages.world.claim().state == "refused"


@presses("/claims/<int:claim_id>/object", "/claims/<int:claim_id>/settle")
@pytest.mark.parametrize("decision", ["release", "refuse"])
def test_objecting_and_settling(pages: Pages, decision: str) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    claim = f"/claims/{pages.world.claim().id}"
    twice(pages.signed_in(CLEO), f"{claim}/object", reason="It does not work.")
    twice(pages.signed_in(ANA), f"{claim}/settle", decision=decision, reason="I have looked.")
    assert len(trail(pages, "objected")) == 1


@presses("/tasks/<int:task_id>/claim")
def test_claiming(pages: Pages) -> None:
    pages.outside.see(pull(40, closes=()))
    typed = "http://127.0.0.1:8001/github/ana/inkwell/pull/40"
    # Asked again, it is read again: the pull request may have changed.
    asks_again = ("audit_event", "outbox_job")
    twice(pages.signed_in(BO), f"/tasks/{pages.world.task_id}/claim", but=asks_again, pull_url=typed)
    assert len(trail(pages, "claim_linked")) == 1


@presses("/claims/<int:claim_id>/object", "/objections/<int:objection_id>/withdraw")
def test_withdrawing_an_objection(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked(author=EVE), by=EVE))
    pages.signed_in(CLEO).post(f"/claims/{pages.world.claim().id}/object", reason="It does not work.")
    (objection,) = pages.world.rows(Objection)
    twice(pages.signed_in(CLEO), f"/objections/{objection.id}/withdraw")
    assert len(trail(pages, "objection_withdrawn")) == 1
    assert pages.world.claim().state == "window"


@presses("/contributions/<int:contribution_id>/withdraw")
def test_taking_money_back(pages: Pages) -> None:
    twice(pages.signed_in(CLEO), f"/contributions/{pages.world.pay(5000).id}/withdraw")
    assert len(trail(pages, "refund_asked")) == 1


@presses("/c/<secret>/withdraw")
def test_taking_money_back_by_a_mailed_link(pages: Pages) -> None:
    given = pages.world.pay(5000, by=None)
    with transaction() as session:
        secret = make_link(session, LinkPurpose.CONTRIBUTION, given.email, given.id)
    twice(pages.stranger(), f"/c/{secret}/withdraw")
    assert [refund.total for refund in pages.world.rows(Refund)] == [5275]


@presses("/c/<secret>/stay")
def test_staying_by_a_mailed_link(pages: Pages) -> None:
    given = pages.world.pay(5000, by=None)
    pages.world.linked()
    later(15)
    with transaction() as session:
        work.withdraw(session, given.id, CLOCK)
        secret = make_link(session, LinkPurpose.CONTRIBUTION, given.email, given.id)
    twice(pages.stranger(), f"/c/{secret}/stay")
    assert pages.world.rows(Contribution)[0].notice_until is None


@presses("/contributions/<int:contribution_id>/withdraw", "/contributions/<int:contribution_id>/stay")
def test_giving_notice_and_staying(pages: Pages) -> None:
    contribution = f"/contributions/{pages.world.pay(5000).id}"
    pages.world.linked()
    later(15)
    twice(pages.signed_in(CLEO), f"{contribution}/withdraw")
    assert pages.world.rows(Contribution)[0].notice_until is not None
    twice(pages.signed_in(CLEO), f"{contribution}/stay")
    assert pages.world.rows(Contribution)[0].notice_until is None
    assert pages.world.rows(Refund) == []


@presses("/tasks/<int:task_id>/fund")
def test_funding(pages: Pages) -> None:
    fund, nonce = f"/tasks/{pages.world.task_id}/fund", "pressed-twice-1234"
    twice(pages.stranger(), fund, amount="25", email="guest@example.org", consent="yes", nonce=nonce)
    assert len(pages.world.rows(Contribution)) == 1


@presses("/sign-in/email")
def test_asking_for_a_link(pages: Pages) -> None:
    # A second mail, for who didn't get the first.
    twice(pages.stranger(), "/sign-in/email", 200, but=("outbox_job",), email="cleo@example.org")


@presses("/sign-in/link/<secret>")
def test_signing_in_by_a_link(pages: Pages) -> None:
    with transaction() as session:
        secret = make_link(session, LinkPurpose.SIGN_IN, "cleo@example.org")
    twice(cleo := pages.stranger(), f"/sign-in/link/{secret}")
    assert cleo.get("/me").status_code == 200


@presses("/me/address")
def test_asking_for_a_link_that_adds_an_address(pages: Pages) -> None:
    twice(pages.signed_in(CLEO), "/me/address", 200, but=("outbox_job",), email="cleo@new.example")


@presses("/me/address/<secret>")
def test_adding_an_address(pages: Pages) -> None:
    with transaction() as session:
        cleo = pages.world.persons["cleo"].id
        secret = make_link(session, LinkPurpose.ADDRESS, "cleo@new.example", person_id=cleo)
    twice(pages.signed_in(CLEO), f"/me/address/{secret}")
    assert len(trail(pages, "address_changed")) == 1


@presses("/sign-in/github")
def test_signing_in_with_github(pages: Pages) -> None:
    someone = pages.stranger()
    before = rows()
    first, again = (someone.post("/sign-in/github") for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert rows() == before
    assert first.location.partition("?")[0] == again.location.partition("?")[0]


@presses("/theme")
def test_choosing_a_theme(pages: Pages) -> None:
    twice(someone := pages.stranger(), "/theme", theme="dark")
    assert 'data-theme="dark"' in someone.get("/").text


@presses("/me/sign-out-everywhere")
def test_signing_out_everywhere(pages: Pages) -> None:
    here, there = pages.signed_in(CLEO), pages.signed_in(CLEO)
    assert here.post("/me/sign-out-everywhere").location == "/"
    once = rows()
    assert here.post("/me/sign-out-everywhere").location.startswith("/sign-in")
    assert rows() == once and there.get("/me").status_code == 303


@presses("/sign-out")
def test_signing_out(pages: Pages) -> None:
    twice(cleo := pages.signed_in(CLEO), "/sign-out")
    assert cleo.get("/me").status_code == 303


@presses("/tasks/new")
def test_listing_an_issue(pages: Pages) -> None:
    before = len(pages.world.rows(Task))
    pages.forge.issues[31] = issue(31)
    twice(pages.signed_in(CLEO), "/tasks/new", issue_url="http://127.0.0.1:8001/github/ana/inkwell/issues/31")
    assert len(pages.world.rows(Task)) == before + 1


@presses("/me/payout-account")
def test_connecting_an_account(pages: Pages) -> None:
    twice(pages.signed_in(BO), "/me/payout-account", country="FR")
    assert len(trail(pages, "payout_account_asked")) == 1


def test_no_button_is_left_out(pages: Pages) -> None:
    """Operators' buttons are pressed twice by tests/admin/test_double_clicks.py."""
    found = {rule for rule, _ in posts(pages) if not rule.startswith("/operator")}
    assert found == PRESSED | set(ELSEWHERE)


@pytest.mark.parametrize("test", sorted(set(ELSEWHERE.values())))
def test_what_is_pressed_elsewhere_is_pressed_twice_there(test: str) -> None:
    file, _, name = test.partition("::")
    text = (Path(__file__).parents[2] / file).read_text(encoding="utf-8")
    body = text.partition(f"def {name}")[2].partition("\n\n\n")[0]
    assert "range(2)" in body or body.count(".post(") > 1, test
