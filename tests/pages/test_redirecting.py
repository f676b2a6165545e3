"""Sending a share on: who may, what is asked, what everybody reads afterwards; and who is paid for a project."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bountyhub import settings
from bountyhub.events.models import AuditEvent
from bountyhub.kit.database import reading, transaction
from bountyhub.payouts.models import ProjectPayee, Redirect
from bountyhub.people.models import LoginSession
from bountyhub.ports.errors import OutsideUnavailable
from bountyhub.work.queries import claim_status
from tests.builders.processor_says import account
from tests.builders.world import ANA, BO, CLEO, DARA, EVE, merged, owed_shares
from tests.pages.conftest import Pages, words

FUND = "Free Software Fund"
TYPED = {"to": f"charity:{FUND}", "consent": "yes"}
PATH = "/shares/1/redirect"


@pytest.fixture
def kept(pages: Pages) -> Pages:
    """50 € are kept for Bo, and there is a charity."""
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked()))
    settings.use(settings.current().model_copy(update={"CHARITIES": {FUND: "acct_fund"}}))
    pages.outside.gateway.accounts["acct_fund"] = account("acct_fund")
    return pages


def test_a_share_goes_to_a_charity_once(kept: Pages) -> None:
    bo = kept.signed_in(BO)
    assert "Send it on instead" in bo.reads("/me")
    assert "Send 50 € on" in bo.reads(PATH)
    assert [bo.post(PATH, **TYPED).location for _ in range(2)] == ["/me", "/me"]
    assert f"redirected to {FUND}" in bo.reads("/me")
    assert f"You sent it on to {FUND}" in bo.reads(PATH)
    assert len([row for row in kept.world.rows(AuditEvent) if row.action == "share_redirected"]) == 1
    kept.world.send_transfers()
    stranger = kept.stranger()
    assert f"50.00 € redirected to {FUND}" in stranger.reads("/tasks/1/money")
    assert f"{FUND}, redirected by @bo" in stranger.reads("/claims/1")
    assert f"sent the money on: 50 €, redirected to {FUND} by bo" in stranger.reads("/claims/1")
    with reading() as session:
        assert claim_status(session, 1).title == f"50 € of #12 were paid to {FUND}"


@pytest.mark.parametrize("missing", ["to", "consent"])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(kept: Pages, missing: str) -> None:
    answer = kept.signed_in(BO).post(PATH, **(TYPED | {missing: ""}))
    assert answer.status_code == 422
    assert "Please look at this again" in words(answer)
    assert ("checked" in answer.text) is (missing == "to")
    assert ("selected>Free" in answer.text) is (missing == "consent")
    assert kept.world.rows(Redirect) == []


def test_it_is_nobody_else_s(kept: Pages) -> None:
    for who in (ANA, CLEO, DARA, EVE):
        assert kept.signed_in(who).get(PATH).status_code == 404
        assert kept.signed_in(who).post(PATH, **TYPED).status_code == 404
    assert kept.stranger().post(PATH, **TYPED).location.startswith("/sign-in")
    assert owed_shares(kept.world) == [(5000, "kept")]


def test_only_who_has_just_signed_in_sends_it_on(kept: Pages) -> None:
    bo = kept.signed_in(BO)
    with transaction() as session:
        for row in session.scalars(select(LoginSession)):
            row.signed_in_at -= timedelta(minutes=16)
    assert bo.post(PATH, **TYPED).location.startswith("/sign-in?next=")
    assert kept.world.rows(Redirect) == []


def test_a_charity_that_can_t_receive_is_refused_and_said(kept: Pages) -> None:
    kept.outside.gateway.accounts["acct_fund"] = account("acct_fund", can_receive=False, submitted=True)
    answer = kept.signed_in(BO).post(PATH, **TYPED)
    assert (answer.status_code, f"{FUND} can’t receive money now." in words(answer)) == (409, True)
    kept.outside.gateway.fail["read_account"] = [OutsideUnavailable("stripe: no answer")]
    assert kept.signed_in(BO).post(PATH, **TYPED).status_code == 503
    assert kept.signed_in(BO).post(PATH, **(TYPED | {"to": "charity:Made up"})).status_code == 404
    assert kept.signed_in(BO).post(PATH, **(TYPED | {"to": "project"})).status_code == 409
    assert kept.world.rows(Redirect) == []


def test_who_can_t_be_paid_finds_it_at_the_top_of_their_page(kept: Pages) -> None:
    bo = kept.signed_in(BO)
    bo.post("/me/payout-account", country="NG")
    assert "Choose where 50 € for “Export number 12” go" in bo.reads("/me")
    assert "are kept until" in bo.reads("/tasks/1")
    assert "They choose where it goes, to the project or to a charity" in bo.reads("/tasks/1")


def test_a_decider_names_the_project_s_account(kept: Pages) -> None:
    kept.know_roles()
    ana, path = kept.signed_in(ANA), "/projects/1/payee"
    assert ana.post(path).location == "/projects/1"
    assert "can’t receive money now" in ana.reads("/projects/1")
    kept.world.connect(ANA)
    assert [ana.post(path).location for _ in range(2)] == ["/projects/1"] * 2
    assert len(kept.world.rows(ProjectPayee)) == 1
    assert "send on to the project goes to ana" in kept.signed_in(DARA).reads("/projects/1")
    assert path in ana.buttons("/projects/1")
    for who in (BO, CLEO, DARA):
        assert path not in kept.signed_in(who).buttons("/projects/1")
        assert kept.signed_in(who).post(path).status_code == 403
    assert kept.stranger().post(path).location.startswith("/sign-in")
    assert "The project" in kept.signed_in(BO).reads(PATH)
    assert kept.signed_in(BO).post(PATH, to="project", consent="yes").location == "/me"
    for _ in range(2):
        assert ana.post(path, drop="yes").location == "/projects/1"
    assert kept.world.rows(ProjectPayee) == []
    assert kept.world.send_transfers() == 1


def test_nobody_to_send_it_to_is_said(pages: Pages) -> None:
    pages.world.pay(5000)
    pages.world.record(merged(pages.world.linked()))
    assert "Nobody can take it yet" in pages.signed_in(BO).reads(PATH)


def test_an_account_of_a_charity_is_read_before_each_redirect(kept: Pages) -> None:
    kept.outside.gateway.accounts["acct_fund"] = replace(account("acct_fund"), country="JP")
    assert kept.signed_in(BO).post(PATH, **TYPED).status_code == 409
